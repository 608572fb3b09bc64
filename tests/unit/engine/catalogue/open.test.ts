import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { beforeEach, describe, expect, test } from 'vitest'
import { openCatalogue } from '#engine/catalogue/open.ts'
import { openStore } from '#engine/catalogue/store.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import { catalogueIn, draftOf, noon, scratch, someDatabase, someServer } from '../../../support/copies.ts'

let dir: string
const file = (name: string): string => join(dir, name)
beforeEach(() => {
  dir = join(scratch(), 'data')
})

function withShop() {
  const catalogue = catalogueIn(dir)
  const shop = someServer('shop')
  catalogue.servers.insert(shop)
  catalogue.databases.insert(someDatabase(shop, 'prod'))
  catalogue.settings.set({ ageLimitHours: 7 })
  return catalogue
}

/** Opens again, tells what it said, and what is known then. */
function reopened() {
  const { catalogue, rebuilt } = openCatalogue(dir, { now: noon })
  const servers = catalogue.servers.list().map(({ name }) => name)
  const databases = catalogue.databases.list().map(({ serverName, label }) => `${serverName}/${label}`)
  const { ageLimitHours } = catalogue.settings.get()
  const pending = catalogue.rebuildPending()
  catalogue.close()
  return { rebuilt, servers, databases, ageLimitHours, pending }
}

test('only the operator can read it', () => {
  withShop()
  expect(statSync(dir).mode & 0o777).toBe(0o700)
  for (const name of readdirSync(dir)) expect(statSync(file(name)).mode & 0o077, name).toBe(0)
})

test('a commit survives a power cut: synchronous is FULL', () => {
  withShop().close()
  const store = openStore(file('catalogue.sqlite'))
  // better-sqlite3 would take NORMAL (1) with WAL
  expect(store.get('PRAGMA synchronous')).toEqual({ synchronous: 2 })
  expect(store.get('PRAGMA journal_mode')).toEqual({ journal_mode: 'wal' })
  store.close()
})

test('everything is there after a close, and nothing is said to be rebuilt', () => {
  withShop().close()
  expect(reopened()).toMatchObject({ rebuilt: null, servers: ['shop'], databases: ['shop/prod'], ageLimitHours: 7 })
})

describe('a damaged catalogue is found, set aside and made anew', () => {
  const damages: Record<string, () => void> = {
    garbage: () => writeFileSync(file('catalogue.sqlite'), 'no database at all'.repeat(500)),
    truncated: () => truncateSync(file('catalogue.sqlite'), 20_000),
    'cut inside the header': () => truncateSync(file('catalogue.sqlite'), 50),
    'a flipped byte in a copy': () => flip('backup_prod_1'),
    'a flipped byte in a server': () => flip('shop.example.org'),
    'a flipped version': () => poke(60, 9),
    'a flipped write version': () => poke(18, 9),
    'a flipped page size': () => poke(16, 0x55),
    'another program’s tables': () => {
      rmSync(file('catalogue.sqlite'))
      const other = new Sqlite(file('catalogue.sqlite'))
      other.exec('CREATE TABLE notes (text); PRAGMA user_version = 1')
      other.close()
    },
  }
  test.each(Object.entries(damages))('%s', (_, damage) => {
    const catalogue = withShop()
    catalogue.copies.put(
      { ...draftOf(Buffer.from('x')), file: 'backup_prod_1.sql.gz' },
      '/c/s/p/backup_prod_1.manifest.json',
    )
    catalogue.rebuildDone()
    catalogue.close()
    damage()
    const { rebuilt, ...rest } = reopened()
    expect(rebuilt).toMatch(/^The catalogue was damaged .*made anew from profiles.json/)
    expect(rest).toEqual({ servers: ['shop'], databases: ['shop/prod'], ageLimitHours: 7, pending: true })
    expect(readdirSync(dir).filter((name) => /^catalogue\.corrupt-20250615T120000\.sqlite$/.test(name))).toHaveLength(1)
    expect(reopened().rebuilt).toBeNull()
  })

  function flip(text: string): void {
    const bytes = readFileSync(file('catalogue.sqlite'))
    const at = bytes.indexOf(text)
    expect(at).toBeGreaterThan(0)
    poke(at + 2, 0x20)
  }
  function poke(at: number, mask: number): void {
    const bytes = readFileSync(file('catalogue.sqlite'))
    bytes[at] = (bytes[at] ?? 0) ^ mask
    writeFileSync(file('catalogue.sqlite'), bytes)
  }
})

