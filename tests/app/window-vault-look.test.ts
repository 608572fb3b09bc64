import type { Page } from 'playwright'
import type { VaultScene } from './support/sample-vault.ts'
import { newPassphrasePrompt, vaultPrompt } from './support/sample-vault.ts'
import { emit, sampleEngine, setScene } from './support/sample-window.ts'
import { goToSealed } from './support/vault-window.ts'
import { call } from './support/shell.ts'
import { expect, expectAccessible, expectNothingSticksOut, goTo, test } from './support/window.ts'
import { looks, wordsOf, type Words } from './support/words.ts'

const env = { LIFEBOAT_ENGINE: sampleEngine }
const seals = (page: Page) => page.getByRole('table', { name: 'Seals', exact: true })

const scene = (dataDir: string, vault: VaultScene): void => setScene(dataDir, { vault })

/** Every screen and dialog of the vault, one after the other. */
async function everyLook(page: Page, words: Words, look: () => Promise<void>): Promise<void> {
  const { vault } = words
  const main = page.getByRole('main')
  const dialog = page.getByRole('dialog')
  const closed = async (): Promise<void> => {
    await page.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
  }
  await goTo(page, 'Vault', words)
  await expect(main.getByRole('row').filter({ hasText: 'shop' })).toBeVisible()
  await look()
  await main.getByRole('button', { name: vault.sheetOpen }).click()
  await expect(dialog.getByText('____').first()).toBeVisible()
  await look()
  await closed()
  await goToSealed(page, 'shop', words)
  await main.getByRole('button', { name: vault.compareNow }).click()
  await expect(main.getByText('LEGACY_TOKEN')).toBeVisible()
  await look()
  await main.getByRole('button', { name: vault.sealOpen }).click()
  await dialog.getByRole('radio', { name: vault.with.keys }).click()
  await expect(dialog.getByText('Ada Operator')).toBeVisible()
  await look()
  await closed()
  await page.getByRole('table', { name: vault.list, exact: true }).getByRole('row').nth(1).click()
  await expect(main.getByText('POSTGRES_PASSWORD')).toBeVisible()
  await look()
  for (const name of [vault.putOpen, vault.exportOpen]) {
    await main.getByRole('button', { name }).click()
    await expect(dialog).toBeVisible()
    await look()
    await closed()
  }
  await main.getByRole('combobox', { name: vault.compareWith }).click()
  await page.getByRole('option').nth(2).click()
  await expect(main.getByText('LEGACY_TOKEN')).toBeVisible()
  await look()
}

for (const { theme, lang } of looks) {
  test(`axe finds nothing in the vault, ${theme}, ${lang}`, async ({ open, dataDir }) => {
    scene(dataDir, { unlocked: true, drift: 'different' })
    const { window: page, app } = await open({ env, colorScheme: theme, lang })
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
    await expect(page.locator('html')).toHaveAttribute('lang', lang)
    await everyLook(page, wordsOf[lang], () => expectAccessible(page))
    for (const prompt of [newPassphrasePrompt, vaultPrompt]) {
      await emit(app, 'prompt', prompt)
      await expect(page.getByRole('dialog')).toBeVisible()
      await expectAccessible(page)
      await emit(app, 'promptClosed', { id: prompt.id })
    }
  })
}

test('nothing of the vault sticks out of the smallest window, in either language', async ({ open, dataDir }) => {
  scene(dataDir, { unlocked: true, drift: 'different' })
  const { window: page } = await open({ env, size: { width: 900, height: 600 } })
  for (const language of ['en', 'zh-CN'] as const) {
    await call(page, 'settings.set', { language })
    await page.reload()
    await expect(page.locator('html')).toHaveAttribute('lang', language)
    await everyLook(page, wordsOf[language], () => expectNothingSticksOut(page))
  }
})

