import { seed } from './databases.ts'
import { psql, type Target } from './psql.ts'
import type { RigDatabase } from './rig.ts'
import { say } from './run.ts'

/** Makes the large database of about so many megabytes, unless the server has it. */
export async function makeBig(server: Target, megabytes: number): Promise<void> {
  const dbname = `rig_big_${megabytes}`
  if ((await psql(server, `SELECT 1 FROM pg_database WHERE datname = '${dbname}'`)) === '') {
    await psql(server, `CREATE DATABASE "${dbname}" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'`)
  }
  await seed({ ...server, dbname }, ['big.sql'], { mb: String(megabytes) })
  // Written back now, so that the server's own housekeeping does not fall into someone's measurement.
  await psql({ ...server, dbname }, 'VACUUM ANALYZE; CHECKPOINT;')
  say(`${dbname}: ${await psql({ ...server, dbname }, `SELECT pg_size_pretty(pg_database_size('${dbname}'))`)}`)
}

/** The large databases that the server has: the one of 800 MB is labelled `big`, others by their size, as `big5000`. */
export async function bigDatabases(server: Target, like: RigDatabase): Promise<RigDatabase[]> {
  // One that is still being filled has no mark yet.
  const whole = `SELECT datname FROM pg_database WHERE shobj_description(oid, 'pg_database') = 'seeds: big.sql'`
  const names = (await psql(server, whole)).split('\n').filter((name) => name.startsWith('rig_big_'))
  return names.map((dbname) => {
    const megabytes = dbname.slice('rig_big_'.length)
    return { ...like, label: megabytes === '800' ? 'big' : `big${megabytes}`, dbname, encoding: 'UTF8' }
  })
}
