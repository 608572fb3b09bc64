import type { Page } from 'playwright'
import type { VaultScene } from './support/sample-vault.ts'
import { newPassphrasePrompt, vaultPrompt } from './support/sample-vault.ts'
import { emit, sampleEngine, setScene } from './support/sample-window.ts'
import { goToSealed } from './support/vault-window.ts'
import { expect, expectAccessible, goTo, test } from './support/window.ts'

const env = { LIFEBOAT_ENGINE: sampleEngine }
const seals = (page: Page) => page.getByRole('table', { name: 'Seals', exact: true })

const scene = (dataDir: string, vault: VaultScene): void => setScene(dataDir, { vault })

/** Every screen and dialog of the vault, one after the other. */
async function everyLook(page: Page, look: () => Promise<void>): Promise<void> {
  const main = page.getByRole('main')
  const dialog = page.getByRole('dialog')
  const closed = async (): Promise<void> => {
    await page.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
  }
  await goTo(page, 'Vault')
  await expect(main.getByRole('row').filter({ hasText: 'shop' })).toBeVisible()
  await look()
  await main.getByRole('button', { name: 'Recovery sheet…' }).click()
  await expect(dialog.getByText('Passphrase: ____').first()).toBeVisible()
  await look()
  await closed()
  await goToSealed(page, 'shop')
  await main.getByRole('button', { name: 'Compare with the server' }).click()
  await expect(main.getByText('LEGACY_TOKEN')).toBeVisible()
  await look()
  await main.getByRole('button', { name: 'Seal files…' }).click()
  await dialog.getByRole('radio', { name: 'Public keys' }).click()
  await expect(dialog.getByText('Ada Operator')).toBeVisible()
  await look()
  await closed()
  await seals(page).getByRole('row').nth(1).click()
  await expect(main.getByText('POSTGRES_PASSWORD')).toBeVisible()
  await look()
  for (const name of ['Put on the server…', 'Export…']) {
    await main.getByRole('button', { name }).click()
    await expect(dialog).toBeVisible()
    await look()
    await closed()
  }
  await main.getByRole('combobox', { name: 'Compare with…' }).click()
  await page.getByRole('option').nth(2).click()
  await expect(main.getByText('LEGACY_TOKEN')).toBeVisible()
  await look()
}

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the vault, ${theme}`, async ({ open, dataDir }) => {
    scene(dataDir, { unlocked: true, drift: 'different' })
    const { window: page, app } = await open({ env, colorScheme: theme })
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
    await everyLook(page, () => expectAccessible(page))
    for (const prompt of [newPassphrasePrompt, vaultPrompt]) {
      await emit(app, 'prompt', prompt)
      await expect(page.getByRole('dialog')).toBeVisible()
      await expectAccessible(page)
      await emit(app, 'promptClosed', { id: prompt.id })
    }
  })
}

test('nothing of the vault sticks out of the smallest window', async ({ open, dataDir }) => {
  scene(dataDir, { unlocked: true, drift: 'different' })
  const { window: page } = await open({ env, size: { width: 900, height: 600 } })
  await everyLook(page, async () => {
    const wide = await page.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll('main, [role=dialog] > div')]
        .filter((element) => element.scrollWidth > element.clientWidth)
        .map(({ tagName }) => tagName),
    )
    expect(wide).toEqual([])
  })
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
