import { describe, expect, test } from 'vitest'
import type { Database } from '#shared/database.ts'
import type { Difference, FileDifference, Seal } from '#shared/vault.ts'
import { differentCount, rowsOf, sameCount } from '../../../../src/renderer/screens/vault/difference-rows.ts'
import { groupsOf, isOf } from '../../../../src/renderer/screens/vault/groups.ts'
import { namesIn } from '../../../../src/renderer/stores/open-seal.ts'
import { guessCounter } from '../../../../src/renderer/prompts/guesses.ts'
import { strengthOf } from '../../../../src/renderer/prompts/strength.ts'

const seal = (id: string, server: string, label: string): Seal => ({
  id,
  server,
  label,
  file: `/copies/${server}/${label}/${id}.tar.gz.gpg`,
  bytes: 100,
  sealedAt: '2026-11-22T03:00:00.000Z',
  kind: 'passphrase',
  recipients: [],
  names: ['.env'],
  files: [{ name: '.env', path: '/srv/.env' }],
  from: 'server',
  look: 'same',
  driftReady: true,
})

const database = (id: string, serverName: string, label: string): Database => ({
  id,
  server: `server of ${id}`,
  serverName,
  label,
  place: { kind: 'host' },
  dbname: 'shop',
  dbuser: 'shop',
  backups: null,
  env: ['/srv/.env'],
  format: 'auto',
  sourceProof: 'fingerprints',
  verifyAfter: false,
  driftCheck: true,
  image: null,
  addedAt: '2026-01-01T00:00:00.000Z',
})

test('the files of a seal that was made by hand are known once it is open, and can be put back', () => {
  const byHand = { ...seal('a', 'shop', 'prod'), names: [], files: [], from: 'unknown' as const }
  const open = { ...byHand, names: ['.env.prod'], contents: [] }
  expect(namesIn({ id: 'a', seal: open }, byHand)).toEqual(['.env.prod'])
  expect(namesIn({ id: 'b', seal: { ...open, id: 'b' } }, byHand)).toEqual([])
  expect(namesIn({ id: null, seal: null }, seal('c', 'shop', 'prod'))).toEqual(['.env'])
})

describe('the groups of the vault', () => {
  test('hold every seal once, newest first as they came, and every database that has none yet', () => {
    const groups = groupsOf(
      [seal('b', 'shop', 'prod'), seal('x', 'gone', 'prod'), seal('a', 'shop', 'prod')],
      [database('d1', 'shop', 'prod'), database('d2', 'shop', 'test')],
    )
    expect(
      groups.map(({ server, label, databaseId, seals }) => [server, label, databaseId, seals.map(({ id }) => id)]),
    ).toEqual([
      ['gone', 'prod', null, ['x']],
      ['shop', 'prod', 'd1', ['b', 'a']],
      ['shop', 'test', 'd2', []],
    ])
  })

  test('are as their comparison says while it is of the seal that would be compared, whatever clocks say', () => {
    const ahead = { ...seal('b', 'shop', 'prod'), sealedAt: '2031-01-01T00:00:00.000Z' }
    const [group] = groupsOf([ahead, seal('a', 'shop', 'prod')], [database('d1', 'shop', 'prod')])
    if (!group) throw new Error('no group')
    expect([isOf({ sealId: 'b' }, group), isOf({ sealId: 'a' }, group)]).toEqual([true, false])
    // what it was compared with has been cut since
    const cut = { ...group, seals: group.seals.map((each) => ({ ...each, look: 'changed' as const })) }
    expect(isOf({ sealId: 'b' }, cut)).toBe(false)
  })

  test('count servers as a person does', () => {
    const groups = groupsOf([seal('a', 'web10', 'prod'), seal('b', 'web9', 'prod')], [])
    expect(groups.map(({ server }) => server)).toEqual(['web9', 'web10'])
  })
})

const file = (name: string, extra: Partial<FileDifference> = {}): FileDifference => ({
  name,
  in: 'both',
  added: [],
  removed: [],
  changed: [],
  same: 0,
  otherwise: false,
  ...extra,
})

describe('a difference, as rows', () => {
  test('tells each key once, and what is gone before what is new', () => {
    const difference: Difference = {
      equal: false,
      files: [
        file('.env', { added: ['NEW'], removed: ['OLD'], changed: ['A', 'B'], same: 3 }),
        file('same', { same: 2 }),
      ],
    }
    expect(rowsOf(difference).map(({ key, kind }) => [key, kind])).toEqual([
      ['OLD', 'gone'],
      ['A', 'changed'],
      ['B', 'changed'],
      ['NEW', 'new'],
    ])
    expect(sameCount(difference)).toBe(5)
  })

  test('is never empty where the two are not equal', () => {
    const one = (extra: Partial<FileDifference>) => differentCount({ equal: false, files: [file('.env', extra)] })
    expect(one({ in: 'left' })).toBe(1)
    expect(one({ in: 'right' })).toBe(1)
    expect(one({ otherwise: true })).toBe(1)
    expect(one({ changed: ['A'] })).toBe(1)
  })

  test('names a file that is missing on the server once, whatever else is told of it', () => {
    const rows = rowsOf({ equal: false, missing: ['.env'], files: [file('.env', { in: 'left', removed: ['A'] })] })
    expect(rows).toEqual([{ file: '.env', key: null, kind: 'file-gone' }])
  })
})

describe('the strength of a passphrase', () => {
  test('is told by the time that guessing takes', () => {
    const seconds = (value: number) => strengthOf(value * 2 * 100_000)
    expect([59, 61, 86_401, 366 * 86_400, 101 * 365 * 86_400].map(seconds)).toEqual([
      'minute',
      'day',
      'year',
      'century',
      'beyond',
    ])
  })

  test('knows words, names and keyboards, and does not take length for strength', () => {
    const count = guessCounter()
    const estimate = (passphrase: string) => strengthOf(count(passphrase))
    for (const weak of ['password1', 'qwertyuiop', 'aaaaaaaaaaaaaaaaaaaaaaaa', 'Elizabeth1987']) {
      expect([weak, ['minute', 'day'].includes(estimate(weak))]).toEqual([weak, true])
    }
    expect(estimate('eleven quiet herons walk past midnight')).toBe('beyond')
    expect(estimate('eleven quiet herons walk past midnight '.repeat(30))).toBe('beyond')
  })
})
