import type { Copy, CopyTable } from '#shared/copy.ts'

/** A table in two states of a database; null on the side where it is not. */
export type TablePair = Pick<CopyTable, 'database' | 'schema' | 'name'> & {
  before: CopyTable | null
  after: CopyTable | null
}

/** Puts the tables of two states side by side: those of the later one in its order, then those that are gone. */
export function pairTables(before: readonly CopyTable[], after: readonly CopyTable[]): TablePair[] {
  const earlier = new Map(before.map((table) => [keyOf(table), table]))
  const later = new Set(after.map(keyOf))
  const pair = (table: CopyTable, sides: Pick<TablePair, 'before' | 'after'>): TablePair => {
    const { database, schema, name } = table
    return { database, schema, name, ...sides }
  }
  return [
    ...after.map((table) => pair(table, { before: earlier.get(keyOf(table)) ?? null, after: table })),
    ...before.filter((table) => !later.has(keyOf(table))).map((table) => pair(table, { before: table, after: null })),
  ]
}

/**
 * Whether both hold the same rows; null: as many rows, and the fingerprints prove nothing either way, since one is not
 * known, or the same rows may have been written in another way (`alike`: see `writtenAlike`).
 */
export function sameRows(one: CopyTable, other: CopyTable, alike: boolean): boolean | null {
  if (one.rows !== other.rows) return false
  if (one.fingerprint === null || other.fingerprint === null) return null
  if (one.fingerprint === other.fingerprint) return true
  return alike ? false : null
}

/** What decides how the rows of a copy are written. */
export type Written = Pick<Copy, 'origin'> & { source: Pick<Copy['source'], 'timeZone'> }

/**
 * Whether the same rows are the same text in both copies, and so have the same fingerprint. A backup is written under its
 * server's settings, where times stand in its zone; a dump that Lifeboat took always under the same ones.
 */
export function writtenAlike(one: Written, other: Written): boolean {
  if (one.origin !== other.origin) return false
  return one.origin === 'dump' || one.source.timeZone === other.source.timeZone
}

// names may hold dots
function keyOf({ database, schema, name }: CopyTable): string {
  return JSON.stringify([database, schema, name])
}
