import { availableParallelism } from 'node:os'
import { app, dialog, Menu, nativeTheme, Notification, powerMonitor, session, type BrowserWindow } from 'electron'
import type { Events, Parsed } from '#shared/contract.ts'
import type { Job } from '#shared/job.ts'
import type { Prompt } from '#shared/prompt.ts'
import type { Settings } from '#shared/settings.ts'
import { engineAsker } from './calls/ask-engine.ts'
import { questionBefore, type ConfirmedCall } from './calls/confirmation.ts'
import { openFolder, shellHandlers } from './calls/shell-calls.ts'
import { electronClipboard } from './desktop/electron-clipboard.ts'
import { JobsSeen } from './desktop/jobs-seen.ts'
import { menuTemplate, type Command } from './desktop/menu.ts'
import { noticeOf, questionNotice, type Notice } from './desktop/notices.ts'
import { arrangeQuitting, mayCut, type Quitting } from './desktop/quitting.ts'
import { recoverWindow } from './desktop/recovery.ts'
import { memoryIn, type Memory } from './desktop/remembered.ts'
import { secretClipboard } from './desktop/secret-clipboard.ts'
import { keepAwake, showStatus } from './desktop/status.ts'
import { showTray, trayMakesSense, type TrayIcon } from './desktop/tray.ts'
import { bringForward, drawAttention, ground, openWindow } from './desktop/window.ts'
import { lockDownSession } from './guard/lockdown.ts'
import type { EngineHost } from './host/engine-host.ts'
import { EngineLink, type EngineState } from './host/engine-link.ts'
import { listenToWindow, tellWindow } from './ipc.ts'
import { answerAsk } from './keychain/answer.ts'
import { electronCipher } from './keychain/electron-cipher.ts'
import { keychainIn } from './keychain/keychain.ts'
import { chooseLanguage, type Language } from './language.ts'
import type { Log } from './log.ts'
import type { Places } from './places.ts'
import { wordsOf, type Words } from './words.ts'

export interface ShellOptions {
  places: Places
  log: Log
  host: EngineHost
  /** absolute folders: the page's files, the icons */
  page: string
  resources: string
  /** absolute file */
  preload: string
  trialRuntime: boolean
}

/** The engine takes half a second of one to begin: with no more than these, the window is drawn first and then asks. */
const fewProcessors = 2

/** The desktop's side of Lifeboat: one window, one engine, and what passes between them. Only after the app is ready. */
export class Shell {
  readonly #options: ShellOptions
  readonly #memory: Memory
  readonly #engine: EngineLink
  readonly #quitting: Quitting
  readonly #jobs = new JobsSeen()
  readonly #secrets = secretClipboard(electronClipboard())
  readonly #devTools = !app.isPackaged
  readonly #notLetGo = (error: unknown): void => this.#options.log.error('a secret was not let go', error)
  #window: BrowserWindow | null = null
  #tray: TrayIcon | null = null
  #language: Language

