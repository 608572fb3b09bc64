import { DatabaseError } from 'pg'
import { readTableSums, type TableSum } from '#engine/fingerprint/answer.ts'
import { fingerprintStatements, type FingerprintTable } from '#engine/fingerprint/query.ts'
import { fingerprintSettings, pinSettings } from '#engine/fingerprint/settings.ts'
import type { Sandbox } from '#engine/sandbox/sandbox.ts'
import type { Settings } from './dump-settings.ts'
import { rowReader, withSession, type Ask } from './session.ts'

/** A table that is to be counted, and what the dump says of it. */
export type Summed = FingerprintTable & { rows: number }

/** What came of it: a sum, or PostgreSQL's own words why there is none. */
export type SumOutcome = TableSum | { failed: string }

/** Where tables are summed: their database in the sandbox, with its encoding. */
export type SumPlace = { sandbox: Sandbox; database: string; encoding: string }

/**
 * Rows and fingerprints of these tables, on so many sessions at once, the largest first. Each outcome is told as it comes.
 */
export async function sumTables<T extends Summed>(
  tables: readonly T[],
  place: SumPlace,
  { sessions, settings, signal }: { sessions: number; settings: Settings; signal: AbortSignal },
  outcome: (table: T, sum: SumOutcome) => void,
): Promise<void> {
  const largestFirst = tables.toSorted((a, b) => b.rows - a.rows)
  const queue = fingerprintStatements(largestFirst, {
    method: 'fingerprints',
    encoding: place.encoding,
    rowsOf: ({ rows }) => rows,
  })
  const work = async (ask: Ask) => {
    await ask(pinSettings({ ...fingerprintSettings, ...settings }))
    let parallel = true
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      // Small tables come last, many to a statement: workers would only be started to read nothing.
      if (parallel && next.tables.length > 1) {
        await ask('SET max_parallel_workers_per_gather = 0')
        parallel = false
      }
      for (const [table, sum] of await sumsOf(ask, next.sql, next.tables, place.encoding)) outcome(table, sum)
    }
  }
  const count = Math.min(sessions, queue.length)
  const session = { role: rowReader(place.sandbox), database: place.database }
  await together(count, signal, (group) => withSession(place.sandbox, session, group, work))
}

/** One statement; where it fails, each of its tables by itself, so that one of them does not hide the others. */
async function sumsOf<T extends Summed>(
  ask: Ask,
  sql: string,
  tables: readonly T[],
  encoding: string,
): Promise<[T, SumOutcome][]> {
  try {
    const sums = readTableSums(await ask(sql))
    return tables.map((table, i) => [table, sums.get(i) ?? { failed: 'no answer' }])
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    const [only] = tables
    if (only !== undefined && tables.length === 1) return [[only, { failed: error.message }]]
    const each: [T, SumOutcome][] = []
    for (const table of tables) {
      const [statement] = fingerprintStatements([table], { method: 'fingerprints', encoding })
      each.push(...(await sumsOf(ask, statement?.sql ?? '', [table], encoding)))
    }
    return each
  }
}

/** Runs `work` so many times side by side. The first failure ends the others, and is the one that is thrown. */
async function together(count: number, signal: AbortSignal, work: (signal: AbortSignal) => Promise<void>) {
  const failed = new AbortController()
  const group = AbortSignal.any([signal, failed.signal])
  const one = async () => {
    try {
      await work(group)
    } catch (error) {
      failed.abort(error)
    }
  }
  await Promise.all(Array.from({ length: count }, one))
  failed.signal.throwIfAborted()
}
