import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readDump } from '#engine/dump/read.ts'
import { copyBlock, dumpOf, inserts, pieces, rowText, splitAt } from '../../../support/dump-text.ts'
import { slowFingerprint } from '../../../support/lookup3.ts'

/** A dump in another encoding, its text given byte by byte as latin1. */
const dumpIn = (encoding: string, body: string) =>
  Buffer.from(dumpOf(body).replace("'UTF8'", `'${encoding}'`), 'latin1')

/** Bytes of the encoding, as latin1, and what they are. */
test.each([
  ['GBK', '\x81\x5c\xd6\xd0\xce\xc4', '乗中文'],
  ['SJIS', '\x83\x5c\x95\x5c\xb1', 'ソ表ｱ'],
  ['BIG5', '\xa5\x5c\xa4\xa4', '功中'],
  ['EUC_JP', '\xc6\xfc\x8f\xb0\xa1\x8e\xb1', '日丂ｱ'],
  ['EUC_KR', '\xc7\xd1\xb1\xdb', '한글'],
  ['UHC', '\x81\x41\xc7\xd1', '갂한'],
  ['EUC_CN', '\xd6\xd0\xa1\xa4', '中・'],
  ['LATIN1', '\xe4\x80\xff', 'ä\u0080ÿ'],
  ['latin5', '\xd0\xfd', 'Ğı'],
  ['LATIN9', '\xa4', '€'],
  ['WIN1252', '\x80\x9f', '€Ÿ'],
  ['WIN1251', '\xc6\xe6', 'Жж'],
  ['KOI8R', '\xc1', 'а'],
])('%s: %j is %j, in rows, names and INSERTs, however it is split', async (encoding, bytes, text) => {
  const values = [
    ['1', `a${bytes}\tb`],
    ['2', bytes],
  ]
  const texts = [
    ['1', `a${text}\tb`],
    ['2', text],
  ]
  const table = { schema: 'public', name: bytes, columns: ['a', bytes] }
  const empty = { ...table, name: 'x', rows: [] }
  // The names are quoted: a byte of them could be a backslash.
  const body = [
    copyBlock({ ...table, rows: values }),
    inserts({ ...table, rows: values }, 2, true),
    copyBlock(empty),
  ].join('')
  // COPY's own escapes are made of characters, and so never of the second byte of one.
  const raw = body.replaceAll('\\\\', '\\')
  const dump = dumpIn(encoding, raw)
  const rows = [...texts, ...texts].map(rowText)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(), { maxLength: 8 }), async (places) => {
      const report = await readDump(splitAt(dump, places))
      expect(report).toMatchObject({ outcome: 'proven', findings: [], encoding, sqlBytes: dump.length })
      expect(report.tables).toMatchObject([
        { name: text, columns: ['a', text], rows: 4, fingerprint: slowFingerprint(rows) },
        { name: 'x', rows: 0, fingerprint: '0' },
      ])
    }),
    { numRuns: 20 },
  )
})

test('SQL_ASCII: bytes as they are', async () => {
  const table = { schema: 'public', name: 't', columns: ['a'], rows: [['\xff\xfe']] }
  const report = await readDump(pieces(dumpIn('SQL_ASCII', copyBlock(table))))
  expect(report).toMatchObject({ outcome: 'proven', encoding: 'SQL_ASCII' })
  const { slowHash } = await import('../../../support/lookup3.ts')
  expect(report.tables[0]?.fingerprint).toBe(slowHash(Buffer.from([0xff, 0xfe])).toString())
})

test('dumps of different encodings in one file', async () => {
  const one = (name: string, rows: string[][]) => copyBlock({ schema: 'public', name, columns: ['a'], rows })
  const all = Buffer.concat([
    dumpIn('LATIN1', one('l', [['\xe4']])),
    Buffer.from(dumpOf(one('u', [['ä']]))),
    dumpIn('GBK', one('g', [['\xd6\xd0']])),
    dumpIn('SQL_ASCII', one('s', [['\xe4']])),
  ])
  for (const size of [1, 7, 1000, all.length]) {
    const report = await readDump(pieces(all, size))
    expect(report).toMatchObject({ outcome: 'proven', dumps: 4 })
    const [l, u, g] = report.tables.map(({ fingerprint }) => fingerprint)
    expect([l, u, g]).toEqual(['ä', 'ä', '中'].map((text) => slowFingerprint([text])))
  }
})

test.each([
  ['bytes that are none of its characters', 'GBK', '\xff\xff'],
  ['an encoding without a table', 'EUC_TW', '\xc4\xe3'],
  ['one whose second byte can be a backslash', 'GB18030', '\x81\x5c'],
  ['a character that is in no table, and ends with a backslash', 'GB18030', '\xa2\x5c'],
  ['the same in an encoding with a table', 'GBK', '\xa2\x5c'],
])('%s: not checked, and not damaged', async (_, encoding, bytes) => {
  const table = { schema: 'public', name: 't', columns: ['a', 'b', 'c'] }
  const dump = dumpIn(
    encoding,
    copyBlock({
      ...table,
      rows: [
        ['1', bytes, 'y'],
        ['2', 'x', 'y'],
      ],
    }).replaceAll('\\\\', '\\'),
  )
  const report = await readDump(pieces(dump))
  expect(await readDump(pieces(dump, 1))).toEqual(report)
  expect(report).toMatchObject({
    outcome: 'not-checked',
    tables: [{ rows: 2, fingerprint: null }],
  })
  expect(new Set(report.findings.map(({ kind }) => kind))).toEqual(new Set(['unsupported-encoding']))
})
