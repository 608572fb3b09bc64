import { spawn } from 'node:child_process'
import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { DumpReport } from '#shared/dump-report.ts'
import { readDump } from '#engine/dump/read.ts'
import { readTableSumLines } from '#engine/fingerprint/answer.ts'
import { fingerprintStatements, type FingerprintMethod, type FingerprintTable } from '#engine/fingerprint/query.ts'
import { pinSettings } from '#engine/fingerprint/settings.ts'
import { psql, type Target } from './machine/psql.ts'
import { rigAvailable, rigDatabase } from './machine/rig.ts'

function targetOf(label: string): Target {
  const { place, user, dbname } = rigDatabase(label)
  if (place.kind === 'host') throw new Error('not in a container')
  return { container: place.container, user, dbname }
}

async function dumpOf({ container, user, dbname }: Target, options: string[]): Promise<DumpReport> {
  const env = ['-e', 'PGTZ=UTC', '-e', 'PGOPTIONS=-c bytea_output=hex']
  const child = spawn('docker', ['exec', ...env, container, 'pg_dump', '-U', user, ...options, dbname])
  child.stderr.resume()
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
  const report = await readDump(child.stdout)
  expect(await exit).toBe(0)
  return report
}

const columnsQuery = `SELECT coalesce(json_agg(json_build_object('schema', n.nspname, 'name', c.relname, 'root', c.relkind = 'p',
    'columns', (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'nullable', NOT a.attnotnull) ORDER BY a.attnum), '[]')
      FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''))), '[]')
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p')`
const known = z.array(
  z.object({
    schema: z.string(),
    name: z.string(),
    root: z.boolean(),
    columns: z.array(z.object({ name: z.string(), nullable: z.boolean() })),
  }),
)

/** The tables of a dump as the database knows them, their columns in the order of the dump. */
async function tablesOf(target: Target, report: DumpReport): Promise<FingerprintTable[]> {
  const all = known.parse(JSON.parse(await psql(target, columnsQuery)))
  return report.tables.map(({ schema, name, columns }) => {
    const table = all.find((one) => one.schema === schema && one.name === name)
    if (!table) throw new Error(`${schema}.${name} is not there`)
    const ordered = (columns ?? table.columns.map((column) => column.name)).map((column) => ({
      name: column,
      nullable: table.columns.find((one) => one.name === column)?.nullable ?? true,
    }))
    return { schema, name, columns: ordered, only: !table.root }
  })
}

async function sumsOf(target: Target, tables: FingerprintTable[], method: FingerprintMethod, encoding: string) {
  const sums = new Map<string, { rows: number; fingerprint: string | null }>()
  const statements = fingerprintStatements(tables, { method, encoding })
  for (const { sql, tables: about } of statements) {
    const answer = readTableSumLines(await psql(target, `${pinSettings()}\n${sql};`))
    about.forEach(({ schema, name }, i) => {
      const sum = answer.get(i)
      if (sum) sums.set(`${schema}.${name}`, sum)
    })
  }
  return sums
}

/** Where the reader gives no fingerprint (partitions that come in different orders of columns), only rows can be compared. */
const comparable = ({ tables }: DumpReport) => tables.filter(({ fingerprint }) => fingerprint !== null)
const inDump = (report: DumpReport) =>
  new Map(comparable(report).map(({ schema, name, rows, fingerprint }) => [`${schema}.${name}`, { rows, fingerprint }]))

describe.skipIf(!rigAvailable())('fingerprints in SQL', () => {
  test.each([['pg15'], ['pg17'], ['gbk'], ['latin1'], ['euc_cn'], ['sql_ascii'], ['test']])(
    'of the database %s are those of its dump',
    async (label) => {
      const target = targetOf(label)
      for (const options of [[], ['--inserts'], ['--load-via-partition-root']]) {
        const report = await dumpOf(target, options)
        expect(report.tables.length).toBeGreaterThan(0)
        const tables = await tablesOf(target, report)
        const { encoding } = rigDatabase(label)
        const compared = await tablesOf(target, { ...report, tables: comparable(report) })
        expect(await sumsOf(target, compared, 'fingerprints', encoding)).toEqual(inDump(report))
        const counts = await sumsOf(target, tables, 'counts', encoding)
        expect([...counts.values()]).toEqual(report.tables.map(({ rows }) => ({ rows, fingerprint: null })))
      }
    },
  )

  const own = { ...(rigAvailable() ? targetOf('gbk') : { container: '', user: '' }), dbname: 'fingerprint_own' }
  const drop = () => psql({ ...own, dbname: 'postgres' }, `DROP DATABASE IF EXISTS ${own.dbname}`)
  afterAll(drop)

  test('tables that are hard to put in a statement', async () => {
    await drop()
    await psql({ ...own, dbname: 'postgres' }, `CREATE DATABASE ${own.dbname} TEMPLATE template0 ENCODING 'UTF8'`)
    await psql(
      own,
      `CREATE TYPE pair AS (a int, b text);
       CREATE TABLE composite (id int, p pair, q pair[]);
       INSERT INTO composite VALUES (1, ROW(NULL, NULL), NULL), (2, NULL, '{}'), (3, ROW(1, NULL), ARRAY[ROW(NULL, NULL)::pair, NULL]);
       -- columns that are also functions of a row, or look like the alias
       CREATE TABLE t (t int, name text, "text" text, "select" int, "a\tb""'" text, "中" int NOT NULL);
       INSERT INTO t SELECT i, 'n' || i, NULL, i, 'x', i FROM generate_series(1, 10) i;
       CREATE TABLE none (); INSERT INTO none SELECT FROM generate_series(1, 7);
       DO $$ BEGIN
         EXECUTE 'CREATE TABLE wide (' || (SELECT string_agg(format('c%s int2', i), ', ') FROM generate_series(1, 1600) i) || ')';
         EXECUTE 'INSERT INTO wide (' || (SELECT string_agg('c' || i, ', ') FROM generate_series(1, 1600, 3) i) || ') SELECT ' ||
           (SELECT string_agg('g', ', ') FROM generate_series(1, 1600, 3) i) || ' FROM generate_series(1, 20) g';
         FOR i IN 1..250 LOOP EXECUTE format('CREATE TABLE many_%s AS SELECT %s AS n', i, i); END LOOP;
       END $$;
       CREATE TABLE dropped (a int, b int, c int); ALTER TABLE dropped DROP COLUMN b; INSERT INTO dropped VALUES (1, 2);
       -- a table whose rows a policy hides from its owner
       CREATE TABLE hidden (a int); INSERT INTO hidden VALUES (1); ALTER TABLE hidden ENABLE ROW LEVEL SECURITY;`,
    )
    for (const options of [[], ['--inserts']]) {
      const report = await dumpOf(own, options)
      const tables = await tablesOf(own, report)
      expect(await sumsOf(own, tables, 'fingerprints', 'UTF8')).toEqual(inDump(report))
    }
  })
})
