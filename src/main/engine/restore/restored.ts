import type { PlanPlace } from '../dump/plan.ts'

/** What PostgreSQL refused while a dump was loaded, and what that means for the copy. */
export type LoadError = {
  /** `explained`: expected here, with why; `unchecked`: this sandbox can't have it; `damage`: everything else */
  class: 'explained' | 'unchecked' | 'damage'
  sqlstate: string
  message: string
  /** why it is explained, or what is missing here and what would have it */
  why: string | null
  /** the statement's beginning, for a person */
  statement: string
  database: string | null
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
  /** extensions that were created for the dump by `admin`, and roles that were made before it */
  rolesMade: string[]
  seconds: { schema: number; load: number; keys: number }
}
