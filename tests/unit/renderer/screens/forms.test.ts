import { describe, expect, test } from 'vitest'
import { newDatabaseSchema } from '#shared/database.ts'
import { newServerSchema } from '#shared/server.ts'
import {
  emptyServerForm,
  serverFaultsOf,
  serverFormOf,
  serverOf,
} from '../../../../src/renderer/screens/add-server/server-form.ts'
import { databaseOf, emptyForm, faultsOf, formOf } from '../../../../src/renderer/screens/server/database-form.ts'
import { freeLabel, freshOf } from '../../../../src/renderer/screens/server/found-databases.tsx'
import { databases, sample, servers } from '../../../app/support/sample-data.ts'

describe('the form of a server', () => {
  test('gives back what it was filled with', () => {
    for (const server of servers)
      expect(newServerSchema.parse(serverOf(serverFormOf(server)))).toMatchObject({
        name: server.name,
        host: server.host,
        port: server.port,
        auth: server.auth,
      })
  })

  test('takes the host for a name that was left empty', () => {
    expect(serverOf({ ...emptyServerForm, host: ' shop.example.org ' })).toMatchObject({
      name: 'shop.example.org',
      host: 'shop.example.org',
    })
  })

  test('names every field that does not fit', () => {
    const form = { ...emptyServerForm, host: 'h', name: 'a/b', port: '70000', auth: 'key' as const, hostKey: 'MD5:00' }
    expect(serverFaultsOf(form, [])).toEqual({ name: 'name', port: 'port', keyFile: 'needed', hostKey: 'fingerprint' })
    expect(serverFaultsOf(emptyServerForm, [])).toEqual({ host: 'needed' })
    expect(serverFaultsOf({ ...emptyServerForm, host: 'h', name: 'shop' }, ['shop'])).toEqual({ name: 'taken' })
    expect(serverFaultsOf({ ...emptyServerForm, host: 'h', port: '2 2' }, [])).toEqual({ port: 'port' })
  })

  test('what it lets through, the contract takes', () => {
    const form = { ...emptyServerForm, host: 'h', port: '2222' }
    expect(serverFaultsOf(form, [])).toEqual({})
    expect(newServerSchema.safeParse(serverOf(form)).success).toBe(true)
  })
})

describe('the form of a database', () => {
  test('gives back what it was filled with', () => {
    for (const database of databases) {
      const { id: _id, serverName: _name, addedAt: _at, ...plain } = database
      expect(newDatabaseSchema.parse(databaseOf(database.server, formOf(database)))).toEqual(plain)
    }
  })

  test('asks only for what the chosen place needs', () => {
    const form = { ...emptyForm, label: 'prod', dbname: 'shop' }
    expect(faultsOf(form)).toEqual({ dir: 'needed', service: 'needed' })
    expect(faultsOf({ ...form, placeKind: 'container' })).toEqual({ container: 'needed' })
    expect(faultsOf({ ...form, placeKind: 'host' })).toEqual({})
  })

  test('wants absolute paths and a label that can be seen', () => {
    const form = {
      ...emptyForm,
      placeKind: 'host' as const,
      label: 'a\u202Eb',
      dbname: 'x',
      backups: 'backups',
      env: '/a\n.env',
    }
    expect(faultsOf(form)).toEqual({ label: 'name', backups: 'absolute', env: 'absolute' })
  })
})

describe('a database that was found', () => {
  const known = sample(databases, 0)
  const found = {
    label: 'other',
    place: known.place,
    project: null,
    container: null,
    image: null,
    dbname: known.dbname,
    dbuser: 'x',
    serverVersion: null,
    dumpVersion: null,
    size: null,
    backups: null,
    env: [],
  }

  test('is known again by its place, whatever it is called here', () => {
    const another = { ...found, dbname: 'another' }
    expect(freshOf([found, another], databases)).toEqual([another])
  })

  test('of several projects in one folder, none is hidden by a database that names no project', () => {
    const of = (project: string | null) => {
      return { kind: 'compose' as const, dir: '/srv/app', file: null, service: 'db', project }
    }
    const [one, two] = [
      { ...found, place: of('one') },
      { ...found, place: of('two') },
    ]
    const nameless = { ...known, place: of(null) }
    expect(freshOf([one], [nameless])).toEqual([])
    expect(freshOf([one, two], [nameless])).toEqual([one, two])
    expect(freshOf([one, two], [nameless, { ...known, place: of('one') }])).toEqual([two])
  })

  test('never takes a label that is taken', () => {
    expect(freeLabel('prod', [])).toBe('prod')
    expect(freeLabel('prod', ['prod', 'prod-2'])).toBe('prod-3')
  })
})
