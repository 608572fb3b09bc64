import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { manifestSchema } from '#shared/copy.ts'
import { expect, goTo, test } from './support/window.ts'

test('from the first start to a copy that is stored and readable, and the damage in an old backup', async ({
  open,
  dataDir,
}) => {
  const { window: page } = await open()
  const main = page.getByRole('main')

  await test.step('the first start offers two ways', async () => {
    await expect(main.getByRole('heading', { level: 1 })).toHaveText('Welcome aboard')
    await expect(main.getByRole('button', { name: 'Add a server' })).toBeVisible()
  })

  await test.step('the demo server is added, and its connection is tested check by check', async () => {
    await main.getByRole('button', { name: 'Try it with a demo server' }).click()
    await expect(main.getByRole('heading', { level: 1 })).toHaveText('demo', { timeout: 90_000 })
    const checks = main.getByRole('list', { name: 'Connection' })
    await expect(checks).toHaveAttribute('aria-busy', 'false')
    for (const name of ['Reach', 'Host key', 'Login', 'Docker', 'PostgreSQL']) {
      await expect(checks.getByRole('listitem').filter({ hasText: `${name}: proven` })).toBeVisible()
    }
  })

  await test.step('Back up now makes a copy', async () => {
    await goTo(page, 'Overview')
    await expect(main.getByRole('heading', { level: 1 })).toHaveText('0 of 2 databases have a fresh readable copy')
    const card = main.getByRole('article', { name: 'demo prod' })
    await expect(card).toContainText('everything would be lost')
    await card.getByRole('button', { name: 'Back up now' }).click()
    await expect(main.getByRole('heading', { level: 1 })).toHaveText('1 of 2 databases has a fresh readable copy', {
      timeout: 60_000,
    })
    await expect(card).toContainText('you would lose at most 1 min of data')
    await expect(card).toContainText('Getting back was never tried')
  })

  await test.step('its page shows two rungs proven, and three that nothing was claimed about', async () => {
    await goTo(page, 'Copies')
    await main.getByRole('row').filter({ hasText: 'Readable' }).click()
    const ladder = main.getByRole('region', { name: 'Ladder' }).getByRole('listitem')
    await expect(ladder.filter({ hasText: /^Stored/ })).toContainText('SHA-256')
    await expect(ladder.filter({ hasText: 'Readable' })).toContainText('ends whole')
    for (const rung of ['Restored', 'Exact'])
      await expect(ladder.filter({ hasText: rung })).toContainText('not checked')
    await expect(main.getByRole('table')).toContainText('public.documents_agentcard')
    // The screen and the file beside the copy tell the same.
    const folder = join(dataDir, 'copies', 'demo', 'prod')
    const name = (await readdir(folder)).find((file) => file.endsWith('.manifest.json')) ?? ''
    const manifest = manifestSchema.parse(JSON.parse(await readFile(join(folder, name), 'utf8')))
    await expect(ladder.filter({ hasText: /^Stored/ })).toContainText(manifest.sha256.slice(0, 8))
    await expect(main.getByRole('heading', { level: 1 })).toHaveText(manifest.file)
  })

  await test.step('the old backups are pulled, and the damaged one is called damaged', async () => {
    await goTo(page, 'Servers')
    await main.getByRole('button', { name: 'demo', exact: true }).click()
    await main.getByRole('button', { name: /^Pull all/ }).click()
    const backups = main.getByRole('table', { name: /Backups/ })
    await expect(backups.getByText('Damaged')).toHaveCount(1)
    await expect(backups.getByText('not copied')).toHaveCount(0)
  })

  await test.step('every job stands in Activity, with its log', async () => {
    await goTo(page, 'Activity')
    const jobs = main.getByRole('listitem')
    await expect(jobs.filter({ hasText: 'Back up' })).toContainText('Proven')
    await expect(jobs.filter({ hasText: 'Pull' })).toContainText('Damaged')
    await jobs.filter({ hasText: 'Back up' }).getByRole('button').first().click()
    await main.getByRole('button', { name: 'Log' }).click()
    await expect(main.locator('pre')).not.toBeEmpty()
  })
})
