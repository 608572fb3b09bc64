import { setTimeout as pause } from 'node:timers/promises'
import { LifeboatFailure } from '#shared/failure.ts'
import { psqlSession, type PsqlSession } from '#engine/postgres/psql-session.ts'
import type { RemotePostgres } from '#engine/postgres/remote.ts'
import type { Connection } from '#engine/ssh/connection.ts'

/** A session of psql on the server that is ended there too, not only left alone. */
export type OpenSession = {
  /** rejects when it could not be started */
  readonly ready: Promise<PsqlSession>
  /** One more session under the same name, which is dropped and ended with this one. Rejects as `ready` does. */
  another(): Promise<PsqlSession>
  /** All that waits for it fails. On the server it goes on until it is ended there. */
  drop(why: string): void
  /** Waits until it is gone. False when something of it may be left on the server. */
  end(): Promise<boolean>
}

type Wanted = {
  readonly connection: Connection
  readonly postgres: RemotePostgres
  /** by which PostgreSQL knows it */
  readonly name: string
  readonly signal: AbortSignal
}

/** An idle psql is gone at once when it is told to go. */
const farewellMs = 5000
const endingMs = 20_000

export function openSession({ connection, postgres, name, signal }: Wanted): OpenSession {
  const stop = new AbortController()
  const command = postgres.sessionCommand(name)
  const options = { signal: AbortSignal.any([signal, stop.signal]), openStdin: true, stallMs: Infinity }
  const all: Promise<PsqlSession>[] = []
  const another = (): Promise<PsqlSession> => {
    const session = connection.stream(command, options).then((running) => psqlSession(running, postgres.login))
    session.catch(() => {})
    all.push(session)
    return session
  }
  const ready = another()
  let ending: Promise<boolean> | undefined

  // a backend in the middle of a statement does not notice that nobody listens any more
  const endThere = async (): Promise<boolean> => {
    try {
      await postgres.endDump([name], AbortSignal.timeout(endingMs))
      return true
    } catch {
      return false
    }
  }
  const endInOrder = async (): Promise<boolean> => {
    const went = async (): Promise<boolean> => {
      for (const session of all) await (await session).end()
      return true
    }
    const patience = new AbortController()
    const tooLong = pause(farewellMs, false, { signal: patience.signal })
    tooLong.catch(() => {})
    const gone = await Promise.race([went().catch(() => false), tooLong]).finally(() => patience.abort())
    if (gone) return true
    stop.abort(new LifeboatFailure('stalled', 'psql did not end.'))
    return endThere()
  }
  return {
    ready,
    another,
    drop: (why) => stop.abort(new LifeboatFailure('stalled', why)),
    end: () => (ending ??= endInOrder()),
  }
}
