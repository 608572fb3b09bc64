import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DumpPlan } from '#engine/dump/plan.ts'
import { createReading } from '#engine/dump/reading.ts'
import { Text } from '#engine/dump/text.ts'
import { dataRanges, Slicer } from '#engine/restore/slicer.ts'
import { copyBlock, dumpOf } from '../../../support/dump-text.ts'

async function planOf(dump: Buffer, sizes: readonly number[]): Promise<DumpPlan> {
  const reading = createReading(undefined, true)
  for (const piece of cut(dump, sizes)) await reading.write(piece)
  const report = await reading.end()
  reading.destroy()
  const plan = reading.plan(report)
  if (!plan) throw new Error('no plan')
  return plan
}

function* cut(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  for (let from = 0, i = 0; from < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? bytes.length
    yield bytes.subarray(from, from + size)
    from += size
  }
}

/** What the ranges of the plan hold, cut out of the same file. */
function slicesOf(plan: DumpPlan, dump: Buffer, sizes: readonly number[]): { step: number; text: Buffer }[] {
  const ranges = dataRanges(plan)
  const parts: Buffer[][] = ranges.map(() => [])
  const ended: number[] = []
  const text = new Text(
    new Slicer(ranges, plan.encodings, {
      bytes: (range, bytes) => void parts[range]?.push(Buffer.from(bytes)),
      ends: (range) => void ended.push(range),
    }),
  )
  for (const piece of cut(dump, sizes)) text.push(piece)
  text.finish()
  expect(ended).toEqual(ranges.map((_, i) => i))
  return ranges.map(({ step }, i) => ({ step, text: Buffer.concat(parts[i] ?? []) }))
}

type Written = { sql: string; steps: { kind: string; text: string }[] }

const statement = fc.constantFrom(
  { kind: 'CREATE TABLE', text: 'CREATE TABLE public.t (\n    a text DEFAULT \'x;y\'::text,\n    "b;" integer\n);' },
  {
    kind: 'CREATE FUNCTION',
    text: 'CREATE FUNCTION public.f() RETURNS void LANGUAGE sql AS $_$ SELECT 1; -- é\n $_$;',
  },
  { kind: 'COMMENT', text: "COMMENT ON TABLE public.t IS 'it''s -- 表 \\.\nCOPY x FROM stdin;';" },
  { kind: 'SELECT setval', text: "SELECT pg_catalog.setval('public.s', 7, true);" },
  { kind: 'BEGIN', text: 'BEGIN;' },
)
const plainStatement = statement.map(({ kind, text }): Written => ({
  sql: `--\n-- Name: x; Type: é\n--\n\n${text}\n\n`,
  steps: [{ kind, text }],
}))
const value = fc.oneof(
  fc.constant(null),
  fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replaceAll('\0', '')),
  fc.constantFrom('\\.', 'a\tb\nc\\', "it's; -- x", ''),
)
const rows = fc.array(fc.tuple(value, value), { maxLength: 5 })
const copy = fc.tuple(fc.nat(3), rows).map(([table, values]): Written => {
  const sql = copyBlock({ schema: 'public', name: `t${table}`, columns: ['a', 'b'], rows: values })
  const lines = sql.slice(sql.indexOf('\n') + 1, sql.lastIndexOf('\\.\n'))
  return { sql, steps: [{ kind: `COPY t${table} ${values.length}`, text: lines }] }
})
const literal = (text: string | null) => (text === null ? 'NULL' : `'${text.replaceAll("'", "''")}'`)
const inserts = fc
  .tuple(fc.nat(3), fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 4 }))
  .map(([table, values]): Written => {
    const lines = values.map((row, i) =>
      i === 2
        ? `INSERT INTO public.i${table} VALUES (${row.map(literal).join(', ')}) ON CONFLICT DO NOTHING;`
        : `INSERT INTO public.i${table} VALUES (${row.map(literal).join(', ')});`,
    )
    const text = lines.join('\n')
    return { sql: `--\n-- Data\n--\n\n${text}\n\n\n`, steps: [{ kind: `INSERT i${table} ${values.length}`, text }] }
  })
const largeObjects = fc.array(fc.nat(40), { minLength: 1, maxLength: 4 }).map((sizes): Written => {
  const text = sizes
    .map((size, i) => {
      const write = `SELECT pg_catalog.lowrite(0, '\\x${'00'.repeat(size)}');\n`
      return `SELECT pg_catalog.lo_open('${i}', 131072);\n${size % 2 ? write : ''}SELECT pg_catalog.lo_close(0);`
    })
    .join('\n\n')
  return { sql: `BEGIN;\n\n${text}\n\nCOMMIT;\n\n`, steps: [{ kind: 'LARGE OBJECTS', text }] }
})

