import { expect, test } from 'vitest'
import { envFiles, vaultWorld } from '../../../support/vault.ts'

test('a seal follows its server and its database to their new names, and a new owner of the old name gets none', async () => {
  let at = Date.parse('2025-06-15T12:00:00Z')
  const { engine, databaseId, seal } = await vaultWorld({ now: () => new Date((at += 1000)) })
  const id = await seal(envFiles({ '.env': 'A=1\n' }))
  const [server] = await engine.call('server.list', {})
  const [database] = await engine.call('database.list', {})
  if (!server || !database) throw new Error('nothing is there')
  await engine.call('server.update', { id: server.id, server: { ...server, name: 'store' } })
  await engine.call('database.update', { id: databaseId, database: { ...database, label: 'live' } })
  expect(await engine.call('vault.list', { server: 'store', label: 'live' })).toMatchObject([{ id }])
  const next = await engine.call('server.add', { name: 'shop', host: '127.0.0.1', port: 2 })
  await engine.call('database.add', { ...database, server: next.id, label: 'prod' })
  expect(await engine.call('vault.list', { server: 'shop', label: 'prod' })).toEqual([])
  // it is sealed as before: for the same database, with what was typed for its first seal
  const again = await seal(envFiles({ '.env': 'A=2\n' }))
  expect((await engine.call('vault.list', { server: 'store', label: 'live' })).map((each) => each.id)).toEqual([
    again,
    id,
  ])
})
