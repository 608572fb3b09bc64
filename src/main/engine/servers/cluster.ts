import type { Place } from '#shared/database.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Container } from '#engine/docker/containers.ts'
import { insideOf } from '#engine/docker/inside.ts'
import type { Docker, Remote } from '#engine/docker/remote.ts'
import type { DumpTool } from '#engine/postgres/dump-tool.ts'
import type { ListedDatabase } from '#engine/postgres/facts.ts'
import { remotePostgres, type RemotePostgres } from '#engine/postgres/remote.ts'
import { hostInside, openOnHost } from './open-database.ts'

/** One PostgreSQL that has answered, with the databases in it. */
export type Cluster = {
  readonly place: Place
  /** null on the host */
  readonly container: Container | null
  readonly dbuser: string
  /** who is to dump a database, by its name, where that is another user */
  readonly dbusers: ReadonlyMap<string, string>
  readonly version: string
  readonly versionNumber: number
  readonly databases: readonly ListedDatabase[]
  /** null when pg_dump could not be asked */
  readonly tool: DumpTool | null
}

/**
 * True for a container that runs PostgreSQL itself, and not for an application that is only told how to reach it: both
 * have POSTGRES_… in their environment, so that only what the server's own images set counts, or the image's name.
 */
export function isPostgres({ environmentNames, image }: Container): boolean {
  if (environmentNames.includes('PGDATA')) return true
  const name = image.replace(/@.*$/, '').replace(/:[^/]*$/, '')
  return /(?:^|[/_-])(?:postgres|postgresql|postgis|timescaledb|pgvector)(?:-ha)?$/.test(name)
}

/** Asks a container's PostgreSQL, as the user that its image made, else as `postgres`. Throws why nobody answered. */
export async function clusterIn(
  remote: Remote,
  docker: Docker,
  container: Container,
  place: Place,
  signal?: AbortSignal,
): Promise<Cluster> {
  const inside = insideOf({ kind: 'container', docker: docker.path, id: container.id, name: container.name })
  const user = container.postgresUser ?? 'postgres'
  const own = container.postgresDb ?? user
  const logins = [
    { dbuser: user, dbname: own },
    { dbuser: user, dbname: 'postgres' },
    { dbuser: 'postgres', dbname: 'postgres' },
  ].filter((login, at, all) => all.findIndex((o) => o.dbuser === login.dbuser && o.dbname === login.dbname) === at)
  let first: LifeboatFailure | undefined
  for (const login of logins) {
    try {
      return await describe(remotePostgres(remote, inside, login), place, container, signal)
    } catch (error) {
      if (!(error instanceof LifeboatFailure)) throw error
      if (error.kind !== 'database-refused' && error.kind !== 'database-not-found') throw error
      first ??= error
    }
  }
  throw first ?? new LifeboatFailure('bug', 'No login to a database was tried.')
}

/**
 * Asks the PostgreSQL of the host itself, with the logins that the user's .pgpass names (never its passwords) and with
 * the user's own name. Null where the host has no PostgreSQL. Throws `database-refused` where it has and lets nobody in.
 */
export async function clusterOnHost(
  remote: Remote,
  server: string,
  sshUser: string,
  signal?: AbortSignal,
): Promise<Cluster | null> {
  const inside = await hostInside(remote, server, signal).catch((error: unknown) => {
    if (error instanceof LifeboatFailure && error.kind === 'tool-missing') return null
    throw error
  })
  if (inside === null) return null
  const logins = [{ dbuser: sshUser, dbname: 'postgres' }, ...(await passwordFileLogins(remote, signal))].slice(0, 8)
  const { answering, refusal } = await letIn(logins, (login) => openOnHost(remote, inside, login, signal))
  const [first] = answering
  if (first) {
    const cluster = await describe(first, { kind: 'host' }, null, signal)
    return { ...cluster, dbusers: whoDumps(cluster.databases, answering) }
  }
  if (refusal) throw refusal
  return null
}

