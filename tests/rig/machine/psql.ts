import { run, type RunOptions } from './run.ts'

/** A PostgreSQL in a container, and a database in it. */
export interface Target {
  container: string
  user: string
  dbname: string
}

/** Runs SQL in a container's own psql and stops at the first error. Returns the rows, unaligned, fields parted by `|`. */
export async function psql(
  target: Target,
  sql: string,
  variables: Record<string, string> = {},
  options: Pick<RunOptions, 'timeout'> = {},
): Promise<string> {
  const settings = Object.entries(variables).flatMap(([name, value]) => ['-v', `${name}=${value}`])
  const client = ['psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-U', target.user, '-d', target.dbname]
  // Without a terminal psql speaks the database's own encoding; the text handed over here is UTF-8.
  const result = await run(
    'docker',
    ['exec', '-i', '-e', 'PGCLIENTENCODING=UTF8', target.container, ...client, ...settings],
    { ...options, input: sql },
  )
  return result.stdout.trim()
}
