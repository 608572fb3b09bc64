import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ElectronApplication, Page } from 'playwright'
import { seed } from './support/seed.ts'
import { clipboardText, everythingIn, goToSealed, listenIn, sealLocalFile } from './support/vault-window.ts'
import { expect, expectAccessible, test } from './support/window.ts'

const passphrase = 'eleven quiet herons walk'
const canary = 'cAnArY-4711-of-the-shop'
const env = [
  '# where the data lies',
  "DB_USER='shop'",
  `DB_PASSWORD="${canary}"`,
  'export EMPTY=',
  'CERT="one\ntwo"',
  '',
].join('\n')

/** The first seal of shop/prod, out of a file of this computer, with a new passphrase typed twice. */
async function sealFirst(app: ElectronApplication, page: Page, file: string): Promise<void> {
  await goToSealed(page, 'shop')
  await sealLocalFile(app, page, file)
  const prompt = page.getByRole('dialog', { name: 'A passphrase for the vault' })
  const first = prompt.getByLabel('New passphrase')
  const again = prompt.getByLabel('The same once more')
  await first.fill('lifeboat')
  await expect(prompt.getByRole('status')).toContainText('Guessed within a minute')
  await first.fill(passphrase)
  await expect(prompt.getByRole('status')).toContainText('longer than a century')
  await expect(prompt).toContainText('Losing it loses the vault.')
  await again.fill(`${passphrase}s`)
  await page.keyboard.press('Enter')
  await expect(prompt).toContainText('The two are not the same')
  await again.fill(passphrase)
  await page.keyboard.press('Enter')
  await expect(prompt).toHaveCount(0)
  await expect(page.getByRole('table', { name: 'Seals' }).getByRole('row')).toHaveCount(2)
}

/** Locks the vault, which whoever has just sealed has open, and opens the newest seal with the passphrase. */
async function openLocked(page: Page): Promise<void> {
  await page.getByRole('main').getByRole('button', { name: 'Lock', exact: true }).click()
  await expect(page.getByRole('main').getByText('Locked')).toBeVisible()
  await page.getByRole('table', { name: 'Seals' }).getByRole('row').nth(1).click()
  const prompt = page.getByRole('dialog', { name: 'Passphrase of the vault' })
  await prompt.getByLabel('Passphrase').fill('not this one')
  await page.keyboard.press('Enter')
  await expect(prompt).toContainText('That was not right.')
  await prompt.getByLabel('Passphrase').fill(passphrase)
  // what is typed never stands in the page's markup
  expect(await page.content()).not.toContain(passphrase)
  await expect(prompt.getByLabel('Passphrase')).not.toHaveAttribute('value')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('table', { name: 'Lines of the file' })).toBeVisible()
}

test('a file is sealed, opened, looked at and locked, and its value is seen only while it is held', async ({
  open,
  dataDir,
}) => {
  seed(dataDir, { copies: 0, now: new Date() })
  const file = join(dataDir, '.env.prod')
  await writeFile(file, env, { mode: 0o600 })
  const { app, window: page } = await open()
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  const heard = await listenIn(app)
  await sealFirst(app, page, file)
  await openLocked(page)

  const lines = page.getByRole('table', { name: 'Lines of the file' })
  const line = lines.getByRole('row').filter({ hasText: 'DB_PASSWORD' })
  await test.step('keys in their order, values masked', async () => {
    await expect(lines.getByRole('row')).toHaveCount(6)
    await expect(lines.getByRole('row').nth(1)).toContainText('comment')
    await expect(lines.getByRole('row').nth(4)).toContainText('empty')
    await expect(lines.getByRole('row').nth(5)).toContainText('2 lines')
    await expect(line).toContainText('masked')
    expect(await everythingIn(page)).not.toContain(canary)
    await expectAccessible(page)
  })

  const gone = async (): Promise<void> => {
    await expect(line).toContainText('masked')
    expect(await everythingIn(page)).not.toContain(canary)
  }
  const eye = line.getByRole('button', { name: 'Hold to show DB_PASSWORD' })
  const press = async (): Promise<void> => {
    await eye.hover()
    await page.mouse.down()
    await expect(line).toContainText(canary)
  }
  await test.step('shown while the mouse or the key is held', async () => {
    await press()
    await page.mouse.up()
    await gone()
    await line.focus()
    await page.keyboard.down('Space')
    await expect(line).toContainText(canary)
    await page.keyboard.up('Space')
    await gone()
  })
  await test.step('gone when the window loses the focus, and when it is hidden', async () => {
    await press()
    await page.evaluate(() => window.dispatchEvent(new Event('blur')))
    await gone()
    await page.mouse.up()
    await press()
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
    await gone()
    await page.mouse.up()
  })
  await test.step('a value of many lines is shown whole', async () => {
    await lines.getByRole('row').filter({ hasText: 'CERT' }).focus()
    await page.keyboard.down('Space')
    await expect(page.locator('pre[data-revealed]')).toHaveText('one\ntwo')
    await page.keyboard.up('Space')
    await expect(page.locator('[data-revealed]')).toHaveCount(0)
  })
  await test.step('copied past the window', async () => {
    await line.focus()
    await page.keyboard.press('c')
    await expect(page.getByText('DB_PASSWORD is on the clipboard')).toBeVisible()
    await expect(page.getByText('Taken off again after 30 seconds')).toBeVisible()
    expect(await clipboardText(app)).toBe(canary)
  })
  await test.step('and locked while it is held: nothing of it is left', async () => {
    await press()
    await page.keyboard.press('Control+l')
    await expect(page.getByRole('main').getByText('It is closed')).toBeVisible()
    await page.mouse.up()
    await expect(lines).toHaveCount(0)
    expect(await everythingIn(page)).not.toContain(canary)
    await expect.poll(() => clipboardText(app)).toBe('')
  })
  await test.step('no message to the window but the answers to a look carried it', async () => {
    const carried = (await heard()).filter(({ text }) => text.includes(canary)).map(({ name }) => name)
    expect(carried.length).toBeGreaterThan(0)
    expect([...new Set(carried)]).toEqual(['vault.reveal'])
    const told = (await heard()).map(({ text }) => text).join('\n')
    expect(told).not.toContain(passphrase)
  })
})