describe('what the file of profiles knows is never lost with the catalogue', () => {
  test('the catalogue was removed', () => {
    withShop().close()
    rmSync(file('catalogue.sqlite'))
    expect(reopened()).toMatchObject({
      rebuilt: expect.stringContaining('was missing'),
      servers: ['shop'],
      ageLimitHours: 7,
    })
  })

  test('the catalogue was emptied', () => {
    withShop().close()
    truncateSync(file('catalogue.sqlite'), 0)
    expect(reopened()).toMatchObject({ rebuilt: expect.stringContaining('lost its latest changes'), servers: ['shop'] })
  })

  test('its WAL file was removed, and the latest changes with it', () => {
    const catalogue = withShop()
    catalogue.close()
    const open = catalogueIn(dir)
    open.servers.insert(someServer('second'))
    open.servers.insert(someServer('third'))
    // as a copy of the folder taken by somebody who knows nothing of WAL
    const main = readFileSync(file('catalogue.sqlite'))
    open.close()
    writeFileSync(file('catalogue.sqlite'), main)
    expect(reopened()).toMatchObject({
      rebuilt: expect.stringContaining('lost its latest changes'),
      servers: ['second', 'shop', 'third'],
    })
  })

  test('a change whose process died before its commit is done, and what it was writing is swept', () => {
    const catalogue = withShop()
    catalogue.close()
    const database = readFileSync(file('catalogue.sqlite'))
    const open = catalogueIn(dir)
    open.settings.set({ ageLimitHours: 9 })
    open.close()
    writeFileSync(file('catalogue.sqlite'), database)
    writeFileSync(file('.lifeboat-temp-4194305-0123456789ab'), '{"half')
    expect(reopened()).toMatchObject({ rebuilt: null, ageLimitHours: 9 })
    expect(readdirSync(dir).filter((name) => name.startsWith('.'))).toEqual([])
  })

  test('an older profiles.json does not undo what the catalogue knows', () => {
    withShop().close()
    const old = readFileSync(file('profiles.json'))
    const open = catalogueIn(dir)
    open.servers.insert(someServer('second'))
    open.close()
    writeFileSync(file('profiles.json'), old)
    expect(reopened()).toMatchObject({ rebuilt: null, servers: ['second', 'shop'] })
    rmSync(file('catalogue.sqlite'))
    expect(reopened().servers).toEqual(['second', 'shop'])
  })

  test('a profiles.json that can not be read costs nothing while the catalogue is well, and is said aloud when it is not', () => {
    withShop().close()
    writeFileSync(file('profiles.json'), '{"half')
    expect(reopened()).toMatchObject({ rebuilt: null, servers: ['shop'] })
    writeFileSync(file('profiles.json'), '{"half')
    writeFileSync(file('catalogue.sqlite'), 'garbage'.repeat(1000))
    expect(reopened()).toMatchObject({ rebuilt: expect.stringContaining('have to be added again'), servers: [] })
  })

  test('a profiles.json edited into something impossible does not keep Lifeboat from opening', () => {
    withShop().close()
    const kept: unknown = JSON.parse(readFileSync(file('profiles.json'), 'utf8'))
    const text = JSON.stringify(kept)
      .replace('"generation":3', '"generation":99')
      .replaceAll('"server":"id-of-shop"', '"server":"nobody"')
    writeFileSync(file('profiles.json'), text)
    rmSync(file('catalogue.sqlite'))
    expect(reopened()).toMatchObject({ rebuilt: expect.stringContaining('have to be added again'), servers: [] })
  })

  test('a change that can not be written into it is not made', () => {
    const catalogue = withShop()
    rmSync(file('profiles.json'))
    // a folder in its place refuses the rename, even to root
    mkdirSync(join(file('profiles.json'), 'full'), { recursive: true })
    expect(() => catalogue.settings.set({ ageLimitHours: 9 })).toThrow(LifeboatFailure)
    expect(catalogue.settings.get().ageLimitHours).toBe(7)
    expect(readdirSync(dir).filter((name) => name.startsWith('.'))).toEqual([])
  })
})

