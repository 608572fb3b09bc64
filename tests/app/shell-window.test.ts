import { spawn } from 'node:child_process'
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ElectronApplication } from 'playwright'
import { findRuntime } from '../../scripts/runtime.mjs'
import { answerDialogs, askedQuestions, call, end, expect, hearEvents, shellLog, test } from './support/shell.ts'

const bounds = (app: ElectronApplication) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())
const title = (app: ElectronApplication) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle())

const visible = (app: ElectronApplication) =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible())

/** Out of sight and out of focus, once it was seen at all. */
async function hide(app: ElectronApplication): Promise<void> {
  await expect.poll(() => visible(app)).toBe(true)
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide())
  await expect
    .poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isFocused()))
    .toBe(false)
  expect(await visible(app)).toBe(false)
}

/** What the desktop is told from now on, as JSON. */
async function hearNotices(app: ElectronApplication): Promise<() => Promise<string>> {
  await app.evaluate(({ Notification }) => {
    const shown: string[] = []
    Reflect.set(globalThis, 'shown', shown)
    Notification.isSupported = () => true
    Notification.prototype.show = function (this: Electron.Notification) {
      shown.push(`${this.title} ${this.body}`)
    }
  })
  return () => app.evaluate(() => JSON.stringify(Reflect.get(globalThis, 'shown')))
}

/** Starts the app once more without a driver, as a second click on its icon does. */
function secondInstance(dataDir: string, args: string[] = []): Promise<{ code: number | null; said: string }> {
  const runtime = findRuntime()
  if (runtime === null) throw new Error('There is no Electron here yet.')
  const child = spawn(runtime.executable, [...runtime.args, ...args], {
    env: { ...process.env, ...runtime.env, LIFEBOAT_DATA_DIR: dataDir },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  return new Promise((resolve) => child.once('exit', (code) => resolve({ code, said })))
}

test.describe('the window', () => {
  test('opens in a good size and comes back where it was left', async ({ open, dataDir }) => {
    const first = await open()
    expect(await bounds(first.app)).toMatchObject({ width: 1200, height: 800 })
    await first.app.evaluate(({ BrowserWindow }) => {
      const window = BrowserWindow.getAllWindows()[0]
      window?.setBounds({ x: 30, y: 40, width: 1000, height: 700 })
    })
    const file = join(dataDir, 'window.json')
    // it is not there before the first thing that is worth keeping
    const kept = () => (existsSync(file) ? readFileSync(file, 'utf8') : '')
    await expect.poll(kept).toContain('"width":1000,"height":700')
    await end(first.app)
    const second = await open()
    expect(await bounds(second.app)).toEqual({ x: 30, y: 40, width: 1000, height: 700 })
  })

  test('opens in sight when its display is gone', async ({ open, dataDir }) => {
    const far = { x: 9000, y: 9000, width: 1000, height: 700 }
    writeFileSync(join(dataDir, 'window.json'), JSON.stringify({ bounds: far }))
    const { app } = await open()
    const found = await bounds(app)
    expect(found).toMatchObject({ width: 1000, height: 700 })
    expect(found?.x).toBeLessThan(1000)
  })

  test('does not become smaller than it works', async ({ open }) => {
    const { app } = await open()
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getMinimumSize())).toEqual([
      900, 600,
    ])
  })

  test('has the ground of the theme before its page is there', async ({ open }) => {
    const ground = (app: ElectronApplication) =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBackgroundColor())
    const first = await open()
    await call(first.window, 'settings.set', { theme: 'dark' })
    await expect.poll(() => ground(first.app)).toBe('#15181B')
    await end(first.app)
    // The next start has not asked the engine yet, and knows all the same.
    const second = await open({ env: { STAND_IN_FAILS: '1' } })
    expect(await ground(second.app)).toBe('#15181B')
    expect(await second.app.evaluate(({ nativeTheme }) => nativeTheme.themeSource)).toBe('dark')
  })

  test('comes back when its process dies, and says so', async ({ open, dataDir }) => {
    const { app, window: page } = await open()
    await answerDialogs(app, 0)
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer())
    await expect.poll(() => askedQuestions(app)).toHaveLength(1)
    expect((await askedQuestions(app))[0]?.message).toBe('The window had stopped and was opened again')
    const alive = () =>
      app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript('typeof lifeboat.call').then(String),
      )
    await expect.poll(alive).toBe('function')
    expect(page.isClosed()).toBe(false)
    expect(await shellLog(dataDir)).toContain("the window's process is gone")
  })
})

test('a window that hangs is asked about, and can be waited for', async ({ open, dataDir }) => {
  const { app, window: page } = await open()
  await answerDialogs(app, 0)
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.emit('unresponsive'))
  await expect.poll(() => askedQuestions(app)).toHaveLength(1)
  expect((await askedQuestions(app))[0]?.message).toBe('The window does not answer')
  expect(await shellLog(dataDir)).toContain('the window does not answer')
  expect(await call(page, 'server.list', {})).toMatchObject({ ok: true })
})