test('a message that comes while a dialog is open is seen whole, and covers none of its buttons', async ({
  open,
  dataDir,
}) => {
  const failure = {
    kind: 'copy-changed' as const,
    message: 'It is another file by now.',
    remedy: '',
    retry: 'no' as const,
  }
  setScene(dataDir, { vault: { unlocked: true }, failing: { 'vault.reveal': failure } })
  const { window: page } = await open({ env, size: { width: 900, height: 600 } })
  const main = page.getByRole('main')
  await goToSealed(page, 'shop')
  await seals(page).getByRole('row').nth(1).click()
  await main.getByText('POSTGRES_PASSWORD').click()
  await page.keyboard.press('c')
  const notice = page.getByRole('region', { name: 'Notices' }).getByText(failure.message)
  await expect(notice).toBeVisible()
  await main.getByRole('button', { name: 'Put on the server…' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toBeVisible()
  // what lies on top where its middle is
  await notice.click({ trial: true })
  for (const name of ['Cancel', 'Put it there…']) await dialog.getByRole('button', { name }).click({ trial: true })
})

test('a thousand seals: only what is seen is drawn, and the last one is reached and opened by keyboard', async ({
  open,
  dataDir,
}) => {
  scene(dataDir, { seals: 1000, unlocked: true })
  const { window: page } = await open({ env })
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.keyboard.press('Control+4')
  await page.getByRole('row').filter({ hasText: 'shop' }).focus()
  await page.keyboard.press('Enter')
  await expect(seals(page)).toHaveAttribute('aria-rowcount', '1001')
  expect(await seals(page).getByRole('row').count()).toBeLessThan(60)
  await seals(page).getByRole('row').nth(1).focus()
  await page.keyboard.press('End')
  await expect(page.locator('[data-row="999"]')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main').getByText('POSTGRES_PASSWORD')).toBeVisible()
})

test('what was seen before a backup is told in numbers, and asks for a comparison', async ({ open, dataDir }) => {
  scene(dataDir, { seen: 3 })
  const { window: page } = await open({ env })
  const main = page.getByRole('main')
  await goTo(page, 'Vault')
  await expect(main.getByRole('row').filter({ hasText: 'shop' })).toContainText('3 differences')
  await goToSealed(page, 'shop')
  const drift = main.getByRole('region', { name: 'Is what is sealed still what the server has?' })
  await expect(drift).toContainText('3 differences when last looked: compare again to see which.')
  await expect(drift.getByRole('button', { name: 'Compare again' })).toBeVisible()
})

test('drift is told in names of keys, and counts no longer once something is sealed again', async ({
  open,
  dataDir,
}) => {
  scene(dataDir, { drift: 'different' })
  const { window: page, app } = await open({ env })
  const main = page.getByRole('main')
  await goToSealed(page, 'shop')
  const drift = main.getByRole('region', { name: 'Is what is sealed still what the server has?' })
  await expect(drift).toContainText('The seal stays closed.')
  await drift.getByRole('button', { name: 'Compare with the server' }).click()
  await expect(drift).toContainText('7 differences')
  await expect(drift.getByRole('row').filter({ hasText: 'LEGACY_TOKEN' })).toContainText('no longer on the server')
  await expect(drift.getByRole('row').filter({ hasText: 'SENTRY_DSN' })).toContainText('only on the server')
  await expect(drift.getByRole('row').filter({ hasText: 'POSTGRES_PASSWORD' })).toContainText('another value')
  await expect(drift.getByRole('row').filter({ hasText: '.env.flower' })).toContainText('missing on the server')
  await goTo(page, 'Vault')
  await expect(main.getByRole('row').filter({ hasText: 'shop' })).toContainText('7 differences')

  setScene(dataDir, { vault: { drift: 'same', sealedNow: true } })
  await emit(app, 'changed', { words: ['seal'] })
  await expect(main.getByRole('row').filter({ hasText: 'shop' })).toContainText('not compared yet')
})
