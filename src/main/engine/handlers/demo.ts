import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Database } from '#shared/database.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Server } from '#shared/server.ts'
import { demoDatabases, demoProject, type DemoLabel } from '#engine/demo/facts.ts'
import { startDemo, type Demo } from '#engine/demo/start.ts'
import type { Context, Handlers } from './context.ts'

const serverName = 'demo'
const running = new WeakMap<Context, Promise<Demo>>()

export function demoHandlers(context: Context): Pick<Handlers, 'demo.start' | 'demo.remove'> {
  const { catalogue, jobs } = context
  return {
    'demo.start': async () => {
      const server = await startedDemo(context, demoServer(context) ?? newServer(context))
      const databaseIds = (['prod', 'test'] as const).map((label) => keepDatabase(context, server, label).id)
      context.changed('server', 'database')
      return { serverId: server.id, databaseIds }
    },
    'demo.remove': async () => {
      const server = demoServer(context)
      if (server) {
        if (jobs.running().some((job) => job.serverId === server.id)) {
          throw new LifeboatFailure('in-use', 'Something is still running on the demo server.')
        }
        catalogue.servers.remove(server.id)
      }
      await stopDemo(context)
      context.changed('server', 'database')
      return {}
    },
  }
}

/** The demo server as it can be reached right now: it is started when it does not run, and gets a new port and new keys. */
export async function startedDemo(context: Context, server: Server): Promise<Server> {
  let demo = running.get(context)
  if (!demo) {
    demo = startDemo(join(context.dataDir, 'demo'), context.now())
    running.set(context, demo)
    demo.catch(() => running.delete(context))
    context.ended.push(() => stopDemo(context))
  }
  const { host, port, user, keyFile, hostKey } = await demo
  const reachable: Server = { ...server, host, port, user, auth: { kind: 'key', file: keyFile }, hostKey }
  if (context.catalogue.servers.get(server.id)) context.catalogue.servers.update(reachable)
  else context.catalogue.servers.insert(reachable)
  return reachable
}

async function stopDemo(context: Context): Promise<void> {
  const demo = running.get(context)
  running.delete(context)
  await demo?.then(
    (world) => world.stop(),
    () => {},
  )
}

function demoServer({ catalogue }: Context): Server | undefined {
  return catalogue.servers.list().find((server) => server.demo)
}

function newServer({ catalogue, now }: Context): Server {
  const taken = new Set(catalogue.servers.list().map((server) => server.name))
  const name = taken.has(serverName) ? `${serverName}-${randomUUID().slice(0, 4)}` : serverName
  return {
    id: randomUUID(),
    name,
    host: '127.0.0.1',
    port: 1,
    user: '',
    auth: { kind: 'auto' },
    jump: null,
    hostKey: null,
    configHost: null,
    sudo: false,
    demo: true,
    addedAt: now().toISOString(),
  }
}

function keepDatabase({ catalogue, dataDir, now }: Context, server: Server, label: DemoLabel): Database {
  const known = catalogue.databases.find(server.id, label)
  if (known) return known
  const dir = demoProject(join(dataDir, 'demo'))
  const { dbname, dbuser } = demoDatabases[label]
  const database: Database = {
    id: randomUUID(),
    server: server.id,
    serverName: server.name,
    label,
    place: { kind: 'compose', dir, file: `docker-compose.${label}.yml`, service: 'db', project: null },
    dbname,
    dbuser,
    backups: label === 'prod' ? `${dir}/backups/prod` : null,
    env: [`${dir}/.env.${label}`],
    format: 'auto',
    sourceProof: 'off',
    verifyAfter: false,
    driftCheck: true,
    image: null,
    addedAt: now().toISOString(),
  }
  catalogue.databases.insert(database)
  return database
}
