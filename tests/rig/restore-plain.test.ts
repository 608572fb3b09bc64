import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { planDumpFile } from '#engine/dump/reader-thread.ts'
import { proveRestored } from '#engine/proof/restored.ts'
import { restore } from '#engine/restore/restore.ts'
import type { Sandbox } from '#engine/sandbox/sandbox.ts'
import { startSandbox } from '#engine/sandbox/start.ts'
import { dumpOf as textOf } from '../support/dump-text.ts'
import { rigAvailable, rigDatabase } from './machine/rig.ts'

vi.setConfig({ testTimeout: 300_000 })

const folder = mkdtempSync(join(tmpdir(), 'restore-'))
const sandboxes = new Map<string, Promise<Sandbox>>()
const signal = new AbortController().signal
const MOST = 1024 * 1024 * 1024

/** One PostgreSQL for each version, started when it is first needed. */
function sandboxOf(major: number, engine: 'docker' | 'embedded' = 'docker'): Promise<Sandbox> {
  const wish = { engine, image: null, major, sqlBytes: 50_000_000, jobId: 'job', copyId: null, subject: 'test' }
  const report = { step: () => {}, log: () => {} }
  const key = `${engine} ${major}`
  const sandbox =
    sandboxes.get(key) ??
    startSandbox(wish, { scratchDir: join(folder, 'scratch'), now: () => new Date(), signal, report })
  sandboxes.set(key, sandbox)
  return sandbox
}
afterAll(async () => {
  for (const sandbox of sandboxes.values()) await (await sandbox).stop()
  rmSync(folder, { recursive: true })
})

function dumpOf(label: string, options: string[] = []): Buffer {
  const { place, dbname, user } = rigDatabase(label)
  if (place.kind === 'host') throw new Error('not in a container')
  const argv = ['exec', '-e', 'PGTZ=UTC', place.container, 'pg_dump', '-U', user, ...options, dbname]
  return execFileSync('docker', argv, { maxBuffer: MOST })
}

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`

/** Runs one of PostgreSQL's own programs beside the server. */
async function program({ run }: Sandbox, argv: string[], input: string | Buffer = ''): Promise<Buffer> {
  if (!run) throw new Error('there are no programs')
  const { stdout, done } = run(argv, { input: pieces(Buffer.from(input)), signal })
  const chunks: Uint8Array[] = []
  for await (const chunk of stdout) chunks.push(chunk)
  expect(await done).toMatchObject({ code: 0 })
  return Buffer.concat(chunks)
}

async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += 65_536) yield bytes.subarray(from, from + 65_536)
}

const psql = (sandbox: Sandbox, database: string, input: string | Buffer) =>
  program(sandbox, ['env', 'PGCLIENTENCODING=UTF8', 'psql', '-X', '-q', '-d', database], input)

async function createDatabase(sandbox: Sandbox, name: string, encoding: string): Promise<void> {
  const locale =
    sandbox.major >= 15 ? `LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'` : `LC_COLLATE 'C' LC_CTYPE 'C'`
  await psql(sandbox, 'postgres', `CREATE DATABASE ${name} TEMPLATE template0 ENCODING '${encoding}' ${locale}`)
}

/** A dump of what is there, without what differs each time. */
async function dumpAgain(sandbox: Sandbox, database: string): Promise<string> {
  const text = (await program(sandbox, ['pg_dump', database])).toString('latin1')
  const own = sandbox.major < 17 ? text.replaceAll(/^ALTER EVENT TRIGGER .* DISABLE;$/gm, '') : text
  return own
    .replaceAll(/^\\(un)?restrict .*$/gm, '')
    .replaceAll(/^-- Dumped (from|by) .*$/gm, '')
    .replaceAll(/\n\n+/g, '\n\n')
}

/**
 * Rows of a table come in the order in which they were loaded, and those of a table that is parted by the hash of an enum
 * lie in other partitions each time: all rows of one target together, sorted.
 */
function sortedRows(dump: string): string {
  const rows = new Map<string, string[]>()
  const rest = dump.replaceAll(/^(COPY .*) FROM stdin;\n([\s\S]*?)^\\\.$/gm, (_, head: string, lines: string) => {
    rows.set(head, [...(rows.get(head) ?? []), ...lines.split('\n').slice(0, -1)])
    return `${head};`
  })
  const data = [...rows].map(([head, lines]) => `${head}\n${lines.toSorted().join('\n')}\n`)
  return `${rest}\n${data.join('\n')}`
}

/** Has the loader and psql restore the same dump, and compares what came of it. */
async function expectTheSame(sandbox: Sandbox, dump: Buffer): Promise<void> {
  const path = join(folder, 'dump.sql.gz')
  writeFileSync(path, gzipSync(dump))
  const { plan } = await planDumpFile(path)
  const restored = await restore(plan, path, sandbox, { signal, report: () => {} })
  expect(restored.errors.filter((error) => error.class !== 'explained')).toEqual([])
  const database = restored.databases.get('') ?? ''
  await createDatabase(sandbox, 'by_psql', plan.report.encoding === 'SQL_ASCII' ? 'SQL_ASCII' : 'UTF8')
  await psql(sandbox, 'by_psql', dump)
  const [ours, theirs] = [await dumpAgain(sandbox, database), await dumpAgain(sandbox, 'by_psql')]
  for (const name of [database, 'by_psql']) await psql(sandbox, 'postgres', `DROP DATABASE ${quote(name)}`)
  expect(sortedRows(ours)).toBe(sortedRows(theirs))
}

