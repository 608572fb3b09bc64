import { createServer, type Server } from 'node:net'
import { call } from './support/shell.ts'
import { expect, goTo, test } from './support/window.ts'

/** A port of this machine on which nobody answers. */
async function closedPort(): Promise<number> {
  const server = await listening()
  const port = portOf(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

function listening(): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => resolve(server))
  })
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('It has no port.')
  return address.port
}

test('a server that does not answer: a sentence, a way out, and nothing lost', async ({ open }) => {
  const { window: page } = await open()
  const main = page.getByRole('main')
  const port = await closedPort()
  await main.getByRole('button', { name: 'Add a server' }).click()
  await expect(main.getByLabel('Host', { exact: true })).toBeFocused()

  await test.step('what does not fit is said at its field', async () => {
    await main.getByLabel('Port').fill('99999')
    await main.getByRole('button', { name: 'Add and test' }).click()
    await expect(main.getByText('1 to 65535')).toBeVisible()
    await expect(main.getByLabel('Host', { exact: true })).toHaveAccessibleDescription('Needed')
  })

  await test.step('the test stops at the first check, and says what to look at', async () => {
    await main.getByLabel('Host', { exact: true }).fill('127.0.0.1')
    await main.getByLabel('Port').fill(String(port))
    await main.getByLabel('Name in Lifeboat').fill('nowhere')
    await main.getByRole('button', { name: 'Add and test' }).click()
    const checks = main.getByRole('list', { name: 'Connection' })
    await expect(checks).toHaveAttribute('aria-busy', 'false')
    const reach = checks.getByRole('listitem').filter({ hasText: 'Reach: failed' })
    await expect(reach).toContainText('127.0.0.1')
    await expect(reach).toContainText('Check that the server is on')
    await expect(checks.getByRole('listitem').filter({ hasText: 'not checked' })).toHaveCount(11)
    await expect(checks.getByText(': proven')).toHaveCount(0)
  })

  await test.step('what was typed is still there to be corrected', async () => {
    await main.getByRole('button', { name: 'Change the details' }).click()
    await expect(main.getByLabel('Port')).toHaveValue(String(port))
    await main.getByLabel('User').fill('somebody')
    await main.getByRole('button', { name: 'Jump host and expected host key' }).click()
    await main.getByLabel('Reached through').click()
    await expect(page.getByRole('option')).toHaveText(['Directly'])
    await page.keyboard.press('Escape')
    await main.getByRole('button', { name: 'Add and test' }).click()
    await expect(main.getByRole('list', { name: 'Connection' })).toHaveAttribute('aria-busy', 'false')
    expect(await call(page, 'server.list', {})).toMatchObject({ value: [{ name: 'nowhere', user: 'somebody' }] })
  })
})

test('an unknown host key is shown and asked, and a No stops everything', async ({ open }) => {
  const { window: page } = await open()
  const main = page.getByRole('main')
  await main.getByRole('button', { name: 'Try it with a demo server' }).click()
  await expect(main.getByRole('heading', { level: 1 })).toHaveText('demo', { timeout: 90_000 })
  const port = ((await main.getByText('operator@127.0.0.1').textContent()) ?? '').split(':')[1] ?? ''

  await goTo(page, 'Servers')
  await main.getByRole('button', { name: 'Add a server' }).click()
  // The same machine by another name: nobody has vouched for its key under that one.
  await main.getByLabel('Host', { exact: true }).fill('localhost')
  await main.getByLabel('Port').fill(port)
  await main.getByLabel('User').fill('operator')
  await main.getByLabel('Name in Lifeboat').fill('stranger')
  await main.getByRole('button', { name: 'Add and test' }).click()
  const question = page.getByRole('dialog')
  await expect(question).toContainText('Is this really your server?')
  await expect(question).toContainText(/SHA256:[A-Za-z0-9+/]{43}/)
  await expect(question.getByRole('button', { name: 'Stop' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(question).toHaveCount(0)
  const checks = main.getByRole('list', { name: 'Connection' })
  await expect(checks).toHaveAttribute('aria-busy', 'false')
  await expect(checks.getByRole('listitem').filter({ hasText: 'Host key: failed' })).toBeVisible()
  await expect(checks.getByRole('listitem').filter({ hasText: 'Login' })).toContainText('not checked')
})

test('an attempt that fails is said on the overview while one looks at it', async ({ open }) => {
  const { window: page } = await open()
  const main = page.getByRole('main')
  await main.getByRole('button', { name: 'Try it with a demo server' }).click()
  await expect(main.getByRole('heading', { level: 1 })).toHaveText('demo', { timeout: 90_000 })
  const listed = await call(page, 'database.list', {})
  if (!listed.ok) throw new Error(listed.failure.message)
  // the database goes away on the server
  for (const { id, ...database } of listed.value)
    await call(page, 'database.update', { id, database: { ...database, dbname: 'gone' } })
  await goTo(page, 'Overview')
  await main.getByRole('button', { name: 'Back up now' }).last().click()
  await expect(main.getByText('the last attempt failed')).toBeVisible()
})