/** INSERTs of one table behind each other are one step. */
function merged(all: Written['steps']): Written['steps'] {
  const out: Written['steps'] = []
  for (const step of all) {
    const last = out.at(-1)
    const [, table, count] = /^INSERT (\S+) (\d+)$/.exec(step.kind) ?? []
    const [, before, rowsBefore] = /^INSERT (\S+) (\d+)$/.exec(last?.kind ?? '') ?? []
    if (last && table !== undefined && table === before) {
      last.kind = `INSERT ${table} ${Number(rowsBefore) + Number(count)}`
      last.text += `\n\n\n--\n-- Data\n--\n\n${step.text}`
    } else out.push({ ...step })
  }
  return out
}

test('slicing by the plan gives back every statement and every row, however the bytes arrive', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 6 })
  const parts = fc.array(fc.oneof(plainStatement, copy, inserts, largeObjects), { maxLength: 10 })
  await fc.assert(
    fc.asyncProperty(parts, sizes, sizes, async (written, readSizes, sliceSizes) => {
      const dump = Buffer.from(dumpOf(written.map(({ sql }) => sql).join('')))
      const plan = await planOf(dump, readSizes)
      const slices = slicesOf(plan, dump, sliceSizes)
      const found = plan.steps.flatMap((step, index) => {
        const text = slices.filter((slice) => slice.step === index).map((slice) => slice.text.toString())
        switch (step.step) {
          case 'statement':
            return /^(SET|SELECT set_config)$/.test(step.kind) ? [] : [{ kind: step.kind, text: step.text }]
          case 'copy':
            return [{ kind: `COPY ${step.name} ${step.rows}`, text: text.join('') }]
          case 'data':
            return [
              { kind: step.table ? `INSERT ${step.table.name} ${step.rows}` : 'LARGE OBJECTS', text: text.join('') },
            ]
        }
      })
      expect(found).toEqual(merged(written.flatMap(({ steps }) => steps)))
      for (const step of plan.steps) {
        if (step.step === 'statement') expect(dump.subarray(step.place.byte).toString()).toContain(step.text)
      }
    }),
    { numRuns: 300 },
  )
})

test.each([
  ['LATIN1', Buffer.from("COMMENT ON TABLE t IS '\xe9';\n", 'latin1'), "COMMENT ON TABLE t IS 'é';", false],
  // its second byte is a backslash
  ['GBK', Buffer.from("COMMENT ON TABLE t IS '\x81\x5c';\n", 'latin1'), "COMMENT ON TABLE t IS '乗';", false],
  ['SQL_ASCII', Buffer.from("COMMENT ON TABLE t IS '\xe9';\n", 'latin1'), "COMMENT ON TABLE t IS '\xe9';", true],
])('in %s texts are converted where that can be done, and offsets still fit', async (name, bytes, text, raw) => {
  const rows = Buffer.concat([
    Buffer.from(`COPY public.t (a) FROM stdin;\n`),
    bytes.subarray(23, -3),
    Buffer.from('\n\\.\n'),
  ])
  const dump = Buffer.concat([
    Buffer.from(dumpOf(`SET client_encoding = '${name}';\n`)),
    bytes,
    rows,
    Buffer.from(`SET client_encoding = 'UTF8';\nCOMMENT ON TABLE é IS NULL;\n`),
    rows.subarray(0, 30),
    Buffer.from('é\n\\.\n'),
  ])
  for (const sizes of [[1], [7], [dump.length]]) {
    const plan = await planOf(dump, sizes)
    expect(plan.encodings.map((encoding) => encoding.name)).toEqual(['UTF8', name, 'UTF8'])
    expect(plan.steps).toContainEqual(expect.objectContaining({ kind: 'COMMENT', text, raw }))
    expect(plan.steps).toContainEqual(expect.objectContaining({ text: 'COMMENT ON TABLE é IS NULL;', raw: false }))
    const row = Buffer.from(`${text.slice(23, -2)}\n`, raw ? 'latin1' : 'utf8')
    expect(slicesOf(plan, dump, [5, 64]).map((slice) => slice.text)).toEqual([row, Buffer.from('é\n')])
  }
})