test('a desktop with a tray gets the icon, and the app works beside it', async ({ open, dataDir }) => {
  const { window: page } = await open({ env: { XDG_CURRENT_DESKTOP: 'XFCE' } })
  expect(await call(page, 'server.list', {})).toMatchObject({ ok: true })
  expect(await shellLog(dataDir)).not.toContain('error')
})

test("the desktop's language is told and spoken", async ({ open }) => {
  const { app, window: page } = await open({ lang: 'zh-CN', env: { STAND_IN_FAILS: '1' } })
  expect(await call(page, 'shell.facts', {})).toMatchObject({ ok: true, value: { desktopLanguage: 'zh-CN' } })
  expect(await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.items[0]?.label)).toBe('文件')
})

test.describe('a second instance', () => {
  test('brings the first one forward and ends', async ({ open, dataDir }) => {
    const { app } = await open()
    await hide(app)
    const { code, said } = await secondInstance(dataDir)
    expect(code).toBe(0)
    expect(said).toContain(`Lifeboat is open already with ${dataDir}`)
    await expect.poll(() => visible(app)).toBe(true)
  })

  test('is one also by another spelling of the folder, or by the option', async ({ open, dataDir }) => {
    await open()
    const link = join(dataDir, 'link')
    symlinkSync(dataDir, link)
    expect((await secondInstance(link)).said).toContain('is open already')
    expect((await secondInstance('/nowhere', [`--data-dir=${dataDir}`])).said).toContain('is open already')
  })

  test('with a folder of its own is welcome', async ({ open, dataDir }) => {
    await open()
    const other = join(dataDir, 'other')
    const second = await open({ dataDir: other })
    expect(await call(second.window, 'app.facts', {})).toMatchObject({ ok: true, value: { dataDir: other } })
  })

  test('that names no folder after the option is refused', async ({ dataDir }) => {
    const { code, said } = await secondInstance(dataDir, ['--data-dir='])
    expect(code).toBe(2)
    expect(said).toContain('--data-dir needs a folder.')
  })
})

test.describe('what runs', () => {
  test('shows in the title, and its end in a notice when nobody looks', async ({ open }) => {
    const { app, window: page } = await open()
    await hide(app)
    const shown = await hearNotices(app)
    await call(page, 'backup.start', { databaseId: 'd1' })
    await expect.poll(() => title(app)).toBe('Lifeboat – 1 job running')
    await call(page, 'job.cancel', { id: 'd1' })
    await expect.poll(() => title(app)).toBe('Lifeboat')
    expect(await shown()).toBe('["Backup of shop/prod is done It was read to its end: whole and readable."]')
  })

  test('and waits for an answer says so when nobody looks', async ({ open }) => {
    const { app, window: page } = await open()
    await hide(app)
    const shown = await hearNotices(app)
    await call(page, 'server.test', { id: 's1' })
    await expect.poll(shown).toBe('["Lifeboat waits for your answer The key for shop needs its passphrase."]')
  })
})

test.describe('the menu', () => {
  test('tells the page where to go', async ({ open }) => {
    const { app, window: page } = await open()
    const heard = await hearEvents(page)
    await app.evaluate(({ Menu }) => {
      const items = Menu.getApplicationMenu()?.items.flatMap((item) => item.submenu?.items ?? []) ?? []
      items.find((item) => item.accelerator === 'CmdOrCtrl+K')?.click()
    })
    await expect.poll(heard).toContainEqual({ name: 'command', value: { name: 'palette' } })
  })

  test('speaks the language of the settings at once, and at the next start', async ({ open }) => {
    const labels = (app: ElectronApplication) =>
      app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.items.map((item) => item.label))
    const first = await open()
    await expect.poll(() => labels(first.app)).toEqual(['File', 'Edit', 'View', 'Help'])
    await call(first.window, 'settings.set', { language: 'zh-CN' })
    await expect.poll(() => labels(first.app)).toEqual(['文件', '编辑', '显示', '帮助'])
    await end(first.app)
    const second = await open({ env: { STAND_IN_FAILS: '1' } })
    expect(await labels(second.app)).toEqual(['文件', '编辑', '显示', '帮助'])
    // The page speaks it from its first frame on, whatever the desktop speaks and however long the engine takes.
    await expect(second.window.getByRole('navigation')).toContainText('总览')
  })
})

test('an error that nobody caught is written down, redacted, and the app goes on', async ({ open, dataDir }) => {
  const { app, window: page } = await open()
  await app.evaluate(() => {
    setTimeout(() => {
      throw new Error('planted PGPASSWORD=hunter2')
    })
    void Promise.reject(new Error('planted too'))
  })
  await expect.poll(() => shellLog(dataDir)).toContain('planted too')
  await expect.poll(() => shellLog(dataDir)).toContain('planted PGPASSWORD=•••')
  expect(await call(page, 'server.list', {})).toMatchObject({ ok: true })
})