describe.runIf(rigAvailable())(
  'restored by the loader and by psql of the same version, it is the same database',
  () => {
    test.each([
      ['prod', 18, []],
      ['latin1', 18, []],
      ['euc_cn', 18, []],
      ['sql_ascii', 18, []],
      ['gbk', 18, ['-E', 'GBK']],
      ['pg17', 17, []],
      ['pg15', 15, []],
      ['pg15', 18, []],
      ['prod', 18, ['--inserts']],
      ['prod', 18, ['--clean']],
      ['pg15', 15, ['--clean']],
      ['pg17', 17, ['--rows-per-insert=3', '--column-inserts']],
    ])('%s in %i %s', async (label, major, options) => {
      await expectTheSame(await sandboxOf(major), dumpOf(label, options))
    })

    test('several whole dumps in one file, each of them made before its rows come', async () => {
      const rows = Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join('')
      const dumps = Array.from({ length: 30 }, (_, i) =>
        textOf(`CREATE TABLE public.several_${i} (id integer);\n\nCOPY public.several_${i} (id) FROM stdin;\n${rows}\\.\n
ALTER TABLE ONLY public.several_${i} ADD CONSTRAINT several_${i}_pkey PRIMARY KEY (id);\n`),
      )
      const path = join(folder, 'several.sql')
      writeFileSync(path, dumps.join(''))
      const { plan, result } = await planDumpFile(path)
      expect(result).toMatchObject({ outcome: 'proven', dumps: 30 })
      const sandbox = await sandboxOf(18)
      const restored = await restore(plan, path, sandbox, { signal, report: () => {} })
      expect(restored.errors.filter((error) => error.class !== 'explained')).toEqual([])
      const client = await sandbox.connect('admin', restored.databases.get('') ?? '')
      try {
        const counted = await client.query(
          "SELECT count(*)::int AS keys FROM pg_constraint WHERE contype = 'p' AND conname LIKE 'several%'",
        )
        expect(counted.rows).toEqual([{ keys: 30 }])
      } finally {
        await client.end()
      }
    })

    test('what hangs on another collation than the sandbox has is not checked, and no damage', async () => {
      const sandbox = await sandboxOf(18)
      const icu = `LOCALE_PROVIDER icu ICU_LOCALE 'en'`
      await psql(sandbox, 'postgres', `CREATE DATABASE sorted TEMPLATE template0 ENCODING 'UTF8' ${icu}`)
      const sql = `CREATE TABLE checked (id integer PRIMARY KEY, lo text, hi varchar(5), CONSTRAINT c CHECK (lo <= hi));
INSERT INTO checked VALUES (1, 'a', 'B');
CREATE TABLE refers (id integer REFERENCES checked);
INSERT INTO refers VALUES (1);
CREATE TYPE span AS RANGE (subtype = text);
CREATE TABLE spans (r span, n int4range);
INSERT INTO spans VALUES ('[a,B]', '[1,2]');
CREATE TABLE parts (k text PRIMARY KEY) PARTITION BY RANGE (k);
CREATE TABLE parts_a PARTITION OF parts FOR VALUES FROM ('a') TO ('M');
CREATE TABLE parts_m PARTITION OF parts FOR VALUES FROM ('M') TO ('z');
INSERT INTO parts VALUES ('b'), ('C'), ('N');
CREATE TABLE refers_to_parts (k text REFERENCES parts);
INSERT INTO refers_to_parts VALUES ('b');`
      await psql(sandbox, 'sorted', `\\set ON_ERROR_STOP on\n${sql}`)
      const path = join(folder, 'sorted.sql')
      writeFileSync(path, await program(sandbox, ['pg_dump', 'sorted']))
      const { plan } = await planDumpFile(path)
      const { errors, databases } = await restore(plan, path, sandbox, { signal, report: () => {} })
      const { findings } = await proveRestored({ plan, databases, errors, sandbox }, { signal })
      for (const name of ['sorted', ...databases.values()])
        await psql(sandbox, 'postgres', `DROP DATABASE ${quote(name)}`)
      const refused = errors.map((error) => `${error.class} ${error.sqlstate}`)
      expect(refused.toSorted(), JSON.stringify(errors)).toEqual(
        ['42P17', '23514', '22000', '55000', '23503', '23503'].map((code) => `unchecked ${code}`).toSorted(),
      )
      expect(findings.filter((found) => found.class === 'damage')).toEqual([])
    })

    test('objects of every kind', async () => {
      const sandbox = await sandboxOf(18)
      await createDatabase(sandbox, 'objects', 'UTF8')
      const sql = readFileSync(join(import.meta.dirname, 'restore', 'objects.sql'), 'utf8')
      await psql(sandbox, 'objects', `\\set ON_ERROR_STOP on\n${sql}`)
      const dump = await program(sandbox, ['pg_dump', 'objects'])
      await psql(sandbox, 'postgres', `DROP SUBSCRIPTION IF EXISTS obj_sub`)
      await expectTheSame(sandbox, dump)
    })
  },
)
