import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright'
import { emit, sampleEngine, setScene } from './support/sample-window.ts'
import { expect, expectAccessible, goTo, test } from './support/window.ts'

const env = { LIFEBOAT_ENGINE: sampleEngine }
const slow = {
  kind: 'query-slow' as const,
  message: 'PostgreSQL took too long for this and was stopped.',
  remedy: '',
  retry: 'later' as const,
}

/** Goes to the data of the kept sandbox, and to one of its tables. */
async function browse(page: Page, table: string): Promise<Locator> {
  await goTo(page, 'Activity')
  await page.getByRole('main').getByRole('button', { name: 'Browse the data' }).first().click()
  await page.getByRole('main').getByRole('searchbox', { name: 'Search tables' }).fill(table)
  await page.getByRole('row').filter({ hasText: table }).first().click()
  return page.getByRole('grid', { name: table })
}

test('rows come as they are scrolled to, and are ordered and filtered from the keyboard', async ({ open, dataDir }) => {
  setScene(dataDir, { sandbox: true })
  const { window: page } = await open({ env })
  const grid = await browse(page, 'documents')
  const main = page.getByRole('main')
  await expect(main.getByText('200 of 354,409 rows read')).toBeVisible()

  await test.step('further down', async () => {
    await grid.getByRole('gridcell').first().focus()
    await page.keyboard.press('Control+End')
    await expect(main.getByText('400 of 354,409 rows read')).toBeVisible()
    await expect(grid.getByRole('row').filter({ hasText: /^200/ })).toBeVisible()
  })
  await test.step('Ctrl+Home and up into the head of a column: Enter sorts', async () => {
    await page.keyboard.press('Control+Home')
    await page.keyboard.press('ArrowUp')
    const head = grid.getByRole('columnheader', { name: /^id/ })
    await expect(head.getByRole('button').first()).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(head).toHaveAttribute('aria-sort', 'ascending')
    await page.keyboard.press('Enter')
    await expect(head).toHaveAttribute('aria-sort', 'descending')
    await expect(grid.getByRole('row').filter({ hasText: '354409' })).toBeVisible()
  })
  await test.step('Tab leads to the filter of that column', async () => {
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('textbox', { name: 'Value' }).fill('7')
    await page.keyboard.press('Enter')
    await expect(main.getByText('All 23 rows')).toBeVisible()
    await main.getByRole('list', { name: 'Filters' }).getByRole('button').click()
    await expect(main.getByText('200 of 354,409 rows read')).toBeVisible()
  })
})

test('values are told apart, whole beside the table, and never more than text', async ({ open, dataDir }) => {
  setScene(dataDir, { sandbox: true })
  const { window: page } = await open({ env })
  const grid = await browse(page, 'documents')
  const line = (number: number) => grid.locator(`[aria-rowindex="${number + 1}"]`)
  const [text, nothing] = [line(3).locator('[aria-colindex="4"]'), line(3).locator('[aria-colindex="5"]')]
  await expect(text).toHaveText('NULL')
  await expect(text.locator('.italic')).toHaveCount(0)
  await expect(nothing.locator('.italic')).toHaveText('NULL')
  await expect(line(5).locator('.italic').first()).toHaveText('empty text')
  await expect(line(11)).toContainText(String.raw`left\u{202e}gnp.exe\u{0}`)
  expect(await page.evaluate(() => /[\u202e\0]/.test(document.body.textContent))).toBe(false)

  await grid.getByRole('gridcell').filter({ hasText: '"pages"' }).first().focus()
  await page.keyboard.press('Enter')
  const panel = page.getByRole('complementary', { name: 'The whole value' })
  await expect(panel).toContainText('"exact": 12345678901234567890,\n')
  await expectAccessible(page)
  await panel.getByRole('button', { name: 'Close' }).click()
  await expect(panel).toHaveCount(0)

  await test.step('one that the page has cut is asked for', async () => {
    await grid.getByRole('gridcell').first().focus()
    for (let step = 0; step < 8; step += 1) await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await expect(panel).toContainText('2.1 MB')
    expect((await panel.locator('pre').textContent())?.length).toBe(34_200)
  })
})

test('what is shown is saved as CSV', async ({ open, dataDir }) => {
  setScene(dataDir, { sandbox: true })
  const { window: page, app } = await open({ env })
  await browse(page, 'documents')
  const file = join(dataDir, 'documents.csv')
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => Promise.resolve({ canceled: false, filePath })
  }, file)
  await page.getByRole('button', { name: 'Save as CSV' }).click()
  await expect(page.getByRole('region', { name: 'Notices' })).toContainText('Saved 1 row')
  expect(await readFile(file, 'utf8')).toBe('id,title\r\n1,Invoice\r\n')
})

test('a table that can not be read says so and is tried again; a sandbox that goes is missed', async ({
  open,
  dataDir,
}) => {
  setScene(dataDir, { sandbox: true, failing: { 'browse.fetch': slow } })
  const { window: page, app } = await open({ env })
  await browse(page, 'slow_view')
  const alert = page.getByRole('main').getByRole('alert')
  await expect(alert).toContainText('Sort by a column that has an index')
  await expectAccessible(page)
  setScene(dataDir, { sandbox: true })
  await alert.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('main').getByText('All 37 rows')).toBeVisible()
  setScene(dataDir, { sandbox: false })
  await emit(app, 'changed', { words: ['sandbox'] })
  await expect(page.getByRole('main').getByText('This sandbox is gone')).toBeVisible()
})

test('a copy is compared with another one and with its source', async ({ open, dataDir }) => {
  setScene(dataDir, {})
  const { window: page } = await open({ env })
  const main = page.getByRole('main')
  await goTo(page, 'Copies')
  await main.getByRole('row').nth(3).click()
  await main.getByRole('button', { name: 'Compare with …' }).click()
  const rows = main.getByRole('table').getByRole('row')
  await expect(rows.filter({ hasText: 'drafts_old' })).toContainText('gone')
  await expect(rows.filter({ hasText: 'sessions' })).toContainText('large drop')
  await expect(rows.filter({ hasText: 'archive_01' })).toHaveCount(0)
  await main.getByRole('checkbox', { name: 'Only differences' }).click()
  await expect(rows.filter({ hasText: 'archive_01' })).toContainText('the same')
  await expectAccessible(page)
  await main.getByRole('combobox', { name: 'Compare with' }).click()
  await page.getByRole('option', { name: 'The database at its server, now' }).click()
  await main.getByRole('button', { name: 'Count now' }).click()
  await expect(main.getByRole('columnheader', { name: /^Server, / })).toBeVisible()
})

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing, and nothing sticks out of the smallest window, ${theme}`, async ({ open, dataDir }) => {
    setScene(dataDir, { sandbox: true, settings: { theme } })
    const { window: page } = await open({ env, size: { width: 900, height: 600 } })
    const grid = await browse(page, 'documents')
    await expect(grid.getByRole('gridcell').first()).toBeVisible()
    await expectAccessible(page)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
    expect(wide).toBe(false)
    await grid.getByRole('columnheader').nth(2).getByRole('button').nth(1).click()
    await expect(page.getByRole('textbox', { name: 'Value' })).toBeVisible()
    await expectAccessible(page)
  })
}
