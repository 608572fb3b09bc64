import type { CopyTable } from '#shared/copy.ts'

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

/** Whether both hold the same rows; null: as many rows, and a fingerprint that is not known proves nothing either way. */
export function sameRows(one: CopyTable, other: CopyTable): boolean | null {
  if (one.rows !== other.rows) return false
  if (one.fingerprint === null || other.fingerprint === null) return null
  return one.fingerprint === other.fingerprint
}

// names may hold dots
function keyOf({ database, schema, name }: CopyTable): string {
  return JSON.stringify([database, schema, name])
}
