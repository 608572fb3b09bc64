import type { PlanPlace } from '../dump/plan.ts'

/** What PostgreSQL refused while a dump was loaded, and what that means for the copy. */
export type LoadError = {
  /** `explained`: expected here, with why; `unchecked`: this sandbox can't have it; `damage`: everything else */
  class: 'explained' | 'unchecked' | 'damage'
  /** empty: the statement was not sent at all */
  sqlstate: string
  message: string
  /** why it is explained, or what is missing here and what would have it */
  why: string | null
  /** the statement's beginning, for a person */
  statement: string
  database: string | null
  /** schema and name of the table whose data it is about */
  table: string | null
  place: PlanPlace
  /** index in the plan's steps: proof leaves out what this statement would have made */
  stepIndex: number
}

/** A dump that was loaded. */
export type Restored = {
  /** the dump's databases, as they are called in the sandbox; the key '' is a dump of a single database */
  databases: ReadonlyMap<string, string>
  errors: LoadError[]
  /** roles that were made before it */
  rolesMade: string[]
  seconds: { schema: number; load: number; keys: number }
}

/** A table while it is loaded. */
export type TableProgress = {
  /** after `\connect`; null in a dump of a single database */
  database: string | null
  schema: string
  name: string
  rows: number
  loaded: number
  /** indexes and constraints that are built on it */
  indexes: number
  built: number
}

/** How far a restore has come. */
export type RestoreProgress = {
  step: 'schema' | 'load' | 'keys'
  /** rows that were sent, and all there are */
  rows: number
  rowsTotal: number
  /** bytes of the file that were read, which the load is bound to */
  fileBytes: number
  /** those that changed since the last time; the first time all of them */
  tables: TableProgress[]
}
