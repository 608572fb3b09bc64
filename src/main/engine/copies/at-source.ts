import type { CopyTable, Snapshot } from '#shared/copy.ts'
import type { DumpReport } from '#shared/dump-report.ts'
import { printable } from '#shared/name.ts'

type TableName = { readonly schema: string; readonly name: string }

/** A table as the source counted it. */
export type CountedTable = TableName & {
  readonly rows: number
  /** null where only rows were counted */
  readonly fingerprint: string | null
  /** the partitioned tables above it */
  readonly roots: readonly TableName[]
}

const keyOf = ({ schema, name }: TableName): string => JSON.stringify([schema, name])

/** What was read of a dump. */
type Read = { readonly outcome: DumpReport['outcome']; readonly tables: readonly CopyTable[] }

/** A table under the tables above it. */
type Partition = TableName & Pick<CountedTable, 'roots'>

/** The name under which the dump has a table's rows: pg_dump loads some partitions through a table above them. */
export function dumpedNames(tables: readonly TableName[]): (table: Partition) => TableName {
  const dumped = new Set(tables.map(keyOf))
  return (table) => {
    const { schema, name } = dumped.has(keyOf(table)) ? table : (table.roots.find((r) => dumped.has(keyOf(r))) ?? table)
    return { schema, name }
  }
}

/**
 * The source's tables under the names that the dump has for them. Left out is what the dump's reader could not read to its
 * end, and what was not counted whole.
 */
export function asDumped(
  counted: readonly CountedTable[],
  dump: Read,
  notCounted: readonly Partition[] = [],
): CopyTable[] {
  const nameOf = dumpedNames(dump.tables)
  const unread = new Set(dump.outcome === 'proven' ? [] : dump.tables.filter((t) => t.fingerprint === null).map(keyOf))
  for (const table of notCounted) unread.add(keyOf(nameOf(table)))
  const sums = new Map<string, CopyTable>()
  for (const table of counted) {
    const { schema, name } = nameOf(table)
    const before = sums.get(keyOf({ schema, name })) ?? { rows: 0, fingerprint: '0' }
    const rows = before.rows + table.rows
    sums.set(keyOf({ schema, name }), { schema, name, rows, fingerprint: plus(before, table), database: null })
  }
  return [...sums.values()].filter((table) => !unread.has(keyOf(table)))
}

type Print = { readonly fingerprint: string | null }

function plus(one: Print, other: Print): string | null {
  if (one.fingerprint === null || other.fingerprint === null) return null
  return BigInt.asUintN(64, BigInt(one.fingerprint) + BigInt(other.fingerprint)).toString()
}

/** What the source held of a table, beside what the dump has. */
export type SourceMatch = {
  /** null: not counted there */
  readonly sourceRows: number | null
  /** rows are as many, and where both sides have a fingerprint it is the same; null: not compared */
  readonly sourceMatch: boolean | null
}

/** Compares tables of a dump with what the source held of them in the dump's own snapshot. */
export function sourceMatcher(snapshot: Snapshot | null): (table: CopyTable) => SourceMatch {
  const held = new Map(snapshot?.tables.map((table) => [keyOf(table), table]))
  return (table) => {
    const there = table.database === null ? held.get(keyOf(table)) : undefined
    if (there === undefined) return { sourceRows: null, sourceMatch: null }
    const sameText = there.fingerprint === null || table.fingerprint === null || there.fingerprint === table.fingerprint
    return { sourceRows: there.rows, sourceMatch: there.rows === table.rows && sameText }
  }
}

/** One sentence for each table of which the dump does not hold what the source held. */
export function differences(snapshot: Snapshot, dump: DumpReport): string[] {
  const match = sourceMatcher(snapshot)
  const changed = dump.tables.flatMap((table) => {
    const { sourceRows, sourceMatch } = match(table)
    if (sourceMatch !== false) return []
    const rows = sourceRows === table.rows ? `${table.rows} other rows` : `${table.rows}`
    return [`${shown(table)}: the source held ${sourceRows} rows in the snapshot, the dump ${rows}`]
  })
  return [...changed, ...lostTables(snapshot, dump)]
}

/** One sentence for each table with rows at the source that the dump does not have at all. */
export function lostTables(snapshot: Snapshot, dump: DumpReport): string[] {
  // of a dump that could not be read to its end nobody knows what it would have had
  if (dump.outcome !== 'proven') return []
  const dumped = new Set(dump.tables.map(keyOf))
  return snapshot.tables
    .filter((table) => table.rows > 0 && !dumped.has(keyOf(table)))
    .map((table) => `${shown(table)}: the source held ${table.rows} rows in the snapshot, the dump has no such table`)
}

function shown({ schema, name }: TableName): string {
  return printable(`${schema}.${name}`)
}
