import type { DumpTable } from '#shared/dump-report.ts'

const MASK = (1n << 64n) - 1n

/** One table's count while the dump is read. */
export class TableCount {
  readonly database: string | null
  readonly schema: string
  readonly name: string
  columns: string[] | null = null
  /** Values in a row of its INSERTs, where those name no columns. */
  width: number | null = null
  rows = 0
  sum = 0n
  /** Why there is no fingerprint; null while there is one. */
  unchecked: string | null = null

  constructor(database: string | null, schema: string, name: string) {
    this.database = database
    this.schema = schema
    this.name = name
  }

  /** Its name for people. */
  get shown(): string {
    return this.schema === '' ? this.name : `${this.schema}.${this.name}`
  }

  add(rows: number, sum: bigint): void {
    this.rows += rows
    this.sum += sum
  }

  /**
   * Takes the columns of a block of rows, and says whether they are those of the blocks before. Partitions that are loaded
   * by their root may have them in another order, and then the sum of their rows is that of no query.
   */
  agrees(columns: string[]): boolean {
    if (this.columns === columns) return true
    if (this.columns === null) this.columns = columns
    return this.columns.length === columns.length && this.columns.every((column, i) => column === columns[i])
  }

  report(): DumpTable {
    const { database, schema, name, columns, rows, unchecked } = this
    const fingerprint = unchecked === null ? (this.sum & MASK).toString() : null
    return { database, schema, name, columns, rows, fingerprint, ...(unchecked === null ? {} : { note: unchecked }) }
  }
}

/** Every table whose data the dump carries, in the order of first sight. */
export class Ledger {
  private readonly tables = new Map<string, TableCount>()

  /** The count of a table, the same one for every block that has it as target. */
  table(database: string | null, schema: string, name: string): TableCount {
    const key = JSON.stringify([database, schema, name])
    let count = this.tables.get(key)
    if (!count) {
      count = new TableCount(database, schema, name)
      this.tables.set(key, count)
    }
    return count
  }

  list(): DumpTable[] {
    return [...this.tables.values()].map((table) => table.report())
  }
}
