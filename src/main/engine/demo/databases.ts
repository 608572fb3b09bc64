import { PGlite } from '@electric-sql/pglite'
import { pgDump } from '@electric-sql/pglite-tools/pg_dump'
import { demoDatabases, type DemoLabel } from './facts.ts'
import { sampleSql } from './sample.ts'

export type DemoDatabase = {
  /** first column of each row of each result, as text; what psql prints with --tuples-only --no-align */
  query(sql: string): Promise<string[]>
  /** plain SQL, as pg_dump writes it */
  dump(args: readonly string[]): Promise<string>
  version(): Promise<string>
}

/**
 * Starts both databases: PostgreSQL in WebAssembly, filled with sample data. An empty cluster takes ten times as long to make
 * as to copy, so the second one is a copy of the first.
 */
export async function startDemoDatabases(): Promise<Record<DemoLabel, DemoDatabase>> {
  const first = await PGlite.create()
  const cluster = await first.dumpDataDir('none')
  const second = await PGlite.create({ loadDataDir: cluster })
  return { prod: await demoDatabase('prod', first), test: await demoDatabase('test', second) }
}

async function demoDatabase(label: DemoLabel, server: PGlite): Promise<DemoDatabase> {
  const { dbname, dbuser, cards } = demoDatabases[label]
  await server.exec(`create role ${dbuser} login superuser`)
  // this PostgreSQL serves one database of a fixed name, and nobody can rename the database he is in
  await server.exec(`update pg_database set datname = '${dbname}' where datname = current_database()`)
  await server.exec(sampleSql(dbuser, cards))
  const query = async (sql: string): Promise<string[]> => {
    try {
      const results = await server.exec(sql, { rowMode: 'array' })
      return results.flatMap((result) => result.rows.map((row) => textOf(Array.isArray(row) ? row[0] : row)))
    } catch (error) {
      // psql's next call is another session, and knows nothing of this one's trouble
      await server.exec('rollback')
      throw error
    }
  }
  return {
    query,
    async dump(args) {
      const file = await pgDump({ pg: server, database: dbname, args: [...args] })
      return file.text()
    },
    version: async () => (await query(`select current_setting('server_version')`))[0] ?? '',
  }
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
