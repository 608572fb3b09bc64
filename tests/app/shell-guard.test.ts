import type { RunningApp } from './support/launch.ts'
import { call, expect, shellLog, test } from './support/shell.ts'

/** What the page's policy has refused since the page was loaded. */
const violations = () => {
  const seen: unknown = Reflect.get(window, 'violations')
  return Array.isArray(seen) ? seen.map(String) : []
}

async function watchPolicy({ window: page }: RunningApp): Promise<void> {
  await page.addInitScript(() => {
    const seen: string[] = []
    Reflect.set(window, 'violations', seen)
    document.addEventListener('securitypolicyviolation', (event) =>
      seen.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`),
    )
  })
  await page.reload()
}

test('the page keeps to its own policy', async ({ open }) => {
  const running = await open()
  await watchPolicy(running)
  await running.window.waitForLoadState('load')
  await expect(running.window.getByRole('heading').first()).toBeVisible()
  expect(await running.window.evaluate(violations)).toEqual([])
})

test('the policy refuses script and style from anywhere but its files', async ({ open }) => {
  const running = await open()
  await watchPolicy(running)
  const { window: page } = running
  await page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'window.planted = true'
    const style = document.createElement('style')
    style.textContent = 'body { display: none }'
    const frame = document.createElement('iframe')
    frame.src = 'https://example.org/'
    const image = document.createElement('img')
    image.src = 'https://example.org/x.png'
    const button = document.createElement('button')
    button.setAttribute('onclick', 'window.planted = true')
    document.body.append(script, style, frame, image, button)
    button.click()
    // Not within evaluate itself, which is above the policy.
    setTimeout(() => {
      try {
        // oxlint-disable-next-line typescript/no-implied-eval -- this is what the policy has to refuse
        Reflect.set(window, 'planted', Reflect.construct(Function, ['return true']))
      } catch {
        // refused
      }
      Reflect.set(window, 'tried', true)
    })
  })
  await page.waitForFunction(() => Reflect.get(window, 'tried') === true)
  expect(await page.evaluate(() => String(Reflect.get(window, 'planted')))).toBe('undefined')
  const seen = (await page.evaluate(violations)).join('\n')
  for (const refused of ['script-src-elem inline', 'style-src-elem inline', 'script-src-attr', 'script-src eval'])
    expect(seen).toContain(refused)
  for (const refused of ['frame-src https', 'img-src https']) expect(seen).toContain(refused)
})

test('the page reaches no network and no file', async ({ open }) => {
  const { window: page } = await open()
  const reach = (address: string) =>
    page.evaluate(
      (url) =>
        fetch(url).then(
          (response) => `status ${response.status}`,
          () => 'refused',
        ),
      address,
    )
  for (const address of ['http://127.0.0.1:9/', 'https://example.org/', 'file:///etc/hostname'])
    expect(await reach(address)).toBe('refused')
  expect(await reach('app://lifeboat/index.html')).toBe('status 200')
  expect(await reach('app://lifeboat/..%2f..%2fpackage.json')).toBe('status 404')
  expect(await reach('app://lifeboat/..%2fmain%2findex.js')).toBe('status 404')
})

test('the page opens no window and goes nowhere', async ({ open, dataDir }) => {
  const { app, window: page } = await open()
  expect(await page.evaluate(() => window.open('https://example.org/') === null)).toBe(true)
  const address = page.url()
  // Chromium itself refuses these two.
  for (const target of ['file:///etc/hostname', 'data:text/html,x'])
    await page.evaluate((url) => void (location.href = url), target)
  const targets = ['https://example.org/', 'app://lifeboat/assets/x.js', 'app://other/index.html']
  for (const target of targets) await page.evaluate((url) => void (location.href = url), target)
  await expect
    .poll(async () => (await shellLog(dataDir)).match(/a navigation was refused/g)?.length)
    .toBe(targets.length)
  expect(page.url()).toBe(address)
  expect(app.windows()).toHaveLength(1)
  expect(await shellLog(dataDir)).toContain('a window was refused: https:')
  await page.evaluate(() => void (location.href = 'about:blank'))
  await expect(page.getByRole('heading').first()).toBeVisible()
  // The log says what kind of address it was, not what was in it.
  expect(await shellLog(dataDir)).not.toContain('example.org')
})

test('the page gets no permission', async ({ open }) => {
  const { window: page } = await open()
  const answers = await page.evaluate(async () => {
    const refused = (error: unknown) => (error instanceof Error ? error.name : String(error))
    return {
      notification: await Notification.requestPermission(),
      state: (await navigator.permissions.query({ name: 'geolocation' })).state,
      position: await new Promise<number>((resolve) =>
        navigator.geolocation.getCurrentPosition(
          () => resolve(0),
          (error) => resolve(error.code),
        ),
      ),
      clipboard: await navigator.clipboard.readText().catch(refused),
    }
  })
  expect(answers).toEqual({ notification: 'denied', state: 'denied', position: 1, clipboard: 'NotAllowedError' })
})

test('the page downloads nothing', async ({ open }) => {
  const { app, window: page } = await open()
  await app.evaluate(({ session }) => {
    session.defaultSession.on('will-download', (event) => Reflect.set(globalThis, 'refused', event.defaultPrevented))
  })
  await page.evaluate(() => {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob(['x']))
    link.download = 'x.txt'
    link.click()
  })
  await expect.poll(() => app.evaluate(() => String(Reflect.get(globalThis, 'refused')))).toBe('true')
})

test('the page sees two functions and no Node', async ({ open }) => {
  const { window: page } = await open()
  expect(await page.evaluate(() => Object.keys(window.lifeboat))).toEqual(['call', 'subscribe'])
  const nodes = ['require', 'process', 'Buffer', 'module', 'global', 'electron']
  expect(await page.evaluate((names) => names.filter((name) => name in window), nodes)).toEqual([])
})

test('a call that the contract does not know, or with another input, is refused', async ({ open }) => {
  const { window: page } = await open()
  const raw = (asked: unknown[]) =>
    page.evaluate((args) => {
      const answer: Promise<unknown> = Reflect.apply(window.lifeboat.call, window.lifeboat, args)
      return answer
    }, asked)
  for (const asked of [
    ['server.format', {}],
    ['constructor', {}],
    [null, {}],
    ['copy.show', { id: 7 }],
    ['shell.setTheme', { theme: 'pink' }],
  ])
    expect(await raw(asked)).toMatchObject({ ok: false, failure: { kind: 'invalid-input' } })
  expect(await call(page, 'server.list', {})).toMatchObject({ ok: true })
})

test('a call from any other page or window is refused', async ({ open }) => {
  const { app } = await open()
  const ask = (address: string) =>
    app.evaluate(async ({ app: shell, BrowserWindow }, url) => {
      const preload = `${shell.getAppPath()}/out/preload/index.cjs`
      const other = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } })
      await other.loadURL(url)
      const answer: unknown = await other.webContents.executeJavaScript('lifeboat.call("server.list", {})')
      other.destroy()
      return JSON.stringify(answer)
    }, address)
  expect(await ask('data:text/html,<h1>foreign</h1>')).toContain('"Only the window may ask."')
  // Not even the app's own page, when it is in a window that the shell has not opened.
  expect(await ask('app://lifeboat/index.html')).toContain('"Only the window may ask."')
})
