import { expect, test } from 'vitest'
import { readDump } from '#engine/dump/read.ts'
import { dumpOf, pieces } from '../../../support/dump-text.ts'
import { slowFingerprint } from '../../../support/lookup3.ts'

async function tableOf(body: string) {
  const bytes = Buffer.from(dumpOf(body))
  const report = await readDump(pieces(bytes))
  expect(await readDump(pieces(bytes, 1))).toEqual(report)
  return { ...report, table: report.tables[0] }
}

/** The fingerprint of one row given as the text that COPY would have. */
const of = (...rows: string[]) => ({ rows: rows.length, fingerprint: slowFingerprint(rows) })

test.each([
  ["(1, 'a', true, false, NULL)", '1\ta\tt\tf\t\u0001N'],
  ["(-5, 1.50, 1e-05, +3, .5, 'NaN')", '-5\t1.50\t1e-05\t+3\t.5\tNaN'],
  ["(B'101', B'', b'1')", '101\t\t1'],
  [`('{"a": "it''s"}', '\\x00ff')`, `{"a": "it's"}\t\\x00ff`],
  ["(E'a\\\\b\\n\\'c''d\\t\\x41\\101\\u4e2d\\q', '')", "a\\b\n'c'd\tAA中q\t"],
  ["('line\n2', 'DEFAULT', 'NULL', 'true')", 'line\n2\tDEFAULT\tNULL\ttrue'],
  ['(true , FALSE,null)', 't\tf\t\u0001N'],
])('the literals %s are the row %j', async (literals, row) => {
  const { table, findings } = await tableOf(`INSERT INTO public.t VALUES ${literals};\n`)
  expect(findings).toEqual([])
  expect(table).toMatchObject(of(row))
})

test('a generated column, written as DEFAULT, is no part of the row', async () => {
  const rows =
    "INSERT INTO s.t (a, b, c) VALUES (DEFAULT, 'x', DEFAULT);\nINSERT INTO s.t (a, b, c) VALUES (DEFAULT, NULL, DEFAULT);\n"
  const { table } = await tableOf(rows)
  expect(table).toMatchObject({ ...of('x', '\u0001N'), columns: ['b'] })
  expect((await tableOf('INSERT INTO s.t VALUES (1, DEFAULT, 2), (3, DEFAULT, 4);\n')).table).toMatchObject(
    of('1\t2', '3\t4'),
  )
  expect((await tableOf('INSERT INTO s.t VALUES (DEFAULT);\n')).table).toMatchObject(of(''))
})

test('the forms around the rows', async () => {
  const always = 'INSERT INTO s.t (id) OVERRIDING SYSTEM VALUE VALUES (1);\n'
  expect((await tableOf(always)).table).toMatchObject({ ...of('1'), columns: ['id'] })
  const conflict =
    "INSERT INTO s.t VALUES (1, 'a'),\n\t(2, ');')\nON CONFLICT DO NOTHING;\nINSERT INTO s.t VALUES (3, 'b') ON CONFLICT DO NOTHING;\n"
  expect((await tableOf(conflict)).table).toMatchObject(of('1\ta', '2\t);', '3\tb'))
  const none = 'INSERT INTO s.t DEFAULT VALUES;\nINSERT INTO s.t DEFAULT VALUES;\n'
  expect((await tableOf(none)).table).toMatchObject({ ...of('', ''), columns: [] })
})

test('with standard_conforming_strings off a backslash escapes in every string', async () => {
  const { table } = await tableOf(
    "SET standard_conforming_strings = off;\nINSERT INTO s.t VALUES ('a\\\\b\\'c', E'\\\\x00ff');\n",
  )
  expect(table).toMatchObject(of("a\\b'c\t\\x00ff"))
})

test('an empty table, of which INSERTs leave only the comment, is in the report', async () => {
  const toc = (name: string) => `--\n-- Data for Name: ${name}; Type: TABLE DATA; Schema: public; Owner: me\n--\n\n\n\n`
  const create =
    'CREATE TABLE public.a (x integer);\nCREATE TABLE public."b; Owner: c" (x integer);\nCREATE TABLE public.parent (x integer);\n'
  const { tables } = await tableOf(create + toc('a') + toc('b; Owner: c') + toc('never made'))
  expect(tables.map(({ name, rows, fingerprint }) => [name, rows, fingerprint])).toEqual([
    ['a', 0, '0'],
    ['b; Owner: c', 0, '0'],
  ])
})

test('the data of a partition that is loaded by its root is the data of the root', async () => {
  const create = 'CREATE TABLE public.part (x integer);\n'
  const comments =
    '--\n-- Data for Name: part; Type: TABLE DATA; Schema: public; Owner: me\n--\n\n-- load via partition root public.root\n'
  const { tables } = await tableOf(
    `${create}${comments}INSERT INTO public.root VALUES (1);\n\n\n--\n-- Name: z; Type: INDEX\n--\n\n`,
  )
  expect(tables.map(({ name }) => name)).toEqual(['root'])
})

test.each([
  ['a call', 'INSERT INTO s.t VALUES (1, now());\n'],
  ['a cast', "INSERT INTO s.t VALUES ('1'::integer);\n"],
  ['a hexadecimal bit string', "INSERT INTO s.t VALUES (X'1F');\n"],
  ['a query', 'INSERT INTO s.t SELECT 1;\n'],
])('%s gives no fingerprint, and no damage', async (_, insert) => {
  const { outcome, table, findings } = await tableOf(`${insert}INSERT INTO s.other VALUES (1);\n`)
  expect(outcome).toBe('not-checked')
  expect(findings.map(({ kind }) => kind)).toEqual(['not-understood'])
  expect(table).toMatchObject({ name: 't', fingerprint: null })
})

test.each([['INSERT INTO s.t VALUES (1, 2), (3);\n'], ['INSERT INTO s.t (a, b) VALUES (1);\n']])(
  '%j has a row of another width, which no server takes',
  async (insert) => {
    const { outcome, findings } = await tableOf(insert)
    expect(outcome).toBe('damaged')
    expect(findings[0]).toMatchObject({ kind: 'bad-insert-row', table: 's.t' })
  },
)