  constructor(options: ShellOptions) {
    const { places, log, host } = options
    this.#options = options
    this.#memory = memoryIn(places.stateFile)
    this.#language = this.#chosenLanguage()
    const keychain = keychainIn(places.keychainFile, electronCipher())
    this.#engine = new EngineLink({
      host,
      log,
      start: {
        dataDir: places.dataDir,
        copiesDir: places.copiesDir,
        logsDir: places.logsDir,
        version: app.getVersion(),
      },
      now: () => new Date(),
      answer: (name, input) => answerAsk(keychain, name, input),
      onState: (state, reason) => this.#engineIs(state, reason),
      onEvent: (event) => {
        if (event.name === 'vault' && !event.value.unlocked) this.#clearClipboard()
        if (event.name === 'job') this.#jobIs(event.value)
        if (event.name === 'prompt') this.#promptIs(event.value)
        if (event.name === 'changed' && event.value.words.includes('settings')) void this.#followSettings()
        tellWindow(this.#window, event)
      },
    })
    this.#quitting = arrangeQuitting({
      beforeEnd: () => this.#secrets.clear(),
      engine: this.#engine,
      running: () => this.#jobs.running,
      words: () => this.#words,
      window: () => this.#window,
      log,
    })
  }

  get #words(): Words {
    return wordsOf(this.#language)
  }

  get #ask() {
    return engineAsker((name, input) => this.#engine.call(name, input))
  }

  /** Opens the window, and starts the engine beside it where there are processors for both. */
  open(): void {
    const { log, page, places, trialRuntime } = this.#options
    nativeTheme.themeSource = this.#memory.value.theme
    nativeTheme.on('updated', () => this.#window?.setBackgroundColor(ground()))
    lockDownSession(session.defaultSession, page, { devTools: this.#devTools })
    listenToWindow(() => this.#window, {
      engine: this.#engine,
      confirm: (name, input) => this.#confirm(name, input),
      log,
      shell: shellHandlers({
        engine: this.#engine,
        mayRestart: async () => {
          const { running } = this.#jobs
          return running.length === 0 || mayCut(this.#window, running, this.#words, 'restart')
        },
        ask: this.#ask,
        memory: this.#memory,
        secrets: this.#secrets,
        words: () => this.#words,
        language: () => this.#language,
        window: () => this.#window,
        logsDir: places.logsDir,
        trialRuntime,
      }),
    })
    powerMonitor.on('resume', () => this.#engine.wake())
    // who closes the lid or locks the screen has gone, and a sleeping computer has no timers
    powerMonitor.on('suspend', () => this.#letGo())
    powerMonitor.on('lock-screen', () => this.#letGo())
    this.show()
    if (availableParallelism() > fewProcessors) this.#engine.start()
    this.#showTray()
    this.#showMenu()
  }

  /** Secrets that are held for the operator. */
  #letGo(): void {
    this.#clearClipboard()
    if (this.#engine.state === 'running') this.#ask('vault.lock', {}).catch(this.#notLetGo)
  }

  #clearClipboard(): void {
    this.#secrets.clear().catch(this.#notLetGo)
  }

  /** Brings the window forward; opens it where it was closed. */
  show(): void {
    if (this.#window) return bringForward(this.#window)
    const { preload, resources, log } = this.#options
    const window = openWindow({
      memory: this.#memory,
      preload,
      icon: `${resources}/icon.png`,
      title: this.#words.title(this.#jobs.running.length),
      devTools: this.#devTools,
    })
    this.#window = window
    this.#quitting.guard(window)
    recoverWindow(window, {
      words: () => this.#words,
      log,
      now: () => new Date(),
      quit: this.#quitting.quit,
    })
    window.on('closed', () => (this.#window = null))
    this.#showStatus()
  }

  #engineIs(state: EngineState, reason: string | null): void {
    if (state === 'stopped') this.#jobs.clear()
    this.#showStatus()
    tellWindow(this.#window, { name: 'engine', value: { state, reason } })
    if (state === 'running') void this.#followSettings()
  }

  async #followSettings(): Promise<void> {
    try {
      this.#apply(await this.#ask('settings.get', {}))
    } catch (error) {
      this.#options.log.error('the settings could not be read', error)
    }
  }

  #apply({ theme, language }: Pick<Settings, 'theme' | 'language'>): void {
    this.#memory.remember({ theme, language })
    if (nativeTheme.themeSource !== theme) nativeTheme.themeSource = theme
    const chosen = this.#chosenLanguage()
    if (chosen === this.#language) return
    this.#language = chosen
    this.#showMenu()
    this.#tray?.speak(this.#words.tray)
    this.#showStatus()
  }

  #chosenLanguage(): Language {
    return chooseLanguage(this.#memory.value.language, app.getPreferredSystemLanguages())
  }

  #jobIs(job: Job): void {
    const ended = this.#jobs.take(job)
    this.#showStatus()
    if (ended) this.#tell(noticeOf(ended, this.#words.notice))
  }

  /** Something waits for an answer, for ever where nobody sees the question. */
  #promptIs(prompt: Prompt): void {
    if (this.#window?.isFocused()) return
    this.#tell(questionNotice(prompt, this.#words.notice))
    if (this.#window) drawAttention(this.#window)
  }

  /** On the desktop, unless the window is looked at. */
  #tell(notice: Notice | null): void {
    if (notice === null || this.#window?.isFocused() || !Notification.isSupported()) return
    const notification = new Notification({ ...notice, icon: `${this.#options.resources}/icon.png` })
    notification.on('click', () => this.show())
    notification.show()
  }

  #showStatus(): void {
    const running = this.#jobs.running
    showStatus({
      window: this.#window,
      tray: this.#tray,
      words: this.#words,
      engine: this.#engine.state,
      running,
    })
    keepAwake(running.length > 0)
  }

  async #confirm<C extends ConfirmedCall>(name: C, input: Parsed<C>): Promise<boolean> {
    const { message, detail, button } = await questionBefore(name, input, this.#ask, this.#language)
    const options = {
      type: 'warning' as const,
      message,
      detail,
      buttons: [this.#words.cancel, button],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    }
    const window = this.#window
    const { response } = await (window ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options))
    return response === 1
  }

  #showTray(): void {
    if (!trayMakesSense(process.platform, process.env['XDG_CURRENT_DESKTOP'])) return
    this.#tray = showTray(`${this.#options.resources}/tray.png`, this.#words.tray, {
      open: () => this.show(),
      quit: this.#quitting.quit,
    })
  }

  #showMenu(): void {
    const command = (name: Command): void => {
      this.show()
      const event: Events['command'] = { name }
      tellWindow(this.#window, { name: 'command', value: event })
    }
    const template = menuTemplate({
      words: this.#words.menu,
      mac: process.platform === 'darwin',
      devTools: this.#devTools,
      command,
      openLogs: () =>
        void openFolder(this.#options.places.logsDir).catch((error: unknown) =>
          this.#options.log.error('the logs could not be opened', error),
        ),
      quit: this.#quitting.quit,
    })
    Menu.setApplicationMenu(Menu.buildFromTemplate(template))
  }
}
