import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { VerifiedTable } from '#shared/verification.ts'
import type { DumpSettings } from '#engine/proof/dump-settings.ts'
import { proveExact, type ExactProof } from '#engine/proof/exact.ts'
import { campaign } from '../support/faults.ts'
import { rigAvailable } from './machine/rig.ts'
import { hardDatabase, proofServer, reportOf, type ProofServer } from './proof/server.ts'

const own: DumpSettings = { pinned: true, timeZone: 'UTC', sameMajor: true }
const foreign = (timeZone: string | null): DumpSettings => ({ pinned: false, timeZone, sameMajor: true })

async function prove(server: ProofServer, dump: string, database: string, settings = own): Promise<ExactProof> {
  const report = await reportOf(dump)
  const seen: VerifiedTable[] = []
  const proof = await proveExact(
    { tables: report.tables, databases: new Map([['', database]]), sandbox: server.sandbox, settings },
    { signal: new AbortController().signal, report: (table) => seen.push(table) },
  )
  expect(seen).toHaveLength(report.tables.length)
  expect(new Set(seen)).toEqual(new Set(proof.tables))
  return proof
}

/** Findings as `class table`, and the tables that are not proven. */
const summary = ({ tables, findings }: ExactProof) => ({
  findings: findings.map((one) => `${one.class} ${one.kind} ${one.table}`).toSorted(),
  open: tables.filter(({ match }) => match !== true).map(({ schema, name, match }) => `${schema}.${name} ${match}`),
})
const nothing = { findings: [], open: [] }
/** Partitions loaded through their root whose columns come in different orders: the reader gives no fingerprint. */
const byList = { findings: ['unchecked table-not-compared hard.by_list'], open: ['hard.by_list null'] }

