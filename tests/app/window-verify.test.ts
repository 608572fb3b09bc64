import type { Job } from '#shared/job.ts'
import type { LiveVerification } from '#shared/verification.ts'
import type { RunningApp } from './support/launch.ts'
import { sampleJobs } from './support/sample-bridge.ts'
import { liveVerification } from './support/sample-verification.ts'
import { emit, sampleEngine, setScene } from './support/sample-window.ts'
import { expect, expectAccessible, goTo, test } from './support/window.ts'
import { looks, wordsOf, type Words } from './support/words.ts'

// On a machine that is busy with other tests a window takes its time to open.
test.describe.configure({ timeout: 180_000 })

const env = { LIFEBOAT_ENGINE: sampleEngine }

/** The job of the verification that this live state belongs to. */
function jobOf(verifying: LiveVerification): Job {
  const job = sampleJobs({ verifying })[0]
  if (!job) throw new Error('The sample world has no verification.')
  return job
}

async function watch({ window: page }: RunningApp, t: Words = wordsOf.en): Promise<void> {
  await goTo(page, 'Activity', t)
  await page.getByRole('main').getByRole('button', { name: t.action.watch, exact: true }).click()
  const title = t.verify.restoring.replace('{{subject}}', 'agentcard')
  await expect(page.getByRole('main').getByRole('heading', { level: 1 })).toContainText(title)
}

test('a verification is watched from its first table to its end', async ({ open, dataDir }) => {
  const start = liveVerification('v1', 'load', 0.1)
  setScene(dataDir, { verifying: start })
  const running = await open({ env })
  const { window: page, app } = running
  const main = page.getByRole('main')
  await watch(running)
  const steps = main.getByRole('list', { name: 'Steps' }).getByRole('listitem')
  await expect(steps.filter({ hasText: 'Sandbox started' })).toContainText('2.1 sec')
  await expect(steps.filter({ hasText: 'Loading rows and building indexes' })).toContainText(/of 355,022 rows/)
  await expect(main.getByText('PostgreSQL 18.6 in Docker')).toBeVisible()
  await expect(main.getByText('last time it took 12 sec')).toBeVisible()
  const largest = main.getByRole('row').filter({ hasText: 'public.documents_agentcard' })
  await expect(largest).toContainText('73,685 / 184,212')

  await test.step('an event changes the tables that it names, and leaves the others', async () => {
    const [first] = start.tables
    const other = main.getByRole('row').filter({ hasText: 'public.documents_revision' })
    const before = await other.textContent()
    await emit(app, 'verification', {
      ...start,
      rows: 184_212,
      tables: first ? [{ ...first, loaded: first.rows, built: 1 }] : [],
    })
    await expect(largest).toContainText('184,212 / 184,212')
    await expect(largest).toContainText('building 1 of 5')
    await expect(other).toHaveText(before ?? '')
  })

  await test.step('a table that was compared gets its tick', async () => {
    await emit(app, 'verification', liveVerification('v1', 'prove', 0.6))
    await expect(largest).toContainText('equal')
    await expect(steps.filter({ hasText: 'Reading everything back' })).toContainText('23 of 37 tables')
  })

  await test.step('and its end brings the evidence in the place of the steps', async () => {
    setScene(dataDir, { verified: 'proven', sandbox: true })
    await emit(app, 'job', { ...jobOf(start), state: 'done', endedAt: new Date().toISOString(), outcome: 'proven' })
    await expect(main.getByRole('region', { name: 'Outcome' })).toContainText('Restored and exact')
    await expect(main.getByRole('region', { name: 'Outcome' })).toContainText('37 of 37 tables equal to the dump')
  })
})

test('damage is on top: in the headline, in the findings and in the tables', async ({ open, dataDir }) => {
  setScene(dataDir, { verified: 'damaged' })
  const { window: page } = await open({ env })
  const main = page.getByRole('main')
  await openVerification(page)
  await expect(main.getByRole('region', { name: 'Outcome' })).toContainText('Damaged: it does not come back whole')
  await expect(main.getByRole('region', { name: 'Outcome' })).toContainText('3 of 37 tables differ.')
  await expect(main.getByRole('heading', { level: 2 }).first()).toHaveText('2 findings of damage')
  const rows = main.getByRole('row')
  await expect(rows.filter({ hasText: 'public.' }).first()).toContainText('−1,204 rows')
  await main.getByRole('radio', { name: 'Only differences (3)' }).click()
  await expect(main.getByRole('table').first()).toHaveAttribute('aria-rowcount', '4')
  await expect(main.getByText('equal', { exact: true })).toHaveCount(0)
  await main.getByRole('radio', { name: 'Not checked (1)' }).click()
  await expect(main.getByRole('table').first()).toHaveAttribute('aria-rowcount', '2')
})

