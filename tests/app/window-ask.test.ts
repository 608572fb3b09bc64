import { spawnSync } from 'node:child_process'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { call, answerDialogs, askedQuestions } from './support/shell.ts'
import { seed } from './support/seed.ts'
import { expect, expectAccessible, goTo, test } from './support/window.ts'

async function demoServer(page: Page): Promise<{ port: string; keyFile: string }> {
  const main = page.getByRole('main')
  await main.getByRole('button', { name: 'Try it with a demo server' }).click()
  await expect(main.getByRole('heading', { level: 1 })).toHaveText('demo', { timeout: 90_000 })
  const servers = await call(page, 'server.list', {})
  const [demo] = servers.ok ? servers.value : []
  if (demo?.auth.kind !== 'key') throw new Error('The demo server has no key.')
  return { port: String(demo.port), keyFile: demo.auth.file }
}

test('an encrypted key asks for its passphrase, says when it was wrong, and logs in when it was right', async ({
  open,
  dataDir,
}) => {
  const passphrase = 'correct horse'
  const { window: page } = await open()
  const main = page.getByRole('main')
  const { port, keyFile } = await demoServer(page)
  const encrypted = join(dataDir, 'encrypted-key')
  await copyFile(keyFile, encrypted)
  const keygen = spawnSync('ssh-keygen', ['-q', '-p', '-f', encrypted, '-P', '', '-N', passphrase])
  test.skip(keygen.status !== 0, 'there is no ssh-keygen here that takes the key')

  await goTo(page, 'Servers')
  await main.getByRole('button', { name: 'Add a server' }).click()
  await main.getByLabel('Host', { exact: true }).fill('localhost')
  await main.getByLabel('Port').fill(port)
  await main.getByLabel('User').fill('operator')
  await main.getByLabel('Name in Lifeboat').fill('locked')
  await main.getByRole('radio', { name: 'Key file' }).click()
  await main.getByLabel('Private key').fill(encrypted)
  await main.getByRole('button', { name: 'Add and test' }).click()

  const dialog = page.getByRole('dialog')
  // Key and host key are asked for in whatever order the login needs them.
  const answered = async (): Promise<boolean> => {
    const trust = dialog.getByRole('button', { name: 'It is the same, trust it' })
    if (await trust.isVisible()) await trust.click()
    return dialog.getByLabel('Passphrase').isVisible()
  }
  await expect.poll(answered).toBe(true)
  await expect(dialog).toContainText('encrypted-key')
  await expectAccessible(page)
  await dialog.getByLabel('Passphrase').fill('wrong')
  await page.keyboard.press('Enter')
  await expect(dialog).toContainText('That was not right.')
  await expect(dialog.getByLabel('Passphrase')).toHaveValue('')
  await dialog.getByLabel('Passphrase').fill(passphrase)
  await page.keyboard.press('Enter')
  await expect
    .poll(async () => {
      await answered()
      return main.getByRole('listitem').filter({ hasText: 'Login: proven' }).isVisible()
    })
    .toBe(true)
})

test('removing a copy is asked outside of the page, and a No leaves everything', async ({ open, dataDir }) => {
  seed(dataDir, { copies: 8, now: new Date() })
  const { app, window: page } = await open()
  const main = page.getByRole('main')
  const shown = main.getByRole('search').getByRole('status')
  await goTo(page, 'Copies')
  await expect(shown).toHaveText('8 copies')
  await main.getByRole('row').nth(1).click()
  await expect(main.getByRole('region', { name: 'Ladder' })).toBeVisible()
  const file = (await main.getByRole('heading', { level: 1 }).textContent()) ?? ''

  await answerDialogs(app, 0)
  await main.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect.poll(async () => (await askedQuestions(app)).length).toBe(1)
  const [question] = await askedQuestions(app)
  expect(question?.detail).toContain(file)
  await expect(main.getByRole('heading', { level: 1 })).toHaveText(file)
  // What was declined is not a failure.
  await expect(page.getByRole('alert')).toHaveCount(0)

  await answerDialogs(app, 1)
  await main.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(main.getByRole('heading', { level: 1 })).toHaveText('Copies')
  await expect(shown).toHaveText('7 copies')
})
