import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import type { Pin } from '#shared/server.ts'
import { openCatalogue } from '#engine/catalogue/open.ts'
import { catalogueIn, draftOf, noon, scratch, someDatabase, someServer } from '../../../support/copies.ts'

const query = { sort: 'taken', descending: true, offset: 0, limit: 100 } as const
const later = (): Date => new Date(noon().getTime() + 60_000)

function withCopy(now = later) {
  const dir = scratch()
  const catalogue = catalogueIn(dir, now)
  const shop = someServer('shop')
  const prod = someDatabase(shop, 'prod')
  catalogue.servers.insert(shop)
  catalogue.databases.insert(prod)
  const manifest = { ...draftOf(Buffer.from('x')), file: 'a.sql.gz' }
  catalogue.copies.put(manifest, '/copies/shop/prod/a.manifest.json')
  return { dir, catalogue, shop, prod, manifest }
}

test('a server that gets another name keeps its copies, and those who jump through it keep their way', () => {
  const { catalogue, shop, manifest } = withCopy()
  catalogue.servers.insert(someServer('inner', { jump: 'shop' }))
  catalogue.servers.update({ ...shop, name: 'store' })
  expect(catalogue.copies.list({ ...query, server: 'store' }).total).toBe(1)
  expect(catalogue.copies.newest('store', 'prod')?.id).toBe(manifest.id)
  expect(catalogue.servers.byName('inner')?.jump).toBe('store')
  expect(catalogue.databases.list()[0]?.serverName).toBe('store')
})

test('a label that changes takes its copies along, and only those of its own server', () => {
  const { catalogue, prod } = withCopy()
  const other = { ...draftOf(Buffer.from('y'), { server: 'other' }), file: 'b.sql.gz' }
  catalogue.copies.put(other, '/copies/other/prod/b.manifest.json')
  catalogue.databases.update({ ...prod, label: 'live' })
  expect(catalogue.copies.newest('shop', 'live')).toBeDefined()
  expect(catalogue.copies.newest('other', 'prod')?.id).toBe(other.id)
})

test('copies read from their manifests again still belong to the server that was renamed since', () => {
  const { catalogue, shop, manifest } = withCopy()
  catalogue.servers.update({ ...shop, name: 'store' })
  catalogue.copies.clear()
  expect(catalogue.copies.put(manifest, '/copies/shop/prod/a.manifest.json').server).toBe('store')
})

test('a clock that was set back by a day does not cut a renamed server from its copies', () => {
  const { catalogue, shop, prod, manifest } = withCopy(() => new Date(noon().getTime() - 86_400_000))
  catalogue.servers.update({ ...shop, name: 'store' })
  catalogue.databases.update({ ...prod, label: 'live' })
  catalogue.copies.clear()
  const row = catalogue.copies.put(manifest, '/copies/shop/prod/a.manifest.json')
  expect(row).toMatchObject({ server: 'store', label: 'live' })
})

test('a new server under the old name gets its own copies, not those of the renamed one', () => {
  const { catalogue, shop } = withCopy()
  catalogue.servers.update({ ...shop, name: 'store' })
  catalogue.servers.insert(someServer('shop', { id: 'another' }))
  const storedAt = new Date(later().getTime() + 1000).toISOString()
  const manifest = { ...draftOf(Buffer.from('z'), { storedAt }), file: 'c.sql.gz' }
  expect(catalogue.copies.put(manifest, '/copies/shop/prod/c.manifest.json').server).toBe('shop')
  expect(catalogue.copies.list({ ...query, server: 'store' }).total).toBe(1)
})

test('a name is taken once, a label once for each server', () => {
  const { catalogue, shop } = withCopy()
  expect(() => catalogue.servers.insert(someServer('shop', { id: 'x' }))).toThrow(/already a server called shop/)
  expect(() => catalogue.databases.insert(someDatabase(shop, 'prod', { id: 'x' }))).toThrow(/already has a database/)
  catalogue.servers.insert(someServer('second'))
  expect(() => catalogue.servers.update({ ...shop, name: 'second' })).toThrow(/already a server called second/)
})

test('a server that goes takes its databases along and leaves its copies', () => {
  const { catalogue, shop } = withCopy()
  catalogue.servers.remove(shop.id)
  expect(catalogue.databases.list()).toEqual([])
  expect(catalogue.copies.list(query).total).toBe(1)
})

