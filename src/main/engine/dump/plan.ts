import type { DumpReport } from '#shared/dump-report.ts'

/** Where something begins: `line` from 1, `byte` from 0, in the decompressed text as the reader gave it to its content. */
export type PlanPlace = { line: number; byte: number }

/** A statement that is no data, as it stands in the dump. */
export type PlannedStatement = {
  step: 'statement'
  /** as the inventory counts it: `CREATE TABLE`, `ALTER TABLE`, `SELECT setval` … */
  kind: string
  /** with its semicolon, in UTF-8 wherever the encoding is known */
  text: string
  /** the database after `\connect`; null in a dump of a single database */
  database: string | null
  place: PlanPlace
}

/** Rows of one table: the bytes [from, to) are the lines between the COPY and its `\.`, both excluded. */
export type PlannedCopy = {
  step: 'copy'
  /** the COPY statement */
  text: string
  database: string | null
  schema: string
  name: string
  rows: number
  from: number
  to: number
  place: PlanPlace
}

/** Statements that carry data: INSERTs of a table, or the content of large objects. They are run as they stand, in order. */
export type PlannedData = {
  step: 'data'
  database: string | null
  /** null: large objects */
  table: { schema: string; name: string } | null
  rows: number
  from: number
  to: number
  place: PlanPlace
}

export type PlanStep = PlannedStatement | PlannedCopy | PlannedData

/** Everything that loading a dump needs, in the dump's own order. Rows stay in the file: they are found by their bytes. */
export type DumpPlan = {
  report: DumpReport
  /** `-Fc` and the like have no plan of their own: `pg_restore -f -` gives one */
  steps: PlanStep[]
  /** what the sessions that load it must say of their bytes; `UTF8` where the reader has converted them */
  clientEncoding: string
}
