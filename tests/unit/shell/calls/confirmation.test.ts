import { describe, expect, test } from 'vitest'
import { calls, type EngineCallName } from '#shared/contract.ts'
import { copySchema } from '#shared/copy.ts'
import { databaseSchema } from '#shared/database.ts'
import { pinSchema, serverSchema } from '#shared/server.ts'
import { sealSchema } from '#shared/vault.ts'
import { engineAsker } from '../../../../src/main/shell/calls/ask-engine.ts'
import { questionBefore, readableSize } from '../../../../src/main/shell/calls/confirmation.ts'

const at = '2026-01-05T03:00:00.000Z'
const server = serverSchema.parse({ id: 's1', name: 'shop', host: 'db.example.net', user: 'ops', addedAt: at })
const demo = serverSchema.parse({ id: 's2', name: 'demo', host: '127.0.0.1', port: 4022, demo: true, addedAt: at })
const byAlias = serverSchema.parse({ id: 's3', name: 'nightly', host: 'web', configHost: 'web', addedAt: at })
const database = (id: string, label: string) =>
  databaseSchema.parse({
    id,
    server: 's1',
    serverName: 'shop',
    label,
    place: { kind: 'host' },
    dbname: 'shop_db',
    dbuser: 'shop',
    addedAt: at,
  })
const pin = pinSchema.parse({
  host: 'db.example.net',
  port: 22,
  way: '',
  type: 'ssh-ed25519',
  key: 'AAAA',
  addedAt: at,
  fingerprint: `SHA256:${'a'.repeat(43)}`,
})
/** of the machine that ~/.ssh/config names `web` */
const pinOfAlias = { ...pin, host: '10.0.0.5', port: 2222, way: 'door', fingerprint: `SHA256:${'b'.repeat(43)}` }
const copy = copySchema.parse({
  id: 'c1',
  server: 'shop',
  label: 'prod',
  file: '/copies/shop/prod/back\u202Eup_prod.sql.gz',
  bytes: 25_800_000,
  sha256: 'f'.repeat(64),
  takenAt: at,
  storedAt: at,
  origin: 'dump',
  serverVersion: null,
  dumpVersion: null,
  tableCount: 0,
  rowCount: 0,
  rung: 'readable',
  face: 'proven',
  lastProofAt: at,
  proofs: [],
  tables: [],
  findings: [],
  statements: {},
  largeObjects: 0,
  needs: { roles: [], extensions: [], settings: null },
  compression: 'gzip',
  format: 'plain',
  encoding: null,
  sqlBytes: null,
  manifestFile: '/m',
  source: { host: 'h', dbname: null, path: null, modifiedAt: null, timeZone: null },
})

const seal = sealSchema.parse({
  id: 'v1',
  server: 'shop',
  label: 'prod',
  file: '/copies/shop/prod/env.tar.gpg',
  bytes: 900,
  sealedAt: at,
  kind: 'passphrase',
  recipients: [],
  names: ['.env', 'worker.env'],
  files: [],
  from: 'server',
  look: 'same',
  driftReady: false,
})

function engineWith(totals: { all: number; proven: number } = { all: 1, proven: 1 }) {
  const answers: Partial<Record<EngineCallName, unknown>> = {
    'server.list': [server, demo, byAlias],
    'database.list': [database('d1', 'prod'), database('d2', 'test')],
    'copy.show': copy,
    'vault.list': [seal],
    'keychain.list': [
      { reference: 'vault:passphrase', subject: 'vault' },
      { reference: 'server:s1:password', subject: 'shop' },
    ],
  }
  const pins: Record<string, unknown> = { s1: [pin], s3: [pinOfAlias] }
  return engineAsker(async (name, input) => {
    if (name === 'pin.list') return { ok: true, value: pins[calls[name].input.parse(input).serverId] ?? [] }
    if (name === 'copy.list') {
      const total = JSON.stringify(input).includes('proven') ? totals.proven : totals.all
      return { ok: true, value: { total, copies: [] } }
    }
    return { ok: true, value: answers[name] }
  })
}

