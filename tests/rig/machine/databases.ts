import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { psql, type Target } from './psql.ts'
import { say, succeeds, until } from './run.ts'

/** Raised when the seeds change: a database of an older seed is left as it is, and said so. */
const seedVersion = 'lifeboat rig, seed 1'

/** Waits until the container's real server answers; the temporary one of the first start listens on no address. */
export async function untilReady(container: string): Promise<void> {
  const ready = () => succeeds('docker', ['exec', container, 'pg_isready', '-q', '-h', '127.0.0.1'])
  await until(`PostgreSQL in ${container}`, 60, ready)
}

/** Fills a database from seed files, once, in one transaction: it is either empty or whole. */
export async function seed(target: Target, files: string[], variables: Record<string, string> = {}): Promise<void> {
  const found = await psql(
    target,
    `SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()`,
  )
  if (found === seedVersion) return
  if (found.startsWith('lifeboat rig')) {
    say(`${target.dbname} holds an older seed; down.ts and up.ts would renew it`)
    return
  }
  say(`seeding ${target.dbname} in ${target.container.slice(0, 24)}`)
  const sql = files.map((file) => readFileSync(join(import.meta.dirname, 'seed', file), 'utf8'))
  // pg_dump writes a database's comment only with --create, so the mark is in no dump.
  const mark = `DO $$ BEGIN EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), '${seedVersion}'); END $$;`
  await psql(target, ['BEGIN;', ...sql, mark, 'COMMIT;', 'ANALYZE;'].join('\n'), variables)
}
