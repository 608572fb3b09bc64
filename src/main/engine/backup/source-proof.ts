import { setTimeout as pause } from 'node:timers/promises'
import type { Snapshot } from '#shared/copy.ts'
import type { SourceProof as Wanted } from '#shared/database.ts'
import type { DumpReport } from '#shared/dump-report.ts'
import { LifeboatFailure, toFailure } from '#shared/failure.ts'
import { printable } from '#shared/name.ts'
import { asDumped, type CountedTable } from '#engine/copies/at-source.ts'
import type { DatabaseFacts } from '#engine/postgres/facts.ts'
import type { RemotePostgres } from '#engine/postgres/remote.ts'
import type { Connection } from '#engine/ssh/connection.ts'
import { countHeld, leftOutNote, methodFor, type Counting, type LeftOut } from './count-source.ts'
import { guardSource } from './guard-source.ts'
import { holdSource, type HeldSource } from './hold-source.ts'
import { openSession, type OpenSession } from './open-session.ts'

/** How long the source may be held, in milliseconds. */
export type SourceLimits = {
  /** until its tables are listed and locked */
  readonly begin: number
  /** until pg_dump has locked them too: a migration that came in between waits for us, and pg_dump for the migration */
  readonly dumpBegins: number
  /** in all; a longer dump has twice its own time */
  readonly whole: number
}

const usualLimits: SourceLimits = { begin: 60_000, dumpBegins: 45_000, whole: 600_000 }

/** The source while it is dumped. It never fails a backup: what could not be done stands in the snapshot's note. */
export type SourceProof = {
  /** for pg_dump; null: the source is not held, and pg_dump takes a snapshot of its own */
  readonly snapshot: string | null
  /** To be told when pg_dump is started. */
  started(): void
  /** To be told when the first byte of the dump is here: by then pg_dump has locked its tables. */
  begun(): void
  /** Lets the source go: what was counted is not what is dumped. */
  letGo(why: string): void
  /** There will be no dump. Nothing is ended on the server: whoever ends the dump there ends the session by its name. */
  drop(): void
  /** Waits until all is counted or the limit is over. Null: not wanted. Throws only when the job is cancelled. */
  result(dump: DumpReport): Promise<Snapshot | null>
  /** Waits until the session is gone. False when something of it may be left on the server. */
  end(): Promise<boolean>
}

type Start = {
  readonly connection: Connection
  readonly postgres: RemotePostgres
  readonly facts: DatabaseFacts
  readonly wanted: Wanted
  /** by which PostgreSQL knows the session */
  readonly name: string
  /** where they are not the usual ones */
  readonly limits?: SourceLimits
  readonly now: () => Date
  /** of the job */
  readonly signal: AbortSignal
}

/** Holds the source and begins to count it. Throws only when the job is cancelled. */
export async function startSourceProof(start: Start): Promise<SourceProof> {
  const { wanted, facts, limits = usualLimits, now, signal } = start
  if (wanted === 'off') return notHeld(null, true)
  const began = performance.now()
  const at = now().toISOString()
  const say = (note: string): Snapshot => ({ at, method: wanted, seconds: since(began) / 1000, tables: [], note })
  const session = openSession(start)
  const late = setTimeout(() => session.drop('it took too long to list and lock the tables'), limits.begin)
  try {
    const held = await holdSource(await session.ready, facts.versionNumber)
    return whileDumped(start, session, held, { began, say })
  } catch (error) {
    signal.throwIfAborted()
    return notHeld(say(`The source could not be held beside the dump: ${reasonOf(error)}`), await session.end())
  } finally {
    clearTimeout(late)
  }
}

function notHeld(result: Snapshot | null, ended: boolean): SourceProof {
  const nothing = (): void => {}
  return {
    snapshot: null,
    started: nothing,
    begun: nothing,
    letGo: nothing,
    drop: nothing,
    result: async () => result,
    end: async () => ended,
  }
}

type Saying = { readonly began: number; readonly say: (note: string) => Snapshot }

function whileDumped(start: Start, session: OpenSession, held: HeldSource, { began, say }: Saying): SourceProof {
  const { facts, limits = usualLimits, signal } = start
  const { method, note } = methodFor(start.wanted === 'counts' ? 'counts' : 'fingerprints', facts)
  const dumpLocked = Promise.withResolvers<void>()
  dumpLocked.promise.catch(() => {})
  const guard = async () => guardSource(await session.another(), facts)
  const over = count(held, { method, encoding: facts.encoding, guard }, dumpLocked.promise).then((counted) => {
    // no longer than needed
    void session.end()
    return counted
  })
  over.catch(() => {})
  let startedAt = began
  let late: NodeJS.Timeout | undefined
  const drop = (why: string): void => {
    clearTimeout(late)
    dumpLocked.reject(new LifeboatFailure('stalled', why))
    session.drop(why)
  }
  const letGo = (why: string): void => {
    drop(why)
    void session.end()
  }
  return {
    snapshot: held.snapshot,
    started() {
      startedAt = performance.now()
      late = setTimeout(() => letGo('pg_dump could not lock the tables beside it'), limits.dumpBegins)
    },
    begun() {
      clearTimeout(late)
      dumpLocked.resolve()
    },
    letGo,
    drop: () => drop('the dump has failed'),
    async result(dump) {
      const patience = Math.max(limits.whole, 2 * since(startedAt)) - since(began)
      const limit = new AbortController()
      const tooLong = async (): Promise<never> => {
        await pause(Math.max(0, patience), undefined, { signal: AbortSignal.any([signal, limit.signal]) })
        throw new LifeboatFailure('stalled', `it was given up after ${Math.round(since(began) / 1000)} s.`)
      }
      try {
        const { tables, leftOut, seconds } = await Promise.race([over, tooLong()])
        const { versions } = held
        const notes = [note, leftOutNote(leftOut)].filter((one) => one !== null)
        const said = { note: notes.length === 0 ? null : notes.join(' '), ...(versions && { versions }) }
        return { ...say(''), seconds, tables: asDumped(tables, dump, leftOut), ...said }
      } catch (error) {
        signal.throwIfAborted()
        const reason = reasonOf(error)
        letGo(reason)
        return say(`The source was not counted to its end: ${reason}`)
      } finally {
        limit.abort()
      }
    },
    end: () => session.end(),
  }
}

type Counted = { readonly tables: CountedTable[]; readonly leftOut: LeftOut[]; readonly seconds: number }

/**
 * Counts all tables, and holds them until pg_dump has locked them as well. That the transaction still answers then shows
 * that no moment was between the two in which a table could have been truncated: else nothing of it counts.
 */
async function count(held: HeldSource, counting: Counting, dumpLocked: Promise<void>): Promise<Counted> {
  const began = performance.now()
  const tables: CountedTable[] = []
  const leftOut: LeftOut[] = []
  for await (const some of countHeld(held, counting)) {
    tables.push(...some.counted)
    leftOut.push(...some.leftOut)
  }
  const seconds = since(began) / 1000
  await dumpLocked
  await held.session.ask('COMMIT;')
  return { tables, leftOut, seconds }
}

function since(moment: number): number {
  return performance.now() - moment
}

/** Foreign text for one line. */
function reasonOf(error: unknown): string {
  const { message, detail } = toFailure(error)
  const said = /(?:ERROR|FATAL):\s*(.+)/.exec(detail ?? '')?.[1]
  return printable(said === undefined ? message : `${message} ${said}`)
}
