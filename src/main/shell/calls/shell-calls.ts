import { access } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { app, clipboard, dialog, nativeTheme, shell, type BrowserWindow, type OpenDialogOptions } from 'electron'
import type { Parsed } from '#shared/contract.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Memory } from '../desktop/remembered.ts'
import { clearAfterSeconds, type SecretClipboard } from '../desktop/secret-clipboard.ts'
import type { EngineLink } from '../host/engine-link.ts'
import { writePrivateFile } from '../private-file.ts'
import { chooseLanguage, type Language } from '../language.ts'
import type { Words } from '../words.ts'
import type { ShellHandlers } from './answer-call.ts'
import type { AskEngine } from './ask-engine.ts'

export interface ShellCallOptions {
  engine: Pick<EngineLink, 'state' | 'restart'>
  /** whether what runs may be cut for a restart; the operator is asked where something runs */
  mayRestart(): Promise<boolean>
  ask: AskEngine
  memory: Memory
  secrets: SecretClipboard
  words(): Words
  language(): Language
  window(): BrowserWindow | null
  logsDir: string
  trialRuntime: boolean
}

/** What only the shell may do, because it touches the desktop. */
export function shellHandlers(options: ShellCallOptions): ShellHandlers {
  const { engine, ask, memory, secrets, words, language, logsDir, trialRuntime } = options
  return {
    'shell.facts': async () => ({
      platform: process.platform,
      electron: process.versions.electron,
      trialRuntime,
      desktopLanguage: chooseLanguage('system', app.getPreferredSystemLanguages()),
      language: language(),
      engine: engine.state,
    }),
    'shell.showInFolder': async ({ copyId }) => {
      // The path is the engine's: the window could name any file.
      const { file } = await ask('copy.show', { id: copyId })
      await requireFile(file)
      shell.showItemInFolder(file)
      return {}
    },
    'shell.openLogs': () => openFolder(logsDir),
    'shell.chooseFolder': async ({ current }) => ({
      folder: await choose(options, {
        title: words().choose.folder,
        properties: ['openDirectory', 'createDirectory'],
        ...(current === null ? {} : { defaultPath: current }),
      }),
    }),
    'shell.chooseFile': async ({ kind }) => ({ file: await choose(options, fileDialog(kind, words())) }),
    'shell.setTheme': async ({ theme }) => {
      memory.remember({ theme })
      nativeTheme.themeSource = theme
      return {}
    },
    'shell.saveText': async ({ name, text }) => ({ file: await saveText(options, name, text) }),
    'shell.copyText': async ({ text }) => {
      // A promise in newer Electrons, done at once in older ones.
      await clipboard.writeText(text)
      return {}
    },
    'shell.copySecret': async (line) => {
      const { value } = await ask('vault.reveal', line)
      await secrets.put(value)
      return { seconds: clearAfterSeconds }
    },
    'shell.restartEngine': async () => {
      if (!(await options.mayRestart())) throw new LifeboatFailure('cancelled', 'The engine runs on.')
      await engine.restart()
      return {}
    },
  }
}

/** Opens a folder in the system's file manager. */
export async function openFolder(folder: string): Promise<Record<string, never>> {
  const problem = await shell.openPath(folder)
  if (problem !== '') throw new LifeboatFailure('not-found', 'The folder could not be opened.', { detail: problem })
  return {}
}

async function choose({ window }: ShellCallOptions, options: OpenDialogOptions): Promise<string | null> {
  const parent = window()
  const { canceled, filePaths } = await (parent
    ? dialog.showOpenDialog(parent, options)
    : dialog.showOpenDialog(options))
  return canceled ? null : (filePaths[0] ?? null)
}

/** The operator says where. Only he may read what was written: it can be rows of a database. */
async function saveText({ window }: ShellCallOptions, name: string, text: string): Promise<string | null> {
  const parent = window()
  const options = { defaultPath: join(app.getPath('downloads'), basename(name)) }
  const { canceled, filePath } = await (parent
    ? dialog.showSaveDialog(parent, options)
    : dialog.showSaveDialog(options))
  if (canceled || !filePath) return null
  try {
    await writePrivateFile(filePath, text)
  } catch (cause) {
    throw new LifeboatFailure('disk-failed', `${basename(filePath)} could not be written.`, { cause })
  }
  return filePath
}

function fileDialog(kind: Parsed<'shell.chooseFile'>['kind'], { choose: words }: Words): OpenDialogOptions {
  if (kind === 'public-key') return { title: words.publicKey, properties: ['openFile', 'showHiddenFiles'] }
  if (kind === 'env') return { title: words.env, properties: ['openFile', 'showHiddenFiles'] }
  if (kind === 'key')
    return {
      title: words.key,
      properties: ['openFile', 'showHiddenFiles'],
      defaultPath: join(homedir(), '.ssh'),
    }
  return {
    title: words.dump,
    properties: ['openFile'],
    filters: [
      { name: words.dumpFiles, extensions: ['sql', 'gz', 'zst', 'dump'] },
      { name: words.allFiles, extensions: ['*'] },
    ],
  }
}

async function requireFile(file: string): Promise<void> {
  try {
    await access(file)
  } catch (cause) {
    throw new LifeboatFailure('copy-missing', 'The file of this copy is not where it was.', { cause })
  }
}