test('what could not be checked is neither green nor red, and its remedy is a button', async ({ open, dataDir }) => {
  setScene(dataDir, { verified: 'not-checked' })
  const { window: page } = await open({ env })
  const main = page.getByRole('main')
  await openVerification(page)
  const outcome = main.getByRole('region', { name: 'Outcome' })
  await expect(outcome).toContainText('Not checked: nothing is proven')
  const colours = await outcome.evaluate((panel) =>
    [...panel.querySelectorAll('svg:first-of-type *')].map((shape) => shape.getAttribute('fill') ?? ''),
  )
  expect(colours.filter((colour) => /proven|damaged/.test(colour))).toEqual([])
  expect(await outcome.evaluate((panel) => getComputedStyle(panel).borderStyle)).toBe('dashed')
  await expect(main.getByRole('listitem').filter({ hasText: 'postgis/postgis' })).toBeVisible()
  setScene(dataDir, { verifying: liveVerification('v1', 'read', 0.1) })
  await main.getByRole('button', { name: 'Verify in Docker' }).click()
  await expect(main.getByRole('heading', { level: 1 })).toContainText('agentcard')
})

test('cancel ends it, and nothing is said about the copy', async ({ open, dataDir }) => {
  const live = liveVerification('v1', 'load', 0.3)
  setScene(dataDir, { verifying: live })
  const running = await open({ env })
  const { window: page, app } = running
  const main = page.getByRole('main')
  await watch(running)
  await main.getByRole('button', { name: 'Cancel' }).click()
  setScene(dataDir, { verifyJob: { state: 'cancelled', outcome: null } })
  await emit(app, 'job', { ...jobOf(live), state: 'cancelled', endedAt: new Date().toISOString() })
  await expect(main).toContainText('Nothing is said about the copy.')
  await expect(main.getByRole('list', { name: 'Steps' })).toContainText('Sandbox started')
  await expect(main.getByRole('button', { name: 'Verify again' })).toBeVisible()
  await expect(main.getByText(/proven|exact/i)).toHaveCount(0)
})

test('a sandbox that is kept is seen everywhere, and stops without a question', async ({ open, dataDir }) => {
  setScene(dataDir, { sandbox: true, verified: 'proven' })
  const { window: page, app } = await open({ env })
  const main = page.getByRole('main')
  const line = page.getByRole('navigation').getByRole('button', { name: /^Sandbox/ })
  await expect(line).toContainText('agentcard')
  await expect(line).toContainText(/kept for/)
  await line.click()
  const row = main.getByRole('list', { name: 'Sandboxes' }).getByRole('listitem')
  await expect(row).toContainText('PostgreSQL 18.6 in Docker')
  setScene(dataDir, { verified: 'proven' })
  await row.getByRole('button', { name: 'Stop' }).click()
  await expect(main.getByRole('list', { name: 'Sandboxes' })).toHaveCount(0)
  await expect(line).toHaveCount(0)
  setScene(dataDir, { sandbox: true })
  await emit(app, 'changed', { words: ['sandbox'] })
  await expect(line).toBeVisible()
})

test('the engine for restoring is chosen with its facts in sight', async ({ open, dataDir }) => {
  setScene(dataDir, {})
  const { window: page } = await open({ env })
  const main = page.getByRole('main')
  await goTo(page, 'Settings')
  await expect(main.getByText('Docker 28.2')).toBeVisible()
  await expect(main.getByText('2 images here already: postgres:18-alpine, postgres:17')).toBeVisible()
  await expect(main.getByText('can not be used here')).toBeVisible()
  await expect(main.getByText('The binaries of PostgreSQL are not part of this installation.')).toBeVisible()
  await main.getByRole('radio', { name: 'Docker' }).click()
  await expect(main.getByRole('radio', { name: 'Docker' })).toBeChecked()
  const minutes = main.getByRole('textbox', { name: 'Keep a sandbox for browsing' })
  await minutes.fill('0')
  await minutes.press('Enter')
  await expect(minutes).toHaveValue('15')
  await minutes.fill('45')
  await minutes.press('Enter')
  await expect(minutes).toHaveValue('45')
})

