import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { join } from 'node:path'
import { createEngine } from '#engine/engine.ts'
import { noKeychain } from '#engine/host/keychain.ts'
import type { ServerTest } from '#shared/contract.ts'
import type { Server } from '#shared/server.ts'
import { memoryKeychain } from '../../../support/vault.ts'
import { catalogueIn, noon, scratch, someDatabase, someServer } from '../../../support/copies.ts'

const seen = {
  sealId: 's',
  at: noon().toISOString(),
  equal: true,
  added: 0,
  removed: 0,
  changed: 0,
  otherwise: 0,
  missing: 0,
  unsealed: 0,
}

/** What is still known of a server that was tested and compared, after it was changed in this way. */
async function knownAfter(change: Partial<Server>) {
  const dataDir = scratch('memory')
  const catalogue = catalogueIn(dataDir)
  const server = someServer('shop')
  const database = someDatabase(server, 'prod')
  catalogue.servers.insert(server)
  catalogue.databases.insert(database)
  const tested: ServerTest = { serverId: server.id, at: noon().toISOString(), running: false, checks: [], found: [] }
  catalogue.tests.put(tested)
  catalogue.drifts.put(database.id, seen)
  const options = { dataDir, copiesDir: join(dataDir, 'copies'), version: 't', keychain: noKeychain, now: noon }
  const engine = await createEngine(options)
  try {
    await engine.call('server.update', { id: server.id, server: { ...server, ...change } })
    const test = await engine.call('server.lastTest', { id: server.id })
    return { test: test !== null, drift: catalogue.drifts.get(database.id) !== undefined }
  } finally {
    await engine.stop()
  }
}

test('what was proven of a server stays with it under another name', async () => {
  expect(await knownAfter({ name: 'store' })).toEqual({ test: true, drift: true })
})

test.each<Partial<Server>>([{ host: 'new.example.org' }, { port: 2222 }, { user: 'root' }, { sudo: true }])(
  'nothing that was proven of another machine or account stands beside the new one: %j',
  async (change) => {
    expect(await knownAfter(change)).toEqual({ test: false, drift: false })
  },
)

test('its kept password goes with the login that it was for, and with the server; those of others stay', async () => {
  const dataDir = scratch('memory')
  const catalogue = catalogueIn(dataDir)
  const [shop, other] = [someServer('shop'), someServer('other')]
  for (const server of [shop, other]) catalogue.servers.insert(server)
  const { keychain, held } = memoryKeychain()
  const keep = () => [shop, other].forEach(({ id }) => held.set(`server:${id}:password:1`, 'kept'))
  const options = { dataDir, copiesDir: join(dataDir, 'copies'), version: 't', keychain, now: noon }
  const engine = await createEngine(options)
  try {
    keep()
    await engine.call('server.update', { id: shop.id, server: { ...shop, name: 'store' } })
    expect([...held.keys()]).toEqual(['server:id-of-shop:password:1', 'server:id-of-other:password:1'])
    await engine.call('server.update', { id: shop.id, server: { ...shop, host: 'new.example.org' } })
    expect([...held.keys()]).toEqual(['server:id-of-other:password:1'])
    keep()
    await engine.call('server.remove', { id: shop.id })
    expect([...held.keys()]).toEqual(['server:id-of-other:password:1'])
  } finally {
    await engine.stop()
  }
})

test('a test under way is given up when the server gets another address, and the new one is tested', async () => {
  const mute = createServer((socket) => socket.on('error', () => undefined))
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
  const address = mute.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const dataDir = scratch('memory')
  const catalogue = catalogueIn(dataDir)
  const server = { ...someServer('shop'), host: '127.0.0.1', port }
  catalogue.servers.insert(server)
  const options = { dataDir, copiesDir: join(dataDir, 'copies'), version: 't', keychain: noKeychain, now: noon }
  const engine = await createEngine(options)
  try {
    const first = await engine.call('server.test', { id: server.id })
    expect(await engine.call('server.test', { id: server.id })).toEqual(first)
    await engine.call('server.update', { id: server.id, server: { ...server, user: 'other' } })
    await expect
      .poll(async () => (await engine.call('job.list', { limit: 10 })).find(({ id }) => id === first.jobId)?.state)
      .toBe('cancelled')
    expect(await engine.call('server.lastTest', { id: server.id })).toBeNull()
    expect(await engine.call('server.test', { id: server.id })).not.toEqual(first)
  } finally {
    await engine.stop()
    mute.close()
  }
})
