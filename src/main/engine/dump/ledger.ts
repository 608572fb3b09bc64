import type { DumpTable } from '#shared/dump-report.ts'

const MASK = (1n << 64n) - 1n

/** One table's count while the dump is read. */
export interface TableCount {
  readonly database: string | null
  readonly schema: string
  readonly name: string
  columns: string[] | null
  rows: number
  sum: bigint
  /** Why there is no fingerprint; null while there is one. */
  unchecked: string | null
}

/** Every table whose data the dump carries, in the order of first sight. */
export interface Ledger {
  /** The count of a table, the same one for every block that has it as target. */
  table(database: string | null, schema: string, name: string): TableCount
  list(): DumpTable[]
}

/** A table's name for people. */
export function tableName(table: { schema: string; name: string }): string {
  return table.schema === '' ? table.name : `${table.schema}.${table.name}`
}

export function createLedger(): Ledger {
  const tables = new Map<string, TableCount>()
  return {
    table(database, schema, name) {
      const key = JSON.stringify([database, schema, name])
      let count = tables.get(key)
      if (!count) {
        count = { database, schema, name, columns: null, rows: 0, sum: 0n, unchecked: null }
        tables.set(key, count)
      }
      return count
    },
    list: () =>
      [...tables.values()].map(({ database, schema, name, columns, rows, sum, unchecked }) => ({
        database,
        schema,
        name,
        columns,
        rows,
        fingerprint: unchecked === null ? (sum & MASK).toString() : null,
        ...(unchecked === null ? {} : { note: unchecked }),
      })),
  }
}
