import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { DumpPlan } from '#engine/dump/plan.ts'
import { planDumpFile } from '#engine/dump/reader-thread.ts'
import type { RestoreProgress, Restored } from '#engine/restore/restored.ts'
import { restore } from '#engine/restore/restore.ts'
import type { Sandbox } from '#engine/sandbox/sandbox.ts'
import { copyBlock, dumpOf } from '../support/dump-text.ts'
import { rigAvailable } from './machine/rig.ts'
import { scratch } from './sandbox-support.ts'

const never = new AbortController().signal
let place: Awaited<ReturnType<typeof scratch>>
let folder: string
let sandbox: Sandbox

async function planned(sql: string): Promise<{ plan: DumpPlan; path: string }> {
  const path = join(folder, 'dump.sql')
  writeFileSync(path, dumpOf(sql))
  return { plan: (await planDumpFile(path)).plan, path }
}

async function load(sql: string, report: (progress: RestoreProgress) => void = () => {}): Promise<Restored> {
  const { plan, path } = await planned(sql)
  return restore(plan, path, sandbox, { signal: never, report })
}

/** Asks the restored database, and removes it. */
async function ask(restored: Restored, sql: string): Promise<unknown[]> {
  const database = restored.databases.get('') ?? ''
  const client = await sandbox.connect('admin', database)
  const { rows } = await client.query<Record<string, unknown>>(sql)
  await client.end()
  await drop(database)
  return rows.map((row) => Object.values(row)[0])
}

async function drop(database: string): Promise<void> {
  const admin = await sandbox.connect('admin', 'postgres')
  await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`)
  await admin.end()
}

async function openSessions(): Promise<number> {
  const admin = await sandbox.connect('admin', 'postgres')
  const count = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = 'lifeboat_loader'`
  const { rows } = await admin.query<{ n: number }>(count)
  await admin.end()
  return rows[0]?.n ?? 0
}

/** Ends all sessions of the loader once one of them is in the middle of a row. Returns how many there were. */
async function endBusySessions(): Promise<number> {
  const admin = await sandbox.connect('admin', 'postgres')
  const { rowCount } = await admin.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'lifeboat_loader'
     AND EXISTS (SELECT FROM pg_stat_activity WHERE usename = 'lifeboat_loader' AND wait_event = 'PgSleep')`,
  )
  await admin.end()
  return rowCount ?? 0
}

const rowsOf = (name: string, rows: string[][]) => copyBlock({ schema: 'public', name, columns: ['id', 't'], rows })
/** Tables with their rows, in pg_dump's order: first all of them are made. */
const tables = (rows: Record<string, string[][]>) =>
  [
    ...Object.keys(rows).map((name) => `CREATE TABLE public.${name} (id integer, t text);\n`),
    ...Object.entries(rows).map(([name, of]) => rowsOf(name, of)),
  ].join('')
const numbers = (count: number) => Array.from({ length: count }, (_, i) => [`${i}`, `a row with the number ${i}`])

describe.runIf(rigAvailable())('the loader', () => {
  beforeAll(async () => {
    place = await scratch()
    folder = place.dir
    sandbox = await place.start({ sqlBytes: 9e7 })
  })
  afterAll(async () => {
    await sandbox?.stop()
    await place?.remove()
  })
  // what a test before this one has left
  beforeEach(async () => {
    for (const name of ['lifeboat', 'lifeboat_0']) await drop(name)
  })

  test('what the server refuses is told with its place, and the rest is loaded', async () => {
    const restored = await load(
      [
        tables({
          good: numbers(10),
          bad: [
            ['1', 'one'],
            ['no number', 'two'],
          ],
          twice: [
            ['1', 'one'],
            ['1', 'two'],
          ],
        }),
        `COPY public.missing (id) FROM stdin;\n1\n\\.\n`,
        `INSERT INTO public.inserted VALUES (1);`,
        'ALTER TABLE ONLY public.twice ADD CONSTRAINT twice_key PRIMARY KEY (id);',
        'ALTER TABLE ONLY public.good ADD CONSTRAINT good_key PRIMARY KEY (id);',
        `SET of_tomorrow = 1;`,
        // what is not known behind this may have been the extension's
        'CREATE EXTENSION IF NOT EXISTS no_such_extension WITH SCHEMA public;',
        'CREATE TABLE public.needs_it (a no_such_type);',
      ].join('\n'),
    )
    expect(restored.errors.map(({ class: meaning, sqlstate, table: about }) => [meaning, sqlstate, about])).toEqual([
      ['damage', '22P02', 'public.bad'],
      ['damage', '42P01', 'public.missing'],
      ['damage', '42P01', 'public.inserted'],
      ['damage', '23505', null],
      ['explained', '42704', null],
      ['unchecked', '0A000', null],
      ['unchecked', '42704', null],
    ])
    const where = readFileSync(join(folder, 'dump.sql')).indexOf('COPY public.bad')
    expect(restored.errors[0]).toMatchObject({
      statement: 'COPY public.bad (id, t) FROM stdin;',
      place: { byte: where },
    })
    expect(await ask(restored, 'SELECT count(*)::int FROM public.good WHERE id >= 0')).toEqual([10])
  })

  test('progress ends with all rows and all indexes of each table', async () => {
    const seen: RestoreProgress[] = []
    const sql = `${tables({ t: numbers(50_000), u: numbers(3) })}CREATE INDEX t_i ON public.t USING btree (id);\n`
    const restored = await load(sql, (progress) => seen.push(progress))
    const last = new Map(seen.flatMap(({ tables }) => tables).map((one) => [one.name, one]))
    expect(last.get('t')).toMatchObject({ rows: 50_000, loaded: 50_000, indexes: 1, built: 1 })
    expect(last.get('u')).toMatchObject({ rows: 3, loaded: 3, indexes: 0, built: 0 })
    expect(seen.at(-1)).toMatchObject({ step: 'keys', rows: 50_003, rowsTotal: 50_003 })
    expect(await ask(restored, 'SELECT count(*)::int FROM public.t')).toEqual([50_000])
  })

  test('a dump that was refused never reaches a server', async () => {
    const { plan, path } = await planned('\\! touch /tmp/never\n')
    const untouched = { ...sandbox, connect: () => Promise.reject(new Error('it was asked')) }
    await expect(restore(plan, path, untouched, { signal: never, report: () => {} })).rejects.toMatchObject({
      kind: 'dump-refused',
    })
  })

  test('a file that has become shorter since it was read', async () => {
    const { plan, path } = await planned(tables({ t: numbers(50_000) }))
    truncateSync(path, 500_000)
    await expect(restore(plan, path, sandbox, { signal: never, report: () => {} })).rejects.toMatchObject({
      kind: 'copy-changed',
    })
    await expect.poll(openSessions).toBe(0)
  })

  test('a sandbox that goes away in the middle says nothing about the dump', async () => {
    // its first row is never done: the loader is in the middle of it until its sessions are ended
    const table = `CREATE TABLE public.t (id integer, t text, CONSTRAINT c CHECK (pg_sleep(600)::text = ''));\n`
    const { plan, path } = await planned(table + rowsOf('t', numbers(200_000)))
    const lost = expect(restore(plan, path, sandbox, { signal: never, report: () => {} })).rejects.toMatchObject({
      kind: 'sandbox-lost',
    })
    await expect.poll(endBusySessions, { timeout: 60_000 }).toBeGreaterThan(0)
    await lost
  })
})
