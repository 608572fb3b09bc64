import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareTables, isLargeDrop } from '#engine/copies/compare.ts'
import type { CopyTable } from '#shared/copy.ts'

const table = (name: string, rows: number, fingerprint: string | null = null, schema = 'public'): CopyTable => ({
  database: null,
  schema,
  name,
  rows,
  fingerprint,
})

describe('two states, table by table', () => {
  test('come, gone, the same, changed, not known', () => {
    const older = [table('same', 5, '1'), table('edited', 5, '1'), table('unknown', 5), table('gone', 3, '1')]
    const newer = [table('new', 1, '1'), table('unknown', 5, '2'), table('edited', 5, '2'), table('same', 5, '1')]
    const rows = compareTables(older, newer).map(({ name, left, right, same }) => [name, left, right, same])
    expect(rows).toEqual([
      ['new', null, 1, false],
      ['unknown', 5, 5, null],
      ['edited', 5, 5, false],
      ['same', 5, 5, true],
      ['gone', 3, null, false],
    ])
  })
  test('names that hold dots are not taken for each other', () => {
    const rows = compareTables([table('b.c', 1, null, 'a')], [table('c', 1, null, 'a.b')])
    expect(rows.map(({ left, right }) => [left, right])).toEqual([
      [null, 1],
      [1, null],
    ])
  })
  test('every table of either side stands there once', () => {
    const tables = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.nat(400)), {
      selector: ([name]) => name,
    })
    fc.assert(
      fc.property(tables, tables, (older, newer) => {
        const rows = compareTables(
          older.map(([name, count]) => table(name, count)),
          newer.map(([name, count]) => table(name, count)),
        )
        const rowsIn = (side: [string, number][], wanted: string) => side.find(([name]) => name === wanted)?.[1] ?? null
        const names = new Set([...older, ...newer].map(([name]) => name))
        expect(new Set(rows.map(({ name }) => name))).toEqual(names)
        expect(rows).toHaveLength(names.size)
        for (const { name, left, right } of rows) {
          expect([left, right]).toEqual([rowsIn(older, name), rowsIn(newer, name)])
        }
      }),
    )
  })
})

test.each([
  [1, 0, true],
  [0, 0, false],
  [100, 1, false],
  [1000, 899, false],
  [1000, 800, false],
  [1000, 799, true],
  [502, 401, true],
  [505, 404, false],
  [10, 20, false],
])('from %d to %d rows: a large drop is %s', (before, after, large) => {
  expect(isLargeDrop(before, after)).toBe(large)
})
