import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ElectronApplication, Page } from 'playwright'
import { sampleEngine, setScene } from './support/sample-window.ts'
import { call, end, expect, test } from './support/shell.ts'
import { clipboardText } from './support/vault-window.ts'

const secret = 'sample-value-of-a-line'
const env = { LIFEBOAT_ENGINE: sampleEngine }

test.beforeEach(({ dataDir }) => setScene(dataDir, { vault: { unlocked: true } }))

async function copySecret(page: Page): Promise<void> {
  const reply = await call(page, 'shell.copySecret', { id: 'seal0', file: '.env.prod', line: 8 })
  // The window is told how long it stays, and nothing of what it is.
  expect(reply).toEqual({ ok: true, value: { seconds: 30 } })
}

/** Half a minute passes at once in the shell; gives how often it has. */
async function hurry(app: ElectronApplication): Promise<() => Promise<number>> {
  await app.evaluate(() => {
    const later = globalThis.setTimeout
    Reflect.set(globalThis, 'halfMinutes', 0)
    const soon = (run: () => void, after: number): unknown =>
      after !== 30_000
        ? later(run, after)
        : later(() => {
            run()
            Reflect.set(globalThis, 'halfMinutes', Number(Reflect.get(globalThis, 'halfMinutes')) + 1)
          }, 100)
    Reflect.set(globalThis, 'setTimeout', soon)
  })
  return () => app.evaluate(() => Number(Reflect.get(globalThis, 'halfMinutes')))
}

test('a copied secret is taken off the clipboard again, and what was copied since is left', async ({ open }) => {
  const { app, window: page } = await open({ env })
  await copySecret(page)
  expect(await clipboardText(app)).toBe(secret)
  const passed = await hurry(app)
  await copySecret(page)
  await expect.poll(passed).toBe(1)
  await expect.poll(() => clipboardText(app)).toBe('')

  await copySecret(page)
  await app.evaluate(({ clipboard }) => clipboard.writeText('a shopping list'))
  await expect.poll(passed).toBe(2)
  expect(await clipboardText(app)).toBe('a shopping list')
})

test('locking takes it off at once', async ({ open }) => {
  const { app, window: page } = await open({ env })
  await copySecret(page)
  await call(page, 'vault.lock', {})
  await expect.poll(() => clipboardText(app)).toBe('')
})

test('so does the end of the app', async ({ open, dataDir }) => {
  const { app, window: page } = await open({ env })
  const marker = join(dataDir, 'cleared')
  await copySecret(page)
  await app.evaluate(({ clipboard }, file) => {
    const clear = clipboard.clear.bind(clipboard)
    clipboard.clear = () => {
      clear()
      process.getBuiltinModule('node:fs').writeFileSync(file, '')
    }
  }, marker)
  await end(app)
  expect(existsSync(marker)).toBe(true)
})
