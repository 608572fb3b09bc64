import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CopyTable, Snapshot } from '#shared/copy.ts'
import type { DumpReport } from '#shared/dump-report.ts'
import { faceOf } from '#shared/proof.ts'
import { asDumped, differences, sourceMatcher, type CountedTable } from '#engine/copies/at-source.ts'
import { sourceProof } from '#engine/copies/evidence.ts'

const table = (name: string, rows: number, fingerprint: string | null = String(rows * 7)): CopyTable => ({
  schema: 'public',
  name,
  rows,
  fingerprint,
  database: null,
})
const counted = (name: string, rows: number, fingerprint: string | null, ...roots: string[]): CountedTable => ({
  schema: 'public',
  name,
  rows,
  fingerprint,
  roots: roots.map((root) => ({ schema: 'public', name: root })),
})
const dumpOf = (tables: CopyTable[], change: Partial<DumpReport> = {}): DumpReport => ({
  outcome: 'proven',
  compression: 'zstd',
  checksummed: false,
  format: 'plain',
  dumps: 1,
  cluster: false,
  endMarkers: 1,
  serverVersion: '18.1',
  dumpVersion: '18.1',
  encoding: 'UTF8',
  timeZone: null,
  tables: tables.map((each) => ({ ...each, columns: null })),
  statements: {},
  largeObjects: 0,
  roles: [],
  extensions: [],
  sqlBytes: 1,
  findings: [],
  moreFindings: 0,
  ...change,
})
const snapshotOf = (tables: CopyTable[], note: string | null = null): Snapshot => ({
  at: '2026-01-01T00:00:00.000Z',
  method: 'fingerprints',
  seconds: 1,
  tables,
  note,
})

describe('what the source held', () => {
  it('of a root of which one partition was not counted is not known', () => {
    const dump = dumpOf([table('orders', 5), table('plain', 1), table('hidden', 4)])
    const source = [counted('orders_0', 2, '14', 'orders'), counted('plain', 1, '7')]
    const held = asDumped(source, dump, [counted('orders_1', 0, null, 'orders'), counted('hidden', 0, null)])
    expect(held).toEqual([table('plain', 1)])
    expect(differences(snapshotOf(held), dump)).toEqual([])
  })

  it('of partitions that the dump loads through their root stands under the root', () => {
    const dump = dumpOf([table('orders', 5), table('orders_2', 2), table('plain', 1)])
    const source = [
      counted('orders_0', 2, String(2n ** 64n - 1n), 'orders_sub', 'orders'),
      counted('orders_1', 3, '36', 'orders'),
      counted('orders_2', 2, '14', 'orders'),
      counted('plain', 1, '7'),
    ]
    expect(asDumped(source, dump)).toEqual([table('orders', 5), table('orders_2', 2), table('plain', 1)])
    expect(differences(snapshotOf(asDumped(source, dump)), dump)).toEqual([])
  })

  it('is compared by rows alone where one side has no fingerprint', () => {
    const match = sourceMatcher(snapshotOf([table('a', 3, null), table('b', 3)]))
    expect(match(table('a', 3))).toEqual({ sourceRows: 3, sourceMatch: true })
    expect(match(table('b', 3, null))).toEqual({ sourceRows: 3, sourceMatch: true })
    expect(match(table('a', 4))).toEqual({ sourceRows: 3, sourceMatch: false })
    expect(match(table('b', 3, '1'))).toEqual({ sourceRows: 3, sourceMatch: false })
  })

  it('is not compared where nothing was counted, nor with a table of another database in the file', () => {
    expect(sourceMatcher(null)(table('a', 3))).toEqual({ sourceRows: null, sourceMatch: null })
    const match = sourceMatcher(snapshotOf([table('a', 3)]))
    expect(match(table('b', 3)).sourceMatch).toBeNull()
    expect(match({ ...table('a', 4), database: 'other' }).sourceMatch).toBeNull()
  })

  it('is not compared with what the reader could not read to its end', () => {
    const dump = dumpOf([table('a', 1, null), table('b', 2)], { outcome: 'not-checked' })
    const tables = asDumped([counted('a', 9, '1'), counted('b', 2, '14'), counted('c', 3, '1')], dump)
    expect(tables.map(({ name }) => name)).toEqual(['b', 'c'])
    expect(differences(snapshotOf(tables), dump)).toEqual([])
  })

  it('is the same as the dump exactly when every table is, whatever is changed', () => {
    const tables = fc.uniqueArray(
      fc.record({ name: fc.string({ minLength: 1 }), rows: fc.nat(1000), print: fc.bigInt(0n, 2n ** 64n - 1n) }),
      { selector: ({ name }) => name, minLength: 1, maxLength: 8 },
    )
    fc.assert(
      fc.property(tables, fc.nat(), fc.constantFrom('rows', 'print', 'gone', 'none'), (made, pick, what) => {
        const all = made.map(({ name, rows, print }) => table(name, rows, print.toString()))
        const at = pick % all.length
        const changed = all.flatMap((each, index) => {
          if (index !== at || what === 'none') return [each]
          if (what === 'gone') return []
          if (what === 'rows') return [{ ...each, rows: each.rows + 1 }]
          return [{ ...each, fingerprint: (BigInt(each.fingerprint ?? 0) ^ 1n).toString() }]
        })
        const dump = dumpOf(changed)
        const source = asDumped(
          all.map((each) => ({ ...each, roots: [] })),
          dump,
        )
        // an empty table that is not in the dump has lost nothing
        const harmless = what === 'none' || (what === 'gone' && all[at]?.rows === 0)
        expect(differences(snapshotOf(source), dump)).toHaveLength(harmless ? 0 : 1)
      }),
    )
  })
})

describe('the rung exact, right after the dump', () => {
  it('is damaged, with what and where, when the source held something else', () => {
    const dump = dumpOf([table('a', 1), table('b', 119), table('c', 3, '8')])
    const [proof] = sourceProof(dump, snapshotOf([table('a', 1), table('b', 120), table('c', 3), table('d', 1)]), 'pg')
    expect(proof).toMatchObject({ rung: 'exact', outcome: 'damaged' })
    expect(proof?.detail).toBe('public.b: the source held 120 rows in the snapshot, the dump 119; and 2 tables more')
    expect(faceOf(proof ? [proof] : [])).toBe('damaged')
  })

  it('is not proven by an equal source: nothing was restored', () => {
    const [proof] = sourceProof(dumpOf([table('a', 2)]), snapshotOf([table('a', 2)], 'a note'), 'pg')
    expect(proof).toMatchObject({ rung: 'exact', outcome: 'not-checked' })
    expect(proof?.detail).toContain('1 tables, 2 rows, by fingerprint (a note)')
  })

  it('says why the source was not counted, and nothing when nobody asked', () => {
    expect(sourceProof(dumpOf([table('a', 2)]), null, 'pg')).toEqual([])
    const [proof] = sourceProof(dumpOf([table('a', 2)]), snapshotOf([], 'It was locked.'), 'pg')
    expect(proof).toMatchObject({ outcome: 'not-checked', detail: 'not restored yet. It was locked.' })
    expect(faceOf(proof ? [proof] : [])).toBe('not-checked')
  })
})
