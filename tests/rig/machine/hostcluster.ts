import { existsSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { asOperator } from './project.ts'
import type { RigDatabase } from './rig.ts'
import { run, say, succeeds, until } from './run.ts'
import { operatorHome } from './where.ts'

const major = '15'
const cluster = 'lifeboat_rig'
const configDir = `/etc/postgresql/${major}/${cluster}`
const socketDir = '/var/run/postgresql'
const dbname = 'hostapp'

/** Starts a PostgreSQL that runs on the host itself, where the operator logs in by peer on the unix socket. */
export async function startHostCluster(): Promise<RigDatabase> {
  if (!existsSync(configDir)) {
    const port = (await isTaken(5432)) ? '54150' : '5432'
    say(`making a PostgreSQL ${major} on the host, port ${port}`)
    await run('pg_createcluster', [major, cluster, '--port', port, '--locale', 'C.UTF-8', '--encoding', 'UTF8'])
  }
  const port = Number((await run('pg_conftool', ['-s', major, cluster, 'show', 'port'])).stdout.trim())
  const answers = () => succeeds('pg_isready', ['-q', '-h', socketDir, '-p', String(port)])
  if (!(await answers())) {
    await run('pg_ctlcluster', [major, cluster, 'start', '--skip-systemctl-redirect'], { accept: [2] })
    await until('the PostgreSQL on the host', 30, answers)
  }
  // Debian's psql and pg_dump look here for the cluster that is meant when nobody names a port.
  const choice = join(operatorHome, '.postgresqlrc')
  if (!existsSync(choice)) writeFileSync(choice, `${major} ${cluster} *\n`)
  await makeDatabase(port)
  return {
    label: 'host',
    place: { kind: 'host', socketDir, port },
    dbname,
    user: 'operator',
    password: null,
    major: Number(major),
    encoding: 'UTF8',
    backups: null,
    envFiles: [],
  }
}

async function makeDatabase(port: number): Promise<void> {
  const at = ['-h', socketDir, '-p', String(port)]
  if (
    await succeeds('runuser', ['-u', 'operator', '--', 'psql', ...at, '-Atqc', 'SELECT 1 FROM orders LIMIT 1', dbname])
  )
    return
  await run('runuser', ['-u', 'postgres', '--', 'createuser', ...at, '--superuser', 'operator'], {
    accept: [1],
    cwd: '/',
  })
  await run('runuser', ['-u', 'postgres', '--', 'createdb', ...at, '-O', 'operator', dbname], { accept: [1], cwd: '/' })
  const sql = `CREATE TABLE orders (id integer PRIMARY KEY, customer text, total numeric, at timestamptz);
    INSERT INTO orders SELECT n, '客户 ' || n, n * 1.5, timestamptz '2025-01-01' + n * interval '1 hour' FROM generate_series(1, 5000) n;`
  await asOperator('psql', ...at, '-X', '-q', '-1', '-v', 'ON_ERROR_STOP=1', '-d', dbname, '-c', sql)
}

/** Stops and removes the cluster with its data. */
export async function removeHostCluster(): Promise<void> {
  if (existsSync(configDir)) await run('pg_dropcluster', ['--stop', major, cluster])
}

function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port })
    socket.once('connect', () => (socket.destroy(), resolve(true)))
    socket.once('error', () => resolve(false))
  })
}
