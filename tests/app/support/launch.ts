import { _electron, type ElectronApplication, type Page } from 'playwright'
import { findRuntime } from '../../../scripts/runtime.mjs'
import { projectRoot } from '../../../scripts/project.mjs'

/** The app as the operator has it: the real Electron, and its first window. */
export interface RunningApp {
  app: ElectronApplication
  window: Page
}

export interface LaunchOptions {
  /** Everything of one run: copies, catalogue, settings. A fresh folder of the test's own. */
  dataDir: string
  env?: Record<string, string>
  /** A BCP 47 tag, as Chromium's --lang takes it. */
  lang?: 'en' | 'zh-CN'
  colorScheme?: 'light' | 'dark'
  /** Content size in CSS pixels. */
  size?: { width: number; height: number }
  /** Further command-line switches of Electron. */
  args?: string[]
}

/** Milliseconds that a busy machine may take to start it. */
const patience = 120_000

/**
 * Starts the built app (`npm run build` first) on the runtime that the set-up scripts chose.
 * Close it with `app.close()` in a `finally`.
 */
export async function launchApp(options: LaunchOptions): Promise<RunningApp> {
  const runtime = findRuntime()
  if (runtime === null) throw new Error('There is no Electron here yet: npm run build sets one up.')
  const lang = options.lang ?? 'en'
  const app = await _electron.launch({
    executablePath: runtime.executable,
    args: [...runtime.args, `--lang=${lang}`, ...(options.args ?? [])],
    cwd: projectRoot,
    timeout: patience,
    colorScheme: options.colorScheme ?? 'light',
    env: {
      ...definedEnv(),
      ...runtime.env,
      LIFEBOAT_DATA_DIR: options.dataDir,
      LANGUAGE: lang.replace('-', '_'),
      LIFEBOAT_DRIVER: '1',
      ...options.env,
    },
  })
  try {
    await letWindowOpen(app)
    const window = await app.firstWindow({ timeout: patience })
    if (options.size) await resize(app, options.size)
    await window.waitForLoadState('domcontentloaded')
    return { app, window }
  } catch (error) {
    await app.close().catch(() => undefined)
    throw error
  }
}

/** The app opens its window only now that Playwright is attached: one that opened meanwhile could stay paused. */
export async function letWindowOpen(app: ElectronApplication): Promise<void> {
  await app.evaluate(async () => {
    for (;;) {
      const open: unknown = Reflect.get(globalThis, 'lifeboatDriverAttached')
      if (typeof open === 'function') return void Reflect.apply(open, undefined, [])
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  })
}

async function resize(app: ElectronApplication, size: { width: number; height: number }): Promise<void> {
  await app.evaluate(({ BrowserWindow }, { width, height }) => {
    for (const window of BrowserWindow.getAllWindows()) window.setContentSize(width, height)
  }, size)
}

function definedEnv(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
