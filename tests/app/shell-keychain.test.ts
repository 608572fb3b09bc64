import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { keyringIsHere, startKeyring } from './support/keyring.ts'
import { call, end, expect, test } from './support/shell.ts'

/** What the engine was answered on its way through the keychain: status, get, set, get, list. */
async function walk(page: Page): Promise<unknown[]> {
  const walked = await call(page, 'doctor', {})
  if (!walked.ok) throw new Error(walked.failure.message)
  return walked.value.map(({ detail }): unknown => JSON.parse(detail))
}

const refused = { refused: 'keychain-absent' }
const reference = 'server:s1:password'

// from the name of a desktop it is only guessed that there is a keychain
for (const desktop of ['', 'GNOME'])
  test(`without a keychain nothing secret is stored${desktop && ` on ${desktop}`}`, async ({ open, dataDir }) => {
    const env = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere', XDG_CURRENT_DESKTOP: desktop }
    const { window: page } = await open({ env })
    const [status, before, set, after, list] = await walk(page)
    expect(['absent', 'basic_text']).toContain(
      typeof status === 'object' && status !== null ? Reflect.get(status, 'status') : null,
    )
    expect([before, set, after, list]).toEqual([{ secret: null }, refused, { secret: null }, { references: [] }])
    expect(existsSync(join(dataDir, 'keychain.json'))).toBe(false)
  })

test('with a key that everybody knows nothing secret is stored either', async ({ open, dataDir }) => {
  const { window: page } = await open({ args: ['--password-store=basic'] })
  const [status, , set] = await walk(page)
  expect(status).toEqual({ status: 'basic_text' })
  expect(set).toEqual(refused)
  expect(existsSync(join(dataDir, 'keychain.json'))).toBe(false)
})

test('with a keychain a secret is kept, encrypted, for the next start', async ({ open, dataDir }) => {
  const here = keyringIsHere()
  test.skip(!here && process.env['CI'] === undefined, 'needs dbus-daemon, dbus-send and gnome-keyring-daemon')
  const keyring = await startKeyring()
  try {
    const options = { args: ['--password-store=gnome-libsecret'], env: keyring.env }
    const first = await open(options)
    const kept = { secret: 'opensesame-4711' }
    const listed = { references: [reference] }
    expect(await walk(first.window)).toEqual([{ status: 'available' }, { secret: null }, {}, kept, listed])
    await end(first.app)

    const file = join(dataDir, 'keychain.json')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file, 'utf8')).toContain(reference)
    expect(readFileSync(file, 'utf8')).not.toContain('opensesame')
    expect(readFileSync(file, 'utf8')).not.toContain(Buffer.from('opensesame').toString('base64').slice(0, 12))

    const second = await open(options)
    expect(await walk(second.window)).toEqual([{ status: 'available' }, kept, {}, kept, listed])
  } finally {
    await keyring.stop()
  }
})
