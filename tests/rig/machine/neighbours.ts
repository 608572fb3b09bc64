import { bigDatabases } from './bigdatabase.ts'
import { docker } from './dockerd.ts'
import { seed, untilReady } from './databases.ts'
import { imageName, makeImage } from './images.ts'
import { psql, type Target } from './psql.ts'
import type { RigDatabase } from './rig.ts'
import { say, succeeds } from './run.ts'
import { secret } from './secrets.ts'

interface Neighbour {
  major: number
  /** The superuser, as POSTGRES_USER. */
  user: string
  databases: { label: string; dbname: string; encoding: string; seeds: string[] }[]
}

const hard = ['hard-values.sql', 'hard-names.sql', 'hard-structure.sql']

/** PostgreSQL servers in plain containers, beside Compose: other versions, and other encodings. */
const neighbours: Neighbour[] = [
  {
    major: 18,
    user: 'postgres',
    databases: [
      { label: 'latin1', dbname: 'rig_latin1', encoding: 'LATIN1', seeds: ['latin1.sql'] },
      { label: 'euc_cn', dbname: 'rig_euc_cn', encoding: 'EUC_CN', seeds: ['euc_cn.sql'] },
      { label: 'sql_ascii', dbname: 'rig_sql_ascii', encoding: 'SQL_ASCII', seeds: ['sql_ascii.sql'] },
      { label: 'gbk', dbname: 'rig_gbk', encoding: 'UTF8', seeds: ['gbk.sql'] },
    ],
  },
  { major: 17, user: 'appuser', databases: [{ label: 'pg17', dbname: 'rig_hard', encoding: 'UTF8', seeds: hard }] },
  { major: 15, user: 'postgres', databases: [{ label: 'pg15', dbname: 'rig_hard', encoding: 'UTF8', seeds: hard }] },
]

/** Removes the neighbours with their data. */
export async function removeNeighbours(): Promise<void> {
  for (const neighbour of neighbours) {
    const container = containerOf(neighbour)
    if (await succeeds('docker', ['container', 'inspect', container])) await docker('rm', '-f', '-v', container)
  }
}

/** Where the large databases for measurements are made. */
export const bigServer: Target = { container: 'lifeboat-rig-pg18', user: 'postgres', dbname: 'postgres' }

function containerOf(neighbour: Neighbour): string {
  return `lifeboat-rig-pg${neighbour.major}`
}

/** Starts the neighbours that don't run and fills their databases. Returns their databases' descriptions. */
export async function startNeighbours(): Promise<RigDatabase[]> {
  const databases: RigDatabase[] = []
  for (const neighbour of neighbours) {
    await makeImage(neighbour.major)
    await startContainer(neighbour)
    for (const database of neighbour.databases) databases.push(await makeDatabase(neighbour, database))
    if (neighbour.major === 18) databases.push(...(await bigDatabases(bigServer, describe(neighbour, 'big', 'UTF8'))))
  }
  return databases
}

async function startContainer(neighbour: Neighbour): Promise<void> {
  const container = containerOf(neighbour)
  if (!(await succeeds('docker', ['container', 'inspect', container]))) {
    say(`starting ${container}`)
    const variables = [
      `POSTGRES_USER=${neighbour.user}`,
      `POSTGRES_PASSWORD=${passwordOf(neighbour)}`,
      'POSTGRES_DB=postgres',
    ]
    const settings = [
      '--restart',
      'unless-stopped',
      '--stop-signal',
      'SIGINT',
      ...variables.flatMap((one) => ['-e', one]),
    ]
    await docker('run', '-d', '--name', container, ...settings, imageName(neighbour.major))
  } else if ((await docker('container', 'inspect', '-f', '{{.State.Running}}', container)) !== 'true') {
    await docker('start', container)
  }
  await untilReady(container)
}

async function makeDatabase(neighbour: Neighbour, wanted: Neighbour['databases'][number]): Promise<RigDatabase> {
  const { dbname, encoding, label } = wanted
  const server = { container: containerOf(neighbour), user: neighbour.user, dbname: 'postgres' }
  const names = await psql(server, 'SELECT datname FROM pg_database')
  if (!names.split('\n').includes(dbname)) {
    // The C locale goes with every encoding.
    await psql(server, `CREATE DATABASE "${dbname}" TEMPLATE template0 ENCODING '${encoding}' LOCALE 'C'`)
  }
  await seed({ ...server, dbname }, wanted.seeds)
  return { ...describe(neighbour, dbname, encoding), label }
}

function describe(neighbour: Neighbour, dbname: string, encoding: string): RigDatabase {
  return {
    label: dbname,
    place: { kind: 'container', container: containerOf(neighbour) },
    dbname,
    user: neighbour.user,
    password: passwordOf(neighbour),
    major: neighbour.major,
    encoding,
    backups: null,
    envFiles: [],
  }
}

function passwordOf(neighbour: Neighbour): string {
  return secret(`password of ${containerOf(neighbour)}`)
}