test('an accepted host key is never replaced by another one', () => {
  const { catalogue } = withCopy()
  const pin = {
    host: 'shop.example.org',
    port: 22,
    way: '',
    type: 'ssh-ed25519',
    key: 'AAAA',
    fingerprint: `SHA256:${'a'.repeat(43)}`,
    addedAt: noon().toISOString(),
  }
  catalogue.pins.add(pin)
  catalogue.pins.add(pin)
  expect(() => catalogue.pins.add({ ...pin, key: 'BBBB' })).toThrow(
    expect.objectContaining({ kind: 'host-key-changed' }),
  )
  expect(catalogue.pins.forHost('shop.example.org', 22)).toEqual([pin])
  expect(catalogue.pins.forHost('shop.example.org', 2222)).toEqual([])
  catalogue.pins.remove(pin)
  expect(catalogue.pins.list()).toEqual([])
})

describe('a host key that was accepted when no way was kept', () => {
  const old: Pin = {
    host: '10.0.0.5',
    port: 22,
    way: null,
    type: 'ssh-ed25519',
    key: 'AAAA',
    fingerprint: `SHA256:${'a'.repeat(43)}`,
    addedAt: noon().toISOString(),
  }
  const behind = { host: '10.0.0.5', port: 22, way: 'door' }
  const direct = { ...behind, way: '' }

  test('is kept with the way over which it was shown, and stays that of the direct connection', () => {
    const { catalogue } = withCopy()
    catalogue.pins.add(old)
    catalogue.pins.settle('10.0.0.5', 22, behind, old)
    expect(catalogue.pins.list()).toEqual([
      { ...old, way: '' },
      { ...old, way: 'door' },
    ])
    // as when two processes see it at once
    catalogue.pins.settle('10.0.0.5', 22, { ...behind, way: 'hall' }, old)
    expect(catalogue.pins.list()).toHaveLength(2)
    catalogue.pins.add({ ...old, way: 'hall', key: 'BBBB' })
    expect(() => catalogue.pins.add({ ...old, way: 'hall' })).toThrow(/Another ssh-ed25519 key/)
    catalogue.pins.remove({ ...old, way: 'door' })
    expect(catalogue.pins.forHost('10.0.0.5', 22).map(({ way }) => way)).toEqual(['', 'hall'])
  })

  test('is that of the direct connection alone where it was shown there, and never beside another of its type', () => {
    const { catalogue } = withCopy()
    catalogue.pins.add(old)
    expect(() => catalogue.pins.add({ ...old, way: '', key: 'BBBB' })).toThrow(/Another ssh-ed25519 key/)
    catalogue.pins.settle('10.0.0.5', 22, direct, { ...old, key: 'BBBB' })
    expect(catalogue.pins.list()).toEqual([old])
    catalogue.pins.settle('10.0.0.5', 22, direct, old)
    expect(catalogue.pins.list()).toEqual([{ ...old, way: '' }])
  })

  test('is what the pins of an older catalogue become, there and in profiles.json', () => {
    const { dir, catalogue } = withCopy()
    catalogue.pins.add(old)
    catalogue.close()
    const file = join(dir, 'profiles.json')
    const written = z.object({ profiles: z.looseObject({ pins: z.array(z.looseObject({ way: z.null() })) }) })
    const { profiles } = written.parse(JSON.parse(readFileSync(file, 'utf8')))
    for (const pin of profiles.pins) Reflect.deleteProperty(pin, 'way')
    const checksum = createHash('sha256').update(JSON.stringify(profiles)).digest('hex')
    writeFileSync(file, JSON.stringify({ checksum, profiles }))
    const database = new Sqlite(join(dir, 'catalogue.sqlite'))
    database.exec(`
      DROP TABLE pins;
      CREATE TABLE pins (
        host TEXT NOT NULL, port INTEGER NOT NULL, type TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL,
        added_at TEXT NOT NULL, PRIMARY KEY (host, port, type)
      ) STRICT;
      INSERT INTO pins VALUES ('10.0.0.5', 22, 'ssh-ed25519', 'AAAA', '${old.fingerprint}', '${old.addedAt}');
      UPDATE meta SET value = '3' WHERE key = 'version';
      PRAGMA user_version = 3;
    `)
    database.close()
    const opened = openCatalogue(dir, { now: noon })
    onTestFinished(() => opened.catalogue.close())
    expect(opened.rebuilt).toBeNull()
    expect(opened.catalogue.pins.list()).toEqual([old])
    expect(opened.catalogue.servers.byName('shop')).toBeDefined()
  })
})

test('the result of a connection test goes with its server', () => {
  const { catalogue, shop } = withCopy()
  const result = { serverId: shop.id, at: noon().toISOString(), running: false, checks: [], found: [] }
  catalogue.tests.put(result)
  expect(catalogue.tests.get(shop.id)).toEqual(result)
  catalogue.servers.remove(shop.id)
  catalogue.tests.put(result)
  expect(catalogue.tests.get(shop.id)).toBeUndefined()
})
