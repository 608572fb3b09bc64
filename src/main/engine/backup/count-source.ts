import type { SourceProof } from '#shared/database.ts'
import { readTableSumLines } from '#engine/fingerprint/answer.ts'
import { whyNoFingerprint } from '#engine/fingerprint/encoding.ts'
import { fingerprintStatements, type FingerprintMethod } from '#engine/fingerprint/query.ts'
import type { CountedTable } from '#engine/copies/at-source.ts'
import type { DatabaseFacts } from '#engine/postgres/facts.ts'
import type { HeldSource } from './hold-source.ts'

/** What is really computed where so much is wanted, and why it is less. */
export type CountMethod = { readonly method: FingerprintMethod; readonly note: string | null }

/** A database in some encodings can not hash what stands in its dump; then only rows are counted. */
export function methodFor(wanted: Exclude<SourceProof, 'off'>, facts: DatabaseFacts): CountMethod {
  const why = wanted === 'counts' ? null : whyNoFingerprint(facts.encoding, Math.floor(facts.versionNumber / 10_000))
  return why === null ? { method: wanted, note: null } : { method: 'counts', note: `Only rows were counted: ${why}.` }
}

/**
 * Counts the tables of a held source, one statement after the other, and gives each as soon as it is known.
 * Throws why a statement failed; what was given before stays true.
 */
export async function* countHeld(
  { session, tables }: HeldSource,
  method: FingerprintMethod,
  encoding: string,
): AsyncGenerator<CountedTable[]> {
  const asked = tables.filter(({ partly }) => !partly).map((table) => ({ ...table, only: true }))
  for (const { sql, tables: some } of fingerprintStatements(asked, { method, encoding, rowsOf: (t) => t.guess })) {
    // rolled back, it keeps no locks on indexes: the tables' own are older than the savepoint
    const lines = await session.ask(`SAVEPOINT one; ${sql}; ROLLBACK TO SAVEPOINT one;`)
    const sums = readTableSumLines(lines.join('\n'))
    yield some.flatMap(({ schema, name, roots }, index) => {
      const sum = sums.get(index)
      return sum === undefined ? [] : [{ schema, name, roots, ...sum }]
    })
  }
}
