import { call, expect, test } from './support/shell.ts'

test('an engine that stays down is said on every screen, with its reason and a way out', async ({ open }) => {
  const { window: page } = await open({ env: { STAND_IN_FAILS: '1' } })
  const banner = page.getByRole('alert').filter({ hasText: 'The engine has stopped.' })
  await expect(banner).toBeVisible()
  await expect(banner).toContainText('copies are not touched')
  await banner.getByRole('button', { name: 'Details' }).click()
  await expect(banner).toContainText('exit code 7')
  await page
    .getByRole('navigation')
    .getByRole('button', { name: /^Copies/ })
    .click()
  await expect(banner).toBeVisible()
  await expect(page.getByRole('main')).toContainText('The engine has stopped')
  await expect(banner.getByRole('button', { name: 'Restart the engine' })).toBeEnabled()
})

test('an engine that died comes back, and so does everything that was shown', async ({ open }) => {
  const { window: page } = await open()
  await expect(page.getByRole('navigation').getByRole('button', { name: /^Servers/ })).toContainText('1')
  const facts = await call(page, 'app.facts', {})
  // The stand-in tells its process where a real engine tells SQLite's version.
  if (facts.ok) process.kill(Number(facts.value.sqlite), 'SIGKILL')
  await expect.poll(async () => (await call(page, 'app.facts', {})).ok).toBe(true)
  await expect(page.getByRole('alert').filter({ hasText: 'The engine has stopped.' })).toHaveCount(0)
  await page
    .getByRole('navigation')
    .getByRole('button', { name: /^Servers/ })
    .click()
  await expect(page.getByRole('main').getByRole('button', { name: 'shop', exact: true })).toBeVisible()
})
