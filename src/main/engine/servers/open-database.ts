import type { Place } from '#shared/database.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import { insideOf } from '#engine/docker/inside.ts'
import { locate } from '#engine/docker/place.ts'
import { findPrograms } from '#engine/docker/programs.ts'
import type { Remote } from '#engine/docker/remote.ts'
import type { DatabaseFacts } from '#engine/postgres/facts.ts'
import type { Login } from '#engine/postgres/login.ts'
import { remotePostgres, type RemotePostgres } from '#engine/postgres/remote.ts'
import type { Inside } from '#engine/postgres/run.ts'

/** A database that has answered. */
export type OpenDatabase = {
  readonly postgres: RemotePostgres
  readonly facts: DatabaseFacts
  /** name of the container, null on the host */
  readonly container: string | null
}

type Wanted = { readonly place: Place; readonly dbname: string; readonly dbuser: string }

/**
 * Finds where a database lives right now and asks it for its facts, which proves that it lets us in.
 * `server` is the name that sentences use. Throws `tool-missing`, `docker-refused`, `database-not-found`, `database-refused`.
 */
export async function openDatabase(
  remote: Remote,
  { place, dbname, dbuser }: Wanted,
  server: string,
  signal?: AbortSignal,
): Promise<OpenDatabase> {
  const seat = await locate(remote, place, server, signal)
  switch (seat.kind) {
    case 'container': {
      const postgres = remotePostgres(remote, insideOf(seat), { dbname, dbuser })
      return { postgres, facts: await postgres.facts(signal), container: seat.name }
    }
    case 'host': {
      const inside = await hostInside(remote, server, signal)
      return { ...(await openOnHost(remote, inside, { dbname, dbuser }, signal)), container: null }
    }
  }
}

/** The socket first, where the system's user is known; then localhost, where a password file can speak for the user. */
export async function openOnHost(
  remote: Remote,
  inside: Inside,
  login: Login,
  signal?: AbortSignal,
): Promise<{ postgres: RemotePostgres; facts: DatabaseFacts }> {
  let first: LifeboatFailure | undefined
  for (const way of [login, { ...login, host: 'localhost' }]) {
    const postgres = remotePostgres(remote, inside, way)
    try {
      return { postgres, facts: await postgres.facts(signal) }
    } catch (error) {
      if (!(error instanceof LifeboatFailure)) throw error
      if (error.kind !== 'database-refused' && error.kind !== 'database-not-found') throw error
      first ??= error
    }
  }
  throw first ?? new LifeboatFailure('bug', 'No way to a database was tried.')
}

/** Where PostgreSQL's own packages put its programs when they are in no PATH. */
const postgresFolders = [
  ...[18, 17, 16, 15, 14, 13].flatMap((major) => [`/usr/lib/postgresql/${major}/bin`, `/usr/pgsql-${major}/bin`]),
  '/usr/local/pgsql/bin',
]

/** Commands on the host by absolute path. Throws `tool-missing` where psql or pg_dump is not to be found. */
export async function hostInside(remote: Remote, server: string, signal?: AbortSignal): Promise<Inside> {
  const paths = await findPrograms(remote, ['psql', 'pg_dump'], signal, postgresFolders)
  const missing = (['psql', 'pg_dump'] as const).filter((name) => paths[name] === undefined)
  if (missing.length > 0)
    throw new LifeboatFailure('tool-missing', `There is no ${missing.join(' and no ')} on ${server} itself.`)
  const programs: Record<string, string | undefined> = paths
  const bySeat = insideOf({ kind: 'host' })
  return ([program = '', ...rest], env) => bySeat([programs[program] ?? program, ...rest], env)
}
