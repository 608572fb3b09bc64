import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DumpTable } from '#shared/dump-report.ts'
import { readDump } from '#engine/dump/read.ts'
import { copyBlock, dumpOf, inserts, pieces, rowText, splitAt, type TableData } from '../../../support/dump-text.ts'
import { slowFingerprint } from '../../../support/lookup3.ts'

/** Text as a table may hold it: anything but a zero byte, with a liking for what is special in a dump. */
const special = fc.constantFrom(
  '\\',
  '\\.',
  '\\N',
  '\n',
  '\r',
  '\t',
  "'",
  '"',
  '$',
  '$$',
  ';',
  '--',
  '/*',
  '*/',
  '中',
  '😀',
  ',',
  '(',
  ')',
  'E',
  'NULL',
  '\\! ls',
)
const text = fc
  .array(fc.oneof({ weight: 3, arbitrary: special }, fc.string({ maxLength: 8 })), { maxLength: 6 })
  .map((parts) => parts.join('').replaceAll('\0', '').toWellFormed())
const value = fc.option(text, { freq: 6 })
const name = fc.oneof(
  fc.constantFrom('t', 'a_1', 'Values', 'from stdin;', '"', 'x"y', 'a\nb', '表', "it's", '\\', '$a$', '--', 'select'),
  text.filter((one) => one !== ''),
)
const table = fc
  .record({ schema: name, name, columns: fc.uniqueArray(name, { maxLength: 5 }), rowCount: fc.nat(6) })
  .chain(({ rowCount, ...shape }) =>
    fc
      .array(fc.array(value, { minLength: shape.columns.length, maxLength: shape.columns.length }), {
        minLength: rowCount,
        maxLength: rowCount,
      })
      .map((rows): TableData => ({ ...shape, rows })),
  )
const tables = fc.uniqueArray(table, { maxLength: 4, selector: ({ schema, name }) => JSON.stringify([schema, name]) })

const expected = (data: TableData[]) =>
  data.map(({ schema, name, columns, rows }) => ({
    database: null,
    schema,
    name,
    columns,
    rows: rows.length,
    fingerprint: slowFingerprint(rows.map(rowText)),
  }))

/** INSERTs without a list of columns do not tell their names. */
const counts = ({ schema, name, rows, fingerprint }: DumpTable) => ({ schema, name, rows, fingerprint })

test('COPY: every table with its rows and their fingerprint, however the bytes are split', async () => {
  await fc.assert(
    fc.asyncProperty(tables, fc.array(fc.nat(), { maxLength: 12 }), async (data, places) => {
      const dump = Buffer.from(dumpOf(data.map(copyBlock).join('')))
      const report = await readDump(splitAt(dump, places))
      expect(report.findings).toEqual([])
      expect(report.outcome).toBe('proven')
      expect(report.tables).toEqual(expected(data))
    }),
    { numRuns: 300 },
  )
})

test('INSERTs give the same rows and the same fingerprint as COPY', async () => {
  await fc.assert(
    fc.asyncProperty(
      tables,
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      fc.array(fc.nat(), { maxLength: 12 }),
      async (all, perStatement, named, places) => {
        // A table without rows leaves no trace in INSERTs but a comment, which is another test's matter.
        const data = all.filter(({ rows }) => rows.length > 0)
        const dump = Buffer.from(dumpOf(data.map((one) => inserts(one, perStatement, named)).join('')))
        const report = await readDump(splitAt(dump, places))
        expect(report.findings).toEqual([])
        expect(report.tables.map(counts)).toEqual(expected(data).map(counts))
      },
    ),
    { numRuns: 300 },
  )
})

test('compressed or not, in one byte at a time or all at once: one and the same report', async () => {
  await fc.assert(
    fc.asyncProperty(tables, async (data) => {
      const dump = Buffer.from(dumpOf(data.map(copyBlock).join('') + data.map((one) => inserts(one, 2, true)).join('')))
      const plain = await readDump(pieces(dump))
      expect(await readDump(pieces(dump, 1))).toEqual(plain)
      for (const packed of [gzipSync(dump), zstdCompressSync(dump)]) {
        const report = await readDump(pieces(packed, 7))
        expect({ ...report, compression: 'none', checksummed: false }).toEqual(plain)
      }
    }),
    { numRuns: 40 },
  )
})

test('a table loaded by several COPY blocks is one table', async () => {
  const one = { schema: 'public', name: 'root', columns: ['a'], rows: [['1'], ['2']] }
  const other = { ...one, rows: [['3']] }
  const report = await readDump(pieces(Buffer.from(dumpOf(copyBlock(one) + copyBlock(other)))))
  expect(report.tables).toEqual(expected([{ ...one, rows: [...one.rows, ...other.rows] }]))
})

test('blocks of one table with their columns in another order have no common fingerprint', async () => {
  const one = { schema: 'public', name: 'root', columns: ['a', 'b'], rows: [['1', '2']] }
  const other = { ...one, columns: ['b', 'a'], rows: [['2', '1']] }
  for (const second of [copyBlock(other), inserts(other, 1, true)]) {
    const report = await readDump(pieces(Buffer.from(dumpOf(copyBlock(one) + second))))
    expect(report).toMatchObject({ outcome: 'not-checked', tables: [{ rows: 2, fingerprint: null }] })
  }
})

test('the order of rows does not matter, a changed, missing or doubled one does', async () => {
  const rows = [
    ['a', '1'],
    ['b', null],
    ['c', '3'],
  ]
  const fingerprint = async (of: (string | null)[][]) => {
    const data = { schema: 's', name: 't', columns: ['x', 'y'], rows: of }
    return (await readDump(pieces(Buffer.from(dumpOf(copyBlock(data)))))).tables[0]?.fingerprint
  }
  const whole = await fingerprint(rows)
  expect(await fingerprint(rows.toReversed())).toBe(whole)
  expect(await fingerprint(rows.slice(1))).not.toBe(whole)
  expect(await fingerprint([...rows, ['a', '1']])).not.toBe(whole)
  expect(
    await fingerprint([
      ['a', '1'],
      ['b', ''],
      ['c', '3'],
    ]),
  ).not.toBe(whole)
})
