import { seed } from './support/seed.ts'
import { expect, test } from './support/window.ts'

test.beforeEach(({ dataDir }) => seed(dataDir, { copies: 40, now: new Date() }))

test('every screen and a copy are reached without a mouse', async ({ open }) => {
  const { window: page } = await open()
  const title = page.getByRole('heading', { level: 1 })
  await expect(title).toContainText('databases')
  for (const [key, name] of [
    ['2', 'Servers'],
    ['3', 'Copies'],
    ['4', 'Vault'],
    ['5', 'Activity'],
    [',', 'Settings'],
  ] as const) {
    await page.keyboard.press(`Control+${key}`)
    await expect(title).toHaveText(name)
    await expect(title).toBeFocused()
  }
  await page.keyboard.press('Control+3')
  const rows = page.getByRole('main').getByRole('row')
  await rows.nth(1).focus()
  await page.keyboard.press('ArrowDown')
  await expect(rows.nth(2)).toBeFocused()
  await page.keyboard.press('End')
  await expect(page.locator('[data-row="39"]')).toBeFocused()
  await page.keyboard.press('Home')
  await expect(page.locator('[data-row="0"]')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('region', { name: 'Ladder' })).toBeVisible()
  await page.keyboard.press('Alt+ArrowLeft')
  await expect(title).toHaveText('Copies')
})

test('keys do nothing behind a question, and take nothing away from who types', async ({ open }) => {
  const { window: page } = await open()
  const title = page.getByRole('heading', { level: 1 })
  await expect(title).toContainText('databases')
  await page.keyboard.press('Control+2')
  await page.getByRole('button', { name: 'Add a server' }).click()
  const host = page.getByLabel('Host', { exact: true })
  await host.fill('db example')
  await page.keyboard.press('Alt+ArrowLeft')
  await expect(host).toHaveValue('db example')

  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('seal')
  await page
    .getByRole('option', { name: /Seal the .env files/ })
    .first()
    .click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toBeVisible()
  await page.keyboard.press('Control+1')
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: 'Commands' })).toHaveCount(0)
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(host).toHaveValue('db example')
})

test('the focus is always seen', async ({ open }) => {
  const { window: page } = await open()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('databases')
  for (let step = 0; step < 14; step += 1) {
    await page.keyboard.press('Tab')
    const outline = await page.evaluate(() => {
      const { activeElement } = document
      return activeElement && activeElement !== document.body ? getComputedStyle(activeElement).outlineStyle : 'solid'
    })
    expect(outline).toBe('solid')
  }
})

test('the palette reaches actions, places and copies by a few letters', async ({ open }) => {
  const { window: page } = await open()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('databases')
  const run = async (letters: string, entry: RegExp): Promise<void> => {
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').fill(letters)
    await expect(page.getByRole('option', { name: entry }).first()).toBeVisible()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('combobox')).toHaveCount(0)
  }
  await run('appearance dark', /Appearance: Dark/)
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await run('lock the vault after', /Settings: Lock the vault after/)
  const idle = page.getByRole('textbox', { name: 'Lock the vault after' })
  await expect(idle).toBeFocused()
  await expect(idle).toBeInViewport()
  await run('open shop', /Open shop/)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('shop')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('back up')
  await expect(page.getByRole('option', { name: /Back up shop now/ })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('combobox')).toHaveCount(0)
})
