import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { psql, type Target } from './psql.ts'
import { say, succeeds, until } from './run.ts'

/** Waits until the container's real server answers; the temporary one of the first start listens on no address. */
export async function untilReady(container: string): Promise<void> {
  const ready = () => succeeds('docker', ['exec', container, 'pg_isready', '-q', '-h', '127.0.0.1'])
  await until(`PostgreSQL in ${container}`, 60, ready)
}

/**
 * Fills a database from seed files, each once and in one transaction, so that it is whole or not there. Which ones it has
 * stands in the database's comment, which pg_dump writes only with --create: the mark is in no dump.
 */
export async function seed(target: Target, files: string[], variables: Record<string, string> = {}): Promise<void> {
  const found = await psql(
    target,
    `SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database WHERE datname = current_database()`,
  )
  const done = found.split(' ').filter((word) => word.endsWith('.sql'))
  for (const file of files.filter((one) => !done.includes(one))) {
    say(`seeding ${target.dbname} with ${file}`)
    done.push(file)
    const sql = readFileSync(join(import.meta.dirname, 'seed', file), 'utf8')
    const mark = `SELECT format('COMMENT ON DATABASE %I IS %L', current_database(), 'seeds: ${done.join(' ')}') \\gexec`
    await psql(target, ['BEGIN;', sql, mark, 'COMMIT;', 'ANALYZE;'].join('\n'), variables)
  }
}
