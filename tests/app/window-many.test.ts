import { seed } from './support/seed.ts'
import { expect, goTo, test } from './support/window.ts'

const count = 10_000

test('ten thousand copies: only what is seen is drawn, any place is reached, and typing narrows it down', async ({
  open,
  dataDir,
}) => {
  seed(dataDir, { copies: count, now: new Date() })
  const { window: page } = await open()
  await goTo(page, 'Copies')
  const main = page.getByRole('main')
  const shown = main.getByRole('search').getByRole('status')
  const table = main.getByRole('table')
  await expect(shown).toHaveText('10,000 copies')
  await expect(table).toHaveAttribute('aria-rowcount', String(count + 1))
  expect(await table.getByRole('row').count()).toBeLessThan(80)

  await table.getByRole('row').nth(1).focus()
  await page.keyboard.press('End')
  await expect(page.locator(`[data-row="${count - 1}"]`)).toBeFocused()
  await expect(page.locator(`[data-row="${count - 1}"]`)).toContainText('Readable')
  expect(await table.getByRole('row').count()).toBeLessThan(80)

  // Through the whole length in leaps: wherever it stops, the rows come.
  const scroller = table.locator('> [role=presentation]')
  for (const part of [0.2, 0.55, 0.8, 0.01]) {
    await scroller.evaluate((element, where) => element.scrollTo(0, element.scrollHeight * where), part)
    const place = Math.floor(count * part) + 5
    await expect(page.locator(`[data-row="${place}"]`)).toContainText(/Readable|Damaged/)
  }

  await main.getByRole('searchbox').fill('agentcard test')
  await expect(shown).toHaveText('2,500 of 10,000 copies')
  await main.getByRole('searchbox').fill('no such copy')
  await expect(main.getByText('No copy fits')).toBeVisible()
  await main.getByRole('button', { name: 'Show all' }).click()
  await expect(shown).toHaveText('10,000 copies')
  await expect(main.getByRole('searchbox')).toHaveValue('')

  await main.getByRole('columnheader', { name: 'Taken' }).getByRole('button').click()
  await expect(main.getByRole('columnheader', { name: 'Taken' })).toHaveAttribute('aria-sort', 'ascending')
  await main.getByRole('combobox', { name: 'Outcome' }).click()
  await page.getByRole('option', { name: 'Damaged' }).click()
  await expect(shown).toHaveText(/^588 of/)
  await expect(table.getByText('Readable', { exact: true })).toHaveCount(0)
})