test('20,000 tables: only what is seen is drawn, and events leave the place that is read', async ({
  open,
  dataDir,
}) => {
  const count = 20_000
  const live = liveVerification('v1', 'load', 0.1, count)
  setScene(dataDir, { verifying: live })
  const running = await open({ env })
  const { window: page, app } = running
  const main = page.getByRole('main')
  await watch(running)
  const table = main.getByRole('table')
  await expect(table).toHaveAttribute('aria-rowcount', String(count + 1))
  expect(await table.getByRole('row').count()).toBeLessThan(80)
  await table.getByRole('row').nth(1).focus()
  await page.keyboard.press('End')
  const last = page.locator(`[data-row="${count - 1}"]`)
  await expect(last).toBeFocused()
  const name = (await last.getByRole('cell').first().textContent()) ?? ''
  const [changed] = live.tables.filter((each) => name.endsWith(each.name))
  if (!changed) throw new Error(`No table is called ${name}.`)
  await emit(app, 'verification', { ...live, step: 'prove', tables: [{ ...changed, match: true }] })
  await expect(last).toContainText('equal')
  await expect(last).toBeFocused()
  expect(await table.getByRole('row').count()).toBeLessThan(80)
  await main.getByRole('radio', { name: 'At work' }).click()
  await expect(main.getByText('No table is being loaded right now.').or(table)).toBeVisible()
})

for (const { theme, lang } of looks) {
  test(`axe finds nothing on a verification, ${theme}, ${lang}`, async ({ open, dataDir }) => {
    test.setTimeout(300_000)
    setScene(dataDir, { verifying: liveVerification('v1', 'prove', 0.4), sandbox: true })
    const running = await open({ env, colorScheme: theme, lang })
    const { window: page } = running
    const t = wordsOf[lang]
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
    await expect(page.locator('html')).toHaveAttribute('lang', lang)
    await goTo(page, 'Activity', t)
    await expectAccessible(page)
    await watch(running, t)
    await expectAccessible(page)
    for (const verified of ['proven', 'damaged', 'not-checked'] as const) {
      setScene(dataDir, { verified, sandbox: verified === 'proven' })
      await page.reload()
      await openVerification(page, t)
      await expectAccessible(page)
    }
    await page.getByRole('main').getByRole('button', { name: t.action.showCopy }).click()
    await page.getByRole('main').getByRole('button', { name: t.verify.choose }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await expectAccessible(page)
  })
}

test('a verification is started, chosen and watched without a mouse', async ({ open, dataDir }) => {
  setScene(dataDir, { verified: 'proven' })
  const { window: page } = await open({ env })
  await expect(page.getByRole('heading', { level: 1 })).toContainText('databases')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('verify newest agentcard')
  await expect(page.getByRole('option', { name: /Verify the newest copy of agentcard/ }).first()).toBeVisible()
  await page.keyboard.press('Enter')
  const title = page.getByRole('heading', { level: 1 })
  await expect(title).toContainText('agentcard')
  await expect(page.getByRole('region', { name: 'Outcome' })).toBeVisible()
  const row = page.getByRole('main').getByRole('table').first().getByRole('row').nth(1)
  await row.focus()
  await page.keyboard.press('ArrowDown')
  await expect(page.locator('[data-row="1"]')).toBeFocused()
  await page.keyboard.press('Alt+ArrowLeft')
  await expect(title).toContainText('databases')
})

test('the overview says how long getting back took, and safe only of what is proven exact', async ({
  open,
  dataDir,
}) => {
  setScene(dataDir, {})
  const { window: page } = await open({ env })
  const main = page.getByRole('main')
  await expect(main.getByRole('article', { name: 'agentcard prod' })).toContainText(
    /Getting back took 3 min,? 20 sec when last tried\./,
  )
  await expect(main.getByRole('article', { name: 'shop prod' })).toContainText('Getting back was never tried.')
  await main.getByRole('article', { name: 'agentcard prod' }).getByRole('button', { name: 'Verify' }).click()
  await expect(page.getByRole('region', { name: 'Notices' })).toContainText('Verifying')
})

async function openVerification(page: RunningApp['window'], t: Words = wordsOf.en): Promise<void> {
  await goTo(page, 'Activity', t)
  const main = page.getByRole('main')
  await main.getByRole('listitem').filter({ hasText: t.job.kind.verify }).last().getByRole('button').first().click()
  await main.getByRole('button', { name: t.action.showVerification }).last().click()
  await expect(main.getByRole('region', { name: t.verify.outcome })).toBeVisible()
}
