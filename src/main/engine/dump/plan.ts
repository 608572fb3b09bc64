import type { DumpReport } from '#shared/dump-report.ts'

/** Where something begins: `line` from 1, `byte` from 0, in the decompressed text as the reader gave it to its content. */
export type PlanPlace = { line: number; byte: number }

/** A statement that is no data, as it stands in the dump. */
export type PlannedStatement = {
  step: 'statement'
  /** as the inventory counts it: `CREATE TABLE`, `ALTER TABLE`, `SELECT setval` … */
  kind: string
  /** with its semicolon; `raw`: one character for each of its bytes, because they are no valid UTF-8 */
  text: string
  raw: boolean
  /** the database after `\connect`; null in a dump of a single database */
  database: string | null
  place: PlanPlace
}

/** Rows of one table: the bytes [from, to) are the lines between the COPY and its `\.`, both excluded. */
export type PlannedCopy = {
  step: 'copy'
  /** the COPY statement, as in PlannedStatement */
  text: string
  raw: boolean
  database: string | null
  schema: string
  name: string
  rows: number
  from: number
  to: number
  place: PlanPlace
}

/**
 * Statements that carry data: INSERTs of a table, or the content of large objects without the BEGIN and COMMIT around
 * it. They are run as they stand, in order.
 */
export type PlannedData = {
  step: 'data'
  database: string | null
  /** null: large objects */
  table: { schema: string; name: string } | null
  rows: number
  from: number
  to: number
  place: PlanPlace
  /** Ends of statements, about one in a MB; the last one is `to`. What lies between two of them may be sent as one. */
  cuts: PlannedCut[]
}

/** `closed`: no large object is open there, so what follows may be given to another session. */
export type PlannedCut = { at: number; closed: boolean }

export type PlanStep = PlannedStatement | PlannedCopy | PlannedData

/** From the byte `at` on the dump's text is in the encoding `name`; `at` counts in the text as the content got it. */
export type PlannedEncoding = { at: number; name: string }

/** Everything that loading a dump needs, in the dump's own order. Rows stay in the file: they are found by their bytes. */
export type DumpPlan = {
  report: DumpReport
  /** `-Fc` and the like have no plan of their own: `pg_restore -f -` gives one */
  steps: PlanStep[]
  /** each `SET client_encoding`, which decides how the text is converted */
  encodings: PlannedEncoding[]
}
