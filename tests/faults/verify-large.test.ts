import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { createGzip } from 'node:zlib'
import { expect, test } from 'vitest'
import type { ObjectCount } from '#shared/verification.ts'
import { copyBlock, footer, header } from '../support/dump-text.ts'
import { campaign } from '../support/faults.ts'
import { ownSandboxes } from '../support/sandboxes.ts'
import { verifying } from './support/verifying.ts'

const own = verifying()
const engines = ['docker', 'embedded'] as const

/** Writes a dump piece by piece: a large one is never held whole. */
async function dumpFile(name: string, parts: Iterable<string | Buffer>): Promise<string> {
  const file = join(own.dir, name)
  const packed = createGzip({ level: 1 })
  const stored = once(packed.pipe(createWriteStream(file)), 'close')
  for (const part of [header, ...parts, footer]) {
    if (!packed.write(part)) await once(packed, 'drain')
  }
  packed.end()
  await stored
  return file
}

function* manyTables(count: number): Generator<string> {
  const names = Array.from({ length: count }, (_, i) => `many_${i}`)
  for (const name of names) {
    yield `CREATE TABLE public.${name} (\n    id integer NOT NULL,\n    t text\n);\n\n
CREATE SEQUENCE public.${name}_id_seq\n    AS integer\n    START WITH 1\n    INCREMENT BY 1\n    NO MINVALUE\n    NO MAXVALUE\n    CACHE 1;\n\n
ALTER SEQUENCE public.${name}_id_seq OWNED BY public.${name}.id;\n
ALTER TABLE ONLY public.${name} ALTER COLUMN id SET DEFAULT nextval('public.${name}_id_seq'::regclass);\n\n`
  }
  for (const name of names) {
    const rows = [
      ['1', `of ${name}`],
      ['2', null],
    ]
    yield copyBlock({ schema: 'public', name, columns: ['id', 't'], rows })
  }
  for (const name of names) yield `SELECT pg_catalog.setval('public.${name}_id_seq', 2, true);\n\n`
  for (const name of names) {
    yield `ALTER TABLE ONLY public.${name}\n    ADD CONSTRAINT ${name}_pkey PRIMARY KEY (id);\n\n`
  }
}

function* longRow(bytes: number): Generator<string | Buffer> {
  yield 'CREATE TABLE public.wide (\n    id integer,\n    t text\n);\n\nCOPY public.wide (id, t) FROM stdin;\n1\t'
  const piece = Buffer.alloc(1024 * 1024, 'a text that is long, and not one letter of it may be lost. ')
  for (let at = 0; at < bytes; at += piece.length) yield piece
  yield '\n2\tshort\n\\.\n\n'
}

function* largeObjects(count: number): Generator<string> {
  const oids = Array.from({ length: count }, (_, i) => 20_000 + i)
  for (const oid of oids)
    yield `SELECT pg_catalog.lo_create('${oid}');\n\nALTER LARGE OBJECT ${oid} OWNER TO keeper;\n\n`
  yield 'BEGIN;\n\n'
  for (const oid of oids) {
    yield `SELECT pg_catalog.lo_open('${oid}', 131072);\nSELECT pg_catalog.lowrite(0, '\\x${'c0ffee'.repeat(700)}');\nSELECT pg_catalog.lo_close(0);\n\n`
  }
  yield 'COMMIT;\n\n'
}

const expected = (objects: readonly ObjectCount[], kind: string) =>
  objects.filter((one) => one.kind === kind).map((one) => [one.expected, one.valid])

test.each(engines)('in %s 20,000 tables come back exact', async (kind) => {
  const tables = campaign(`20,000 tables, in ${kind}`, { full: 20_000, sample: 600 })
  const { job, result } = await own.verify(await dumpFile('many.sql.gz', manyTables(tables.count)), kind)
  expect(job.outcome, JSON.stringify([job.failure, result?.findings.slice(0, 3)])).toBe('proven')
  expect(result).toMatchObject({ rung: 'exact', findings: [] })
  expect(result?.tables.filter(({ match }) => match === true)).toHaveLength(tables.count)
  expect(expected(result?.objects ?? [], 'sequence')).toEqual([[tables.count, tables.count]])
  expect(ownSandboxes()).toEqual([])
  tables.came(`${tables.count} tables proven`)
})

test.each(engines)('in %s a row of 200 MB comes back exact', async (kind) => {
  const size = campaign(`row of 200 MB, in ${kind}`, { full: 200, sample: 20 })
  const { job, result } = await own.verify(await dumpFile('wide.sql.gz', longRow(size.count * 1024 * 1024)), kind)
  expect(job.outcome, JSON.stringify([job.failure, result?.findings.slice(0, 3)])).toBe('proven')
  expect(result?.tables).toMatchObject([{ name: 'wide', restoredRows: 2, match: true }])
  size.came(`${size.count} MB proven`)
})

test.each(engines)('in %s 10,000 large objects come back', async (kind) => {
  const objects = campaign(`10,000 large objects, in ${kind}`, { full: 10_000, sample: 300 })
  const { job, result } = await own.verify(await dumpFile('objects.sql.gz', largeObjects(objects.count)), kind)
  expect(job.outcome, JSON.stringify([job.failure, result?.findings.slice(0, 3)])).toBe('proven')
  expect(expected(result?.objects ?? [], 'large object')).toEqual([[objects.count, objects.count]])
  objects.came(`${objects.count} proven`)
})
