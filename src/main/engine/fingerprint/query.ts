import { hashOf, type TextEncoding } from './encoding.ts'

/** A column of a row's text, in the order of the COPY line. */
export type FingerprintColumn = {
  name: string
  /** false only where the column itself is declared NOT NULL; true is never wrong, and a little slower */
  nullable: boolean
}

export type FingerprintTable = {
  schema: string
  name: string
  columns: readonly FingerprintColumn[]
  /** the table's own rows, without those of its children; false for the root of partitions, which has none itself */
  only: boolean
  /** `WHERE …` of an extension, for a table of which pg_dump dumps only these rows */
  condition?: string
}

/** `counts` reads no values and gives no sums. */
export type FingerprintMethod = 'counts' | 'fingerprints'

/** A function takes at most 100 arguments. */
const GROUP = 90
/** Many small tables share a statement: planning them takes longer than reading them, and each answer costs a round trip. */
const BATCH_TABLES = 100
const BATCH_CHARACTERS = 200_000
const LARGE_ROWS = 20_000

/** An identifier as SQL takes it, whatever is in it. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** The text of a row of `t`, as SQL. */
function rowText(columns: readonly FingerprintColumn[]): string {
  const values = columns.map(({ name, nullable }) => {
    const column = `t.${quoteName(name)}`
    const text = `pg_catalog.concat(${column})`
    // IS NULL would also be true of a composite value whose fields are all NULL, which COPY does not write as NULL
    return nullable ? `CASE WHEN ${column} IS NOT DISTINCT FROM NULL THEN E'\\x01N' ELSE ${text} END` : text
  })
  return joined(values)
}

function joined(values: readonly string[]): string {
  const [first] = values
  if (first === undefined) return "''::pg_catalog.text"
  if (values.length === 1) return first
  if (values.length <= GROUP) return `pg_catalog.concat_ws(E'\\t', ${values.join(', ')})`
  const groups: string[] = []
  for (let at = 0; at < values.length; at += GROUP) groups.push(joined(values.slice(at, at + GROUP)))
  return joined(groups)
}

/** One row: `index`, the number of rows, and the sum of their hashes (not yet modulo 2^64; NULL for `counts`). */
function select(table: FingerprintTable, index: number, method: FingerprintMethod, encoding: TextEncoding): string {
  const from =
    `${table.only ? 'ONLY ' : ''}${quoteName(table.schema)}.${quoteName(table.name)} t ${table.condition ?? ''}`.trimEnd()
  const sum =
    method === 'counts'
      ? 'NULL::pg_catalog.numeric'
      : `coalesce(pg_catalog.sum(${hashOf(rowText(table.columns), encoding)}), 0)`
  return `SELECT ${index} AS "index", pg_catalog.count(*) AS "rows", ${sum} AS "sum" FROM ${from}`
}

/** A statement and the tables that its answer is about, in the order of its `index`. */
export type FingerprintStatement<T extends FingerprintTable> = { sql: string; tables: T[] }

export type FingerprintOptions<T> = {
  method: FingerprintMethod
  /** the encoding of the database; `UTF8` and `SQL_ASCII` are hashed as they stand */
  encoding?: TextEncoding
  /** rows of a table where they are known or guessed: a large one gets a statement of its own */
  rowsOf?: (table: T) => number
}

/**
 * Statements that count and sum these tables, each with an answer for all of its tables. Without a semicolon. They expect
 * the session's settings to be pinned (`pinSettings`), and that every column exists: PostgreSQL may take the name of one
 * that does not for a function. A statement of many small tables is faster with `max_parallel_workers_per_gather = 0`.
 */
export function fingerprintStatements<T extends FingerprintTable>(
  tables: readonly T[],
  { method, encoding = 'UTF8', rowsOf = () => 0 }: FingerprintOptions<T>,
): FingerprintStatement<T>[] {
  const statements: FingerprintStatement<T>[] = []
  let batch: { parts: string[]; tables: T[]; characters: number } = { parts: [], tables: [], characters: 0 }
  const close = () => {
    if (batch.tables.length > 0) statements.push({ sql: batch.parts.join('\nUNION ALL\n'), tables: batch.tables })
    batch = { parts: [], tables: [], characters: 0 }
  }
  for (const table of tables) {
    if (rowsOf(table) > LARGE_ROWS) {
      statements.push({ sql: select(table, 0, method, encoding), tables: [table] })
      continue
    }
    const sql = select(table, batch.tables.length, method, encoding)
    batch.parts.push(sql)
    batch.tables.push(table)
    batch.characters += sql.length
    if (batch.tables.length >= BATCH_TABLES || batch.characters >= BATCH_CHARACTERS) close()
  }
  close()
  return statements
}