describe('the question before', () => {
  test('a server goes: which one, where it is, what goes with it, what stays', async () => {
    const { message, detail, button } = await questionBefore('server.remove', { id: 's1' }, engineWith(), 'en')
    expect(message).toContain('“shop”')
    expect(detail).toContain('ops@db.example.net:22')
    expect(detail).toContain('prod, test')
    expect(detail).toMatch(/stay on this computer/)
    expect(button).toBe('Remove the Server')
  })
  test('a database goes: which one, of which server', async () => {
    const { message, detail } = await questionBefore('database.remove', { id: 'd2' }, engineWith(), 'zh-CN')
    expect(message).toContain('“shop”')
    expect(message).toContain('“test”')
    expect(detail).toContain('shop_db')
  })
  test('the only copy goes says that it is the only one', async () => {
    const { message, detail } = await questionBefore('copy.remove', { id: 'c1' }, engineWith(), 'en')
    expect(message).toMatch(/“prod” on the server “shop”, taken Jan 5, 2026/)
    expect(detail).toContain('/copies/shop/prod/back\\u{202e}up_prod.sql.gz (25.8 MB)')
    expect(detail).toContain('ONLY copy')
  })
  test('a copy goes says how many others are proven, not counting this one', async () => {
    const engine = engineWith({ all: 4, proven: 1 })
    const { detail } = await questionBefore('copy.remove', { id: 'c1' }, engine, 'en')
    expect(detail).toContain('stay here: 3, proven readable: 0')
  })
  test('a host key goes: which key, of which server', async () => {
    const input = { host: 'db.example.net', port: 22, way: '', type: 'ssh-ed25519' }
    const { message, detail } = await questionBefore('pin.remove', input, engineWith(), 'en')
    expect(message).toContain('db.example.net:22')
    expect(message).toMatch(/login at “shop”\?$/)
    expect(detail).toContain(pin.fingerprint)
  })
  test('a host key of a machine that ~/.ssh/config names otherwise goes: of which server, all the same', async () => {
    const input = { host: '10.0.0.5', port: 2222, way: 'door', type: 'ssh-ed25519' }
    const { message, detail } = await questionBefore('pin.remove', input, engineWith(), 'zh-CN')
    expect(message).toContain('10.0.0.5:2222（经由 door）')
    expect(message).toContain('“nightly”')
    expect(detail).toContain(pinOfAlias.fingerprint)
  })
  test('a host key of the same address behind another jump host is another one, and nobody trusts it', async () => {
    const input = { host: '10.0.0.5', port: 2222, way: 'hall', type: 'ssh-ed25519' }
    const { message, detail } = await questionBefore('pin.remove', input, engineWith(), 'en')
    expect(message).toBe('Forget the host key of 10.0.0.5:2222 via hall?')
    expect(detail).not.toContain(pinOfAlias.fingerprint)
  })
  test('the demo goes names the demo server, never another', async () => {
    expect((await questionBefore('demo.remove', {}, engineWith(), 'en')).message).toContain('“demo”')
  })
  test('sealed files are written out says whose, where to, and that they are in clear', async () => {
    const input = { id: 'v1', to: '/home/ops/out\u202E' }
    const { message, detail, button } = await questionBefore('vault.open', input, engineWith(), 'en')
    expect(message).toContain('“prod” on the server “shop”')
    expect(detail).toContain('/home/ops/out\\u{202e}')
    expect(detail).toContain('.env, worker.env')
    expect(detail).toContain('IN CLEAR')
    expect(button).toBe('Write the Files')
  })
  test('the passphrase of the vault is forgotten says what may be lost with it', async () => {
    const { message, detail } = await questionBefore(
      'keychain.forget',
      { reference: 'vault:passphrase' },
      engineWith(),
      'en',
    )
    expect(message).toContain('passphrase of the vault')
    expect(detail).toMatch(/NOBODY can open/)
  })
  test('a password is forgotten names its server', async () => {
    const input = { reference: 'server:s1:password' }
    expect((await questionBefore('keychain.forget', input, engineWith(), 'en')).message).toContain('“shop”')
  })
  test.each([
    ['vault.open', { id: 'gone', to: '/tmp' }],
    ['keychain.forget', { reference: 'gone' }],
    ['server.remove', { id: 'gone' }],
    ['database.remove', { id: 'gone' }],
  ] as const)('%s is not asked for what is not there', async (name, input) => {
    await expect(questionBefore(name, input, engineWith(), 'en')).rejects.toMatchObject({ kind: 'not-found' })
  })
})

test("the engine's failure goes on as it is", async () => {
  const failure = { kind: 'not-found' as const, message: 'No such copy.', remedy: 'r', retry: 'no' as const }
  const engine = engineAsker(async () => ({ ok: false, failure }))
  await expect(questionBefore('copy.remove', { id: 'x' }, engine, 'en')).rejects.toMatchObject({ kind: 'not-found' })
})

test.each([
  [0, '0 byte'],
  [999, '999 byte'],
  [1000, '1 kB'],
  [25_800_000, '25.8 MB'],
  [3_210_000_000, '3.2 GB'],
  [9e15, '9,000 TB'],
])('%d bytes read %s', (bytes, text) => {
  expect(readableSize(bytes, 'en')).toBe(text)
})