test('a catalogue of a newer Lifeboat is refused and left alone', () => {
  withShop().close()
  const database = new Sqlite(file('catalogue.sqlite'))
  database.exec(`PRAGMA user_version = 99; UPDATE meta SET value = '99' WHERE key = 'version'`)
  database.close()
  expect(() => openCatalogue(dir, { now: noon })).toThrow(/newer Lifeboat \(version 99/)
  expect(readdirSync(dir).filter((name) => name.includes('corrupt'))).toEqual([])
})

test('a catalogue that another program holds is busy, not corrupt', () => {
  withShop().close()
  const other = new Sqlite(file('catalogue.sqlite'))
  other.pragma('locking_mode = EXCLUSIVE')
  other.exec('BEGIN EXCLUSIVE')
  try {
    expect(() => openCatalogue(dir, { now: noon })).toThrow(expect.objectContaining({ kind: 'catalogue-busy' }))
  } finally {
    other.close()
  }
  expect(reopened()).toMatchObject({ rebuilt: null, servers: ['shop'] })
})

test('a write that finds the catalogue locked for long fails as busy, and works afterwards', () => {
  const catalogue = withShop()
  const other = new Sqlite(file('catalogue.sqlite'))
  other.exec('BEGIN IMMEDIATE')
  try {
    expect(() => catalogue.settings.set({ ageLimitHours: 9 })).toThrow(LifeboatFailure)
    // reading goes on meanwhile
    expect(catalogue.settings.get().ageLimitHours).toBe(7)
    expect(catalogue.copies.list({ sort: 'taken', descending: true, offset: 0, limit: 10 }).total).toBe(0)
  } finally {
    other.exec('ROLLBACK')
    other.close()
  }
  expect(catalogue.settings.set({ ageLimitHours: 9 }).ageLimitHours).toBe(9)
})

test('two that have it open see each other’s changes, and notice them', () => {
  const [window, terminal] = [withShop(), catalogueIn(dir)]
  const before = window.dataVersion()
  terminal.servers.insert(someServer('second'))
  expect(window.dataVersion()).not.toBe(before)
  window.servers.insert(someServer('third'))
  expect(terminal.servers.list().map(({ name }) => name)).toEqual(['second', 'shop', 'third'])
  const kept = readFileSync(file('profiles.json'), 'utf8')
  for (const name of ['second', 'shop', 'third']) expect(kept).toContain(`"name": "${name}"`)
})

test('an open window goes on with the catalogue that the terminal made anew, and both know of every server', () => {
  withShop().close()
  const window = catalogueIn(dir)
  const version = window.dataVersion()
  // in place, behind the back of the window, which has read it already
  const spoilt = readFileSync(file('catalogue.sqlite')).fill(0, 100, 4096)
  writeFileSync(file('catalogue.sqlite'), spoilt, { flag: 'r+' })
  const { catalogue: terminal, rebuilt } = openCatalogue(dir, { now: noon })
  expect(rebuilt).toContain('damaged')
  terminal.servers.insert(someServer('from-terminal'))
  expect(window.dataVersion()).not.toBe(version)
  window.servers.insert(someServer('from-window'))
  const all = ['from-terminal', 'from-window', 'shop']
  expect(window.servers.list().map(({ name }) => name)).toEqual(all)
  expect(terminal.servers.list().map(({ name }) => name)).toEqual(all)
  terminal.close()
  window.close()
  expect(reopened()).toMatchObject({ rebuilt: null, servers: all })
})
