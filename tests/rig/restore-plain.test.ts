import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { planDumpFile } from '#engine/dump/reader-thread.ts'
import { restore } from '#engine/restore/restore.ts'
import { startContainer, type ContainerSandbox } from '../support/container-sandbox.ts'
import { rigAvailable, rigDatabase } from './machine/rig.ts'

const folder = mkdtempSync(join(tmpdir(), 'restore-'))
const sandboxes = new Map<number, Promise<ContainerSandbox>>()
const signal = new AbortController().signal

vi.setConfig({ testTimeout: 300_000 })

/** One PostgreSQL for each version, started when it is first needed. */
function sandboxOf(major: number): Promise<ContainerSandbox> {
  const sandbox = sandboxes.get(major) ?? startContainer(major)
  sandboxes.set(major, sandbox)
  return sandbox
}
afterAll(async () => {
  for (const sandbox of sandboxes.values()) await (await sandbox).stop()
  rmSync(folder, { recursive: true })
})

const MOST = 1024 * 1024 * 1024

function dumpOf(label: string, options: string[] = []): Buffer {
  const { place, dbname, user } = rigDatabase(label)
  if (place.kind === 'host') throw new Error('not in a container')
  const argv = ['exec', '-e', 'PGTZ=UTC', place.container, 'pg_dump', '-U', user, ...options, dbname]
  return execFileSync('docker', argv, { maxBuffer: MOST })
}

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`

/** As psql loads it, into a database of its own, with the roles it needs. */
function restoreWithPsql({ container }: ContainerSandbox, dump: Buffer, roles: string[], encoding: string): string {
  const name = `by_psql_${Math.floor(performance.now() * 1000)}`
  const psql = (database: string, input: string | Buffer) =>
    execFileSync(
      'docker',
      ['exec', '-i', '-e', 'PGCLIENTENCODING=UTF8', container, 'psql', '-X', '-q', '-U', 'postgres', '-d', database],
      {
        input,
        maxBuffer: MOST,
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    )
  for (const role of roles)
    psql('postgres', `DO $$ BEGIN CREATE ROLE ${quote(role)}; EXCEPTION WHEN duplicate_object THEN END $$`)
  psql(
    'postgres',
    `CREATE DATABASE ${name} TEMPLATE template0 ENCODING '${encoding}' LC_COLLATE 'C' LC_CTYPE '${encoding === 'UTF8' ? 'C.UTF-8' : 'C'}'`,
  )
  psql(name, dump)
  return name
}

/** A dump of what is there, without what differs each time. */
function dumpAgain({ container }: ContainerSandbox, database: string): string {
  const argv = ['exec', container, 'pg_dump', '-U', 'postgres', database]
  const text = execFileSync('docker', argv, { maxBuffer: MOST }).toString('latin1')
  return text.replaceAll(/^\\(un)?restrict .*$/gm, '').replaceAll(/^-- Dumped (from|by) .*$/gm, '')
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
      ['pg17', 17, ['--rows-per-insert=3', '--column-inserts']],
    ])('%s in %i %s', async (label, major, options) => {
      const sandbox = await sandboxOf(major)
      const dump = dumpOf(label, options)
      const path = join(folder, 'dump.sql.gz')
      writeFileSync(path, gzipSync(dump))
      const { plan } = await planDumpFile(path)
      const encoding = plan.report.encoding === 'SQL_ASCII' ? 'SQL_ASCII' : 'UTF8'
      const restored = await restore(plan, path, sandbox, { signal, report: () => {} })
      expect(restored.errors.filter((error) => error.class !== 'explained')).toEqual([])
      const database = restored.databases.get('') ?? ''
      const other = restoreWithPsql(sandbox, dump, plan.report.roles, encoding)
      expect(sortedRows(dumpAgain(sandbox, database))).toBe(sortedRows(dumpAgain(sandbox, other)))
      await Promise.all([database, other].map((name) => drop(sandbox, name)))
    })
  },
)

async function drop(sandbox: ContainerSandbox, name: string): Promise<void> {
  const admin = await sandbox.connect('admin', 'postgres')
  await admin.query(`DROP DATABASE ${quote(name)}`)
  await admin.end()
}
