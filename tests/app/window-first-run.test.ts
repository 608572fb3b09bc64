import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { startDemo, type Demo } from '#engine/demo/start.ts'
import { call } from './support/shell.ts'
import { expect, goTo, test } from './support/window.ts'

/** A home whose ~/.ssh/config names the server `shop`; what the app needs in its environment to live there. */
function homeWith(home: string, { host, port, user, keyFile }: Demo): Record<string, string> {
  const config = join(home, '.ssh', 'config')
  mkdirSync(join(home, '.ssh'), { recursive: true, mode: 0o700 })
  const lines = [
    'Host *',
    '  IdentitiesOnly yes',
    'Host shop',
    `  HostName ${host}`,
    `  Port ${port}`,
    `  User ${user}`,
  ]
  writeFileSync(config, [...lines, `  IdentityFile "${keyFile}"`, ''].join('\n'), { mode: 0o600 })
  const ssh = spawnSync('sh', ['-c', 'command -v ssh'], { encoding: 'utf8' }).stdout.trim()
  if (ssh === '') return { HOME: home }
  // ssh itself takes the home of the account, whatever HOME says
  const bin = join(home, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'ssh'), `#!/bin/sh\nexec '${ssh}' -F '${config}' "$@"\n`, { mode: 0o700 })
  return { HOME: home, PATH: `${bin}${delimiter}${process.env['PATH']}` }
}

// The server's side runs in this process: a busy machine takes its time for both.
test.describe.configure({ timeout: 360_000 })
const patience = { timeout: 150_000 }

test('from the first start to a copy of a server that ~/.ssh/config names', async ({ open, dataDir }) => {
  const demo = await startDemo(join(dataDir, 'server'), new Date())
  try {
    const { window: page } = await open({ env: homeWith(join(dataDir, 'home'), demo) })
    const main = page.getByRole('main')
    const title = main.getByRole('heading', { level: 1 })

    await test.step('a host of the configuration fills the form in', async () => {
      await expect(title).toHaveText('Welcome aboard')
      await main.getByRole('button', { name: 'Add a server' }).click()
      await main.getByRole('list', { name: 'From ~/.ssh/config' }).getByRole('button', { name: 'shop' }).click()
      await expect(main.getByLabel('Host', { exact: true })).toHaveValue(demo.host)
      await expect(main.getByLabel('Port')).toHaveValue(String(demo.port))
      await expect(main.getByLabel('User')).toHaveValue(demo.user)
      await expect(main.getByLabel('Name in Lifeboat')).toHaveValue('shop')
      await main.getByRole('button', { name: 'Add and test' }).click()
    })

    await test.step('its host key is shown, and the test goes on with a yes', async () => {
      const question = page.getByRole('dialog', { name: 'Is this really your server?' })
      await expect(question).toContainText(demo.hostKey)
      await question.getByRole('button', { name: 'It is the same, trust it' }).click()
      const checks = main.getByRole('list', { name: 'Connection' })
      await expect(checks).toHaveAttribute('aria-busy', 'false', patience)
      for (const name of ['Host key', 'Login', 'PostgreSQL', 'Backups'])
        await expect(checks.getByRole('listitem').filter({ hasText: `${name}: proven` })).toBeVisible()
    })

    await test.step('one of the databases that were found is added with one click', async () => {
      const found = main.getByRole('listitem').filter({ hasText: 'agentcard_prod' })
      await found.getByRole('button', { name: 'Add', exact: true }).click()
      await expect(found).toContainText('Added')
      await expect(main.getByRole('listitem').filter({ hasText: 'agentcard_test' })).not.toContainText('Added')
      expect(await call(page, 'database.list', {})).toMatchObject({
        value: [{ serverName: 'shop', label: 'prod', dbname: 'agentcard_prod', dbuser: 'produser' }],
      })
      await main.getByRole('button', { name: 'Go to the overview' }).click()
    })

    await test.step('and backed up', async () => {
      const card = main.getByRole('article', { name: 'shop prod' })
      await expect(card).toContainText('everything would be lost')
      await card.getByRole('button', { name: 'Back up now' }).click()
      await expect(title).toHaveText('Your one database has a fresh readable copy', patience)
      const folder = join(dataDir, 'copies', 'shop', 'prod')
      const names = readdirSync(folder).toSorted()
      expect(names).toEqual([
        'SHA256SUMS',
        expect.stringMatching(/^backup_prod_\d{8}_\d{6}\.manifest\.json$/),
        expect.stringMatching(/^backup_prod_\d{8}_\d{6}\.sql\.gz$/),
      ])
      expect(statSync(join(folder, names.at(-1) ?? '')).mode & 0o777).toBe(0o600)
    })

    await test.step('what is left to add is offered on its page', async () => {
      await goTo(page, 'Servers')
      await main.getByRole('button', { name: 'shop', exact: true }).click()
      await expect(main.getByText('1 database was found that is not looked after yet')).toBeVisible()
      await expect(main.getByText(demo.hostKey, { exact: true })).toBeVisible()
    })
  } finally {
    await demo.stop()
  }
})
