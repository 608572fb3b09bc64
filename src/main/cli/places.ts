import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** What the folders of a run follow from. */
export type Surroundings = {
  /** the folder named by `--data-dir` */
  named: string | undefined
  env: Readonly<Record<string, string | undefined>>
  cwd: string
  home: string
  platform: NodeJS.Platform
}

/** `copiesDir` null: in the data folder. */
export type Folders = { dataDir: string; copiesDir: string | null }

/**
 * The folders that the window uses: a copy that the terminal makes must be found there, and the other way round.
 * A folder that was named, by `--data-dir` or LIFEBOAT_DATA_DIR, holds all of a run; else they are the user's own.
 */
export function chooseFolders({ named, env, cwd, home, platform }: Surroundings): Folders {
  const chosen = named ?? (env['LIFEBOAT_DATA_DIR'] || undefined)
  if (chosen !== undefined) return { dataDir: resolve(cwd, chosen), copiesDir: null }
  const config = configFolder(platform, env, home)
  const documents = (platform === 'linux' ? xdgDocuments(config, home) : null) ?? join(home, 'Documents')
  return { dataDir: join(config, 'lifeboat'), copiesDir: join(documents, 'Lifeboat') }
}

/** What Electron calls `appData`. */
function configFolder(platform: NodeJS.Platform, env: Surroundings['env'], home: string): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support')
  if (platform === 'win32') return env['APPDATA'] || join(home, 'AppData', 'Roaming')
  return env['XDG_CONFIG_HOME'] || join(home, '.config')
}

/** Linux desktops give the folder the name of their language, and write it down as `XDG_DOCUMENTS_DIR="$HOME/文档"`. */
function xdgDocuments(config: string, home: string): string | null {
  let text: string
  try {
    text = readFileSync(join(config, 'user-dirs.dirs'), 'utf8')
  } catch {
    return null
  }
  const value = /^\s*XDG_DOCUMENTS_DIR\s*=\s*"((?:[^"\\]|\\.)*)"/m.exec(text)?.[1]?.replace(/\\(.)/g, '$1')
  if (value?.startsWith('$HOME/')) return join(home, value.slice('$HOME/'.length))
  return value?.startsWith('/') ? value : null
}
