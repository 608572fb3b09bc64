import type { SourceProof } from '#shared/database.ts'
import { printable } from '#shared/name.ts'
import { readTableSumLines } from '#engine/fingerprint/answer.ts'
import { whyNoFingerprint } from '#engine/fingerprint/encoding.ts'
import { fingerprintStatements, type FingerprintMethod } from '#engine/fingerprint/query.ts'
import type { CountedTable } from '#engine/copies/at-source.ts'
import type { DatabaseFacts } from '#engine/postgres/facts.ts'
import type { PsqlSession } from '#engine/postgres/psql-session.ts'
import type { SourceTable } from '#engine/postgres/source-tables.ts'
import type { SourceGuard } from './guard-source.ts'
import type { HeldSource } from './hold-source.ts'

/** What is really computed where so much is wanted, and why it is less. */
export type CountMethod = { readonly method: FingerprintMethod; readonly note: string | null }

/** A database in some encodings can not hash what stands in its dump; then only rows are counted. */
export function methodFor(wanted: Exclude<SourceProof, 'off'>, facts: DatabaseFacts): CountMethod {
  const why = wanted === 'counts' ? null : whyNoFingerprint(facts.encoding, Math.floor(facts.versionNumber / 10_000))
  return why === null ? { method: wanted, note: null } : { method: 'counts', note: `Only rows were counted: ${why}.` }
}

/** A table that was not counted, because nobody may read it without danger or without standing in somebody's way. */
export type LeftOut = SourceTable & { readonly why: 'foreign-code' | 'busy' }

/** What is known of some tables of the source. */
export type CountStep = { readonly counted: CountedTable[]; readonly leftOut: LeftOut[] }

export type Counting = {
  readonly method: FingerprintMethod
  readonly encoding: string
  /** opens a guard for tables of owners who are not trusted; it is asked for once, and only if there are such */
  readonly guard: () => Promise<SourceGuard>
}

/**
 * Counts the tables of a held source, one statement after the other, and gives each as soon as it is known. No statement is
 * planned that could run code of somebody who is not trusted.
 * Throws why a statement failed; what was given before stays true.
 */
export async function* countHeld(
  { session, tables }: HeldSource,
  { method, encoding, guard }: Counting,
): AsyncGenerator<CountStep> {
  const asked = tables.filter(({ partly }) => !partly).map((table) => ({ ...table, only: true }))
  const statementsOf = (some: typeof asked) =>
    fingerprintStatements(some, { method, encoding, rowsOf: ({ guess }) => guess })
  const leftOut = asked.filter(({ foreignCode }) => foreignCode)
  if (leftOut.length > 0) yield { counted: [], leftOut: leftOut.map((table) => ({ ...table, why: 'foreign-code' })) }

  const safe = asked.filter(({ foreignCode }) => !foreignCode)
  for (const { sql, tables: some } of statementsOf(safe.filter(({ foreignOwner }) => !foreignOwner))) {
    // rolled back, it keeps no locks on indexes: the tables' own are older than the savepoint
    const lines = await session.ask(`SAVEPOINT one; ${sql}; ROLLBACK TO SAVEPOINT one;`)
    yield { counted: sumsOf(some, lines), leftOut: [] }
  }

  const queue = statementsOf(safe.filter(({ foreignOwner }) => foreignOwner))
  const guarding = queue.length === 0 ? undefined : await guard()
  for (let next = queue.shift(); guarding && next !== undefined; next = queue.shift()) {
    const { sql, tables: some } = next
    const held = await guarding.hold(some)
    if (held?.every((trusted) => trusted)) {
      yield { counted: sumsOf(some, await askGuarded(session, sql, guarding)), leftOut: [] }
      continue
    }
    if (held !== null) await guarding.release()
    // one that nobody may read does not stand for the others, nor one that is busy
    if (some.length > 1) queue.unshift(...some.flatMap((table) => statementsOf([table])))
    else
      yield { counted: [], leftOut: some.map((table) => ({ ...table, why: held === null ? 'busy' : 'foreign-code' })) }
  }
}

/** A cursor is planned when it is declared: what is in the way of others is held no longer than that. */
async function askGuarded(session: PsqlSession, sql: string, guard: SourceGuard): Promise<string[]> {
  await session.ask(`SAVEPOINT one; DECLARE sums NO SCROLL CURSOR FOR ${sql};`)
  await guard.release()
  return session.ask('FETCH ALL FROM sums; ROLLBACK TO SAVEPOINT one;')
}

function sumsOf(tables: readonly SourceTable[], lines: readonly string[]): CountedTable[] {
  const sums = readTableSumLines(lines.join('\n'))
  return tables.flatMap(({ schema, name, roots }, index) => {
    const sum = sums.get(index)
    return sum === undefined ? [] : [{ schema, name, roots, ...sum }]
  })
}

const namesShown = 5

/** Sentences for the tables that were not counted; null where there are none. */
export function leftOutNote(leftOut: readonly LeftOut[]): string | null {
  const sentences = [
    ['foreign-code', "functions of its owner or of others would have run with the database user's power"],
    ['busy', 'it was being vacuumed or changed'],
  ] as const
  const said = sentences.flatMap(([kind, why]) => {
    const names = leftOut.filter((table) => table.why === kind).map((t) => printable(`${t.schema}.${t.name}`))
    const more = names.length > namesShown ? ` and ${names.length - namesShown} more` : ''
    return names.length === 0 ? [] : [`Not counted, because ${why}: ${names.slice(0, namesShown).join(', ')}${more}.`]
  })
  return said.length === 0 ? null : said.join(' ')
}