describe.skipIf(!rigAvailable()).each([[18], [17], [15]] as const)('exact, on PostgreSQL %i', (major) => {
  let server: ProofServer
  let plain: string
  beforeAll(async () => {
    server = await proofServer(major)
    await hardDatabase(server, 'source')
    plain = await server.dump('source')
    await server.restore('restored', plain)
  })
  afterAll(() => server?.stop())

  test.each([
    ['as pg_dump writes it', [], nothing],
    ['with INSERTs that name no columns', ['--inserts'], nothing],
    ['with INSERTs of many rows', ['--column-inserts', '--rows-per-insert=50'], nothing],
    ['through the roots of partitions', ['--load-via-partition-root'], byList],
    ['with every name quoted', ['--quote-all-identifiers'], null],
  ])('every table of a hard database comes back: a dump %s', async (_, options, expected) => {
    const dump = await server.dump('source', options)
    // names in a column of type regclass are quoted too: only somebody else takes such a dump
    const proof = await prove(server, dump, 'restored', expected === null ? foreign('UTC') : own)
    expect(summary(proof)).toEqual(expected ?? nothing)
    expect(proof.tables.length).toBeGreaterThan(30)
  })

  test('of a table that an extension has filled, only the rows that a dump carries are compared', async () => {
    // as PostGIS does with its reference systems: pg_dump writes the rows that are not the extension's own
    const filled = `CREATE EXTENSION citext; CREATE TABLE public.reference (id integer);
      INSERT INTO public.reference SELECT * FROM generate_series(1, 50);
      SET allow_system_table_mods = on;
      UPDATE pg_extension SET extconfig = ARRAY['public.reference'::regclass::oid], extcondition = ARRAY['WHERE NOT (id BETWEEN 1 AND 50)']
        WHERE extname = 'citext';
      INSERT INTO pg_depend SELECT 'pg_class'::regclass, 'public.reference'::regclass, 0, 'pg_extension'::regclass, oid, 0, 'e'
        FROM pg_extension WHERE extname = 'citext';`
    await server.sql('postgres', 'CREATE DATABASE extended TEMPLATE template0')
    await server.sql('extended', `${filled} INSERT INTO public.reference VALUES (51), (52)`)
    const dump = await server.dump('extended')
    expect(dump).toContain('51\n52\n\\.')
    await server.sql('postgres', 'CREATE DATABASE came_back TEMPLATE template0')
    await server.sql('came_back', `${filled} INSERT INTO public.reference VALUES (51), (52)`)
    expect(summary(await prove(server, dump, 'came_back'))).toEqual(nothing)
    await server.sql('came_back', 'DELETE FROM public.reference WHERE id = 52')
    expect(summary(await prove(server, dump, 'came_back')).findings).toEqual(['damage rows-differ public.reference'])
  })

  if (major === 18) {
    test('a column that is NOT NULL and not valid may hold NULLs', async () => {
      await server.sql('postgres', 'CREATE DATABASE nulls TEMPLATE template0')
      const sql = `CREATE TABLE public.t (a integer, b text); INSERT INTO public.t VALUES (1, NULL), (2, '');
      ALTER TABLE public.t ADD CONSTRAINT c NOT NULL b NOT VALID`
      await server.sql('nulls', sql)
      const dump = await server.dump('nulls')
      await server.restore('nulls_back', dump)
      expect(summary(await prove(server, dump, 'nulls_back'))).toEqual(nothing)
    })
  }

  test('what changed in a table is found, and nothing else', async () => {
    const faults = campaign(`rows changed in the sandbox, PostgreSQL ${major}`, { full: 9, sample: 9 })
    const changes: [sql: string, finding: string][] = [
      ['DELETE FROM hard.copy_escapes WHERE id = 3', 'rows-differ hard.copy_escapes'],
      ["UPDATE hard.one_column SET t = '' WHERE t IS NULL", 'values-differ hard.one_column'],
      ["UPDATE hard.by_hash_1 SET t = t || ' '", 'values-differ hard.by_hash_1'],
      ['INSERT INTO hard.child VALUES (1)', 'rows-differ hard.child'],
      ['INSERT INTO hard.no_columns DEFAULT VALUES', 'rows-differ hard.no_columns'],
      ['UPDATE hard.wide SET c260 = NOT c260 WHERE c3 = 3', 'values-differ hard.wide'],
      ['UPDATE hard.computed SET a = 51 WHERE a = 50', 'values-differ hard.computed'],
      ['DROP TABLE hard.no_rows CASCADE', 'table-missing hard.no_rows'],
      ['ALTER TABLE hard.long_rows DROP COLUMN t', 'column-missing hard.long_rows'],
    ]
    await server.sql('postgres', 'CREATE DATABASE broken TEMPLATE restored')
    await server.sql('broken', `SET session_replication_role = replica; ${changes.map(([sql]) => sql).join(';\n')}`)
    const { findings, open } = summary(await prove(server, plain, 'broken'))
    expect(findings).toEqual(changes.map(([, found]) => `damage ${found}`).toSorted())
    expect(open).toHaveLength(changes.length)
    for (const _ of changes) faults.came('damaged')
  })

  test('a dump that somebody took in another zone, with other bytes: equal once that is found out', async () => {
    const env = { PGTZ: 'Asia/Shanghai', PGOPTIONS: '-c bytea_output=escape' }
    const dump = await server.dump('source', [], env)
    for (const zone of ['Asia/Shanghai', null, 'UTC', 'Nowhere/At All']) {
      const proof = await prove(server, dump, 'restored', foreign(zone))
      expect(summary(proof), String(zone)).toEqual(nothing)
    }
    expect(
      (await prove(server, dump, 'restored', foreign(null))).tables.some(({ note }) => note?.includes('Shanghai')),
    ).toBe(true)
  })

  test('in another zone a changed row is not called damage while the zone is not certain, and is when it is', async () => {
    await server.sql('postgres', 'DROP DATABASE IF EXISTS zones; CREATE DATABASE zones;')
    const times = "generate_series(timestamptz '2024-01-01 12:00+00', '2024-03-01', '1 hour') g"
    await server.sql(
      'zones',
      `CREATE TABLE a AS SELECT g AS at FROM ${times}; CREATE TABLE b AS SELECT g AS at, 1 AS n FROM ${times};
      CREATE TABLE old AS SELECT timestamptz '1950-05-05' AS at, 1 AS n; CREATE TABLE plain AS SELECT 1 AS n;`,
    )
    const dump = await server.dump('zones', [], { PGTZ: 'Asia/Shanghai' })
    await server.restore('zones_back', dump)
    await server.sql(
      'zones_back',
      'UPDATE b SET n = 2 WHERE at = (SELECT max(at) FROM b); UPDATE old SET n = 3; UPDATE plain SET n = 2',
    )
    expect(summary(await prove(server, dump, 'zones_back', foreign(null))).findings).toEqual([
      'damage values-differ public.plain',
      'unchecked table-not-compared public.b',
      'unchecked table-not-compared public.old',
    ])
    // the zone is known, table `a` shows that it is the right one, and in this century it has no rules that may change
    expect(summary(await prove(server, dump, 'zones_back', foreign('Asia/Shanghai'))).findings).toEqual([
      'damage values-differ public.b',
      'damage values-differ public.plain',
      'unchecked table-not-compared public.old',
    ])
  })

  test('an abort ends it', async () => {
    const stop = new AbortController()
    const report = await reportOf(plain)
    const proving = proveExact(
      { tables: report.tables, databases: new Map([['', 'restored']]), sandbox: server.sandbox, settings: own },
      { signal: stop.signal, report: () => stop.abort() },
    )
    await expect(proving).rejects.toThrow('aborted')
  })
})