/** Those of the logins that get in, and the first refusal. */
async function letIn(
  logins: readonly { dbuser: string; dbname: string }[],
  open: (login: { dbuser: string; dbname: string }) => Promise<{ postgres: RemotePostgres }>,
): Promise<{ answering: RemotePostgres[]; refusal: LifeboatFailure | undefined }> {
  const answering: RemotePostgres[] = []
  let refusal: LifeboatFailure | undefined
  for (const login of logins) {
    try {
      answering.push((await open(login)).postgres)
    } catch (error) {
      if (!(error instanceof LifeboatFailure)) throw error
      if (error.kind === 'database-refused') refusal ??= error
      // one odd database does not hide those that answered; a line that broke is another thing
      else if (error.kind !== 'database-not-found' && (answering.length === 0 || isOver(error))) throw error
    }
  }
  return { answering, refusal }
}

function isOver({ kind }: LifeboatFailure): boolean {
  return kind === 'connection-lost' || kind === 'stalled' || kind === 'cancelled'
}

/** Each database by the login that was made for it, else by its owner; the first one that got in takes the others. */
function whoDumps(databases: readonly ListedDatabase[], answering: readonly RemotePostgres[]): Map<string, string> {
  const logins = answering.map(({ login }) => login)
  return new Map(
    databases.flatMap(({ name, owner }) => {
      const own = logins.find(({ dbname }) => dbname === name) ?? logins.find(({ dbuser }) => dbuser === owner)
      return own ? [[name, own.dbuser]] : []
    }),
  )
}

async function describe(
  postgres: RemotePostgres,
  place: Place,
  container: Container | null,
  signal?: AbortSignal,
): Promise<Cluster> {
  const facts = await postgres.facts(signal)
  const [listed, tool] = await Promise.all([postgres.databases(signal), dumpTool(postgres, signal)])
  const databases = await worthDumping(postgres, listed, signal)
  const { version, versionNumber } = facts
  return {
    place,
    container,
    dbuser: postgres.login.dbuser,
    dbusers: new Map(),
    version,
    versionNumber,
    databases,
    tool,
  }
}

async function dumpTool(postgres: RemotePostgres, signal?: AbortSignal): Promise<DumpTool | null> {
  try {
    return await postgres.dumpTool(signal)
  } catch (error) {
    if (error instanceof LifeboatFailure && error.kind === 'tool-missing') return null
    throw error
  }
}

/** `postgres` is the database that every server has for itself: it counts where it is the only one, or holds tables. */
async function worthDumping(
  postgres: RemotePostgres,
  listed: readonly ListedDatabase[],
  signal?: AbortSignal,
): Promise<readonly ListedDatabase[]> {
  const others = listed.filter(({ name }) => name !== 'postgres')
  if (others.length === 0 || others.length === listed.length) return listed
  return (await holdsTables(postgres.at('postgres'), signal)) ? listed : others
}

/** Where this user is not let in, nothing is his to dump. */
async function holdsTables(postgres: RemotePostgres, signal?: AbortSignal): Promise<boolean> {
  try {
    return await postgres.holdsTables(signal)
  } catch (error) {
    if (error instanceof LifeboatFailure && error.kind === 'database-refused') return false
    throw error
  }
}

/** User and database of each .pgpass line for this machine. The password is cut off on the server. */
async function passwordFileLogins(remote: Remote, signal?: AbortSignal): Promise<{ dbuser: string; dbname: string }[]> {
  const cut = 'cut -d: -f1-4 -- "$HOME/.pgpass" 2>/dev/null || :'
  const answer = await remote(['/bin/sh', '-c', cut], signal ? { signal } : {})
  return parsePasswordFile(answer.stdout)
}

/** Reads `host:port:database:user` lines. Lines with an escaped colon are left out. */
export function parsePasswordFile(text: string): { dbuser: string; dbname: string }[] {
  return text.split('\n').flatMap((line) => {
    const [host, , dbname, dbuser, ...rest] = line.split(':')
    if (line.startsWith('#') || line.includes('\\') || rest.length > 0) return []
    if (!host || !dbname || !dbuser || dbuser === '*' || !['*', 'localhost', '127.0.0.1', '::1'].includes(host))
      return []
    return [{ dbuser, dbname: dbname === '*' ? 'postgres' : dbname }]
  })
}
