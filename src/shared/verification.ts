import { z } from 'zod'
import { copyFindingSchema } from './finding.ts'
import { outcomeSchema, proofSchema, rungSchema } from './proof.ts'
import { sandboxEngineSchema } from './sandbox.ts'

/**
 * What a finding of a verification means. `damage`: the copy does not give back what it should; `unchecked`: something
 * could not be looked at here; `explained`: an error that was expected, with why; `warning`: all is there, and something
 * about it deserves a look.
 */
export const findingClassSchema = z.enum(['damage', 'unchecked', 'explained', 'warning'])
export type FindingClass = z.infer<typeof findingClassSchema>

export const verifyFindingSchema = copyFindingSchema.extend({
  class: findingClassSchema,
  /** what to do about it, where there is something */
  remedy: z.string().nullable(),
})
export type VerifyFinding = z.infer<typeof verifyFindingSchema>

/** One table: what the dump holds, what came back, what the source had in the dump's own snapshot. */
export const verifiedTableSchema = z.object({
  /** after `\connect`; null in a dump of a single database */
  database: z.string().nullable(),
  schema: z.string(),
  name: z.string(),
  dumpRows: z.number().int(),
  /** null: it could not be read back */
  restoredRows: z.number().int().nullable(),
  /** rows and fingerprint are the dump's; null: not checked, and `note` says why */
  match: z.boolean().nullable(),
  sourceRows: z.number().int().nullable(),
  /** null: not checked */
  sourceMatch: z.boolean().nullable(),
  note: z.string().nullable(),
})
export type VerifiedTable = z.infer<typeof verifiedTableSchema>

/** Objects of one kind: how many the dump creates, how many of them are there, how many of those are valid. */
export const objectCountSchema = z.object({
  /** `table`, `index`, `constraint`, `sequence`, `view`, `function`, `trigger` … */
  kind: z.string(),
  expected: z.number().int(),
  present: z.number().int(),
  valid: z.number().int(),
})
export type ObjectCount = z.infer<typeof objectCountSchema>

export const verifySteps = ['read', 'sandbox', 'schema', 'load', 'keys', 'prove'] as const
export const verifyStepSchema = z.enum(verifySteps)
export type VerifyStep = (typeof verifySteps)[number]

/** The evidence of one verification: what the manifest keeps and what its screen shows afterwards. */
export const verificationSchema = z.object({
  jobId: z.string(),
  copyId: z.string().nullable(),
  /** absolute path */
  file: z.string(),
  at: z.iso.datetime(),
  outcome: outcomeSchema,
  /** the highest rung that is proven */
  rung: rungSchema.nullable(),
  /** null: no sandbox could be had */
  engine: sandboxEngineSchema.nullable(),
  seconds: z.number(),
  /** seconds of each step that was reached */
  steps: z.array(z.object({ step: verifyStepSchema, seconds: z.number() })),
  tables: z.array(verifiedTableSchema),
  objects: z.array(objectCountSchema),
  findings: z.array(verifyFindingSchema),
  /** of the rungs that this verification tried */
  proofs: z.array(proofSchema),
})
export type Verification = z.infer<typeof verificationSchema>

/** A table while it is being restored. */
export const liveTableSchema = z.object({
  database: z.string().nullable(),
  schema: z.string(),
  name: z.string(),
  rows: z.number().int(),
  loaded: z.number().int(),
  /** indexes and constraints that are built on it */
  indexes: z.number().int(),
  built: z.number().int(),
  /** null: not compared yet, or not to be compared */
  match: z.boolean().nullable(),
})
export type LiveTable = z.infer<typeof liveTableSchema>

/** A verification while it runs. In events `tables` holds only the ones that changed since the last event. */
export const liveVerificationSchema = z.object({
  jobId: z.string(),
  copyId: z.string().nullable(),
  subject: z.string(),
  engine: sandboxEngineSchema.nullable(),
  step: verifyStepSchema,
  steps: z.array(z.object({ step: verifyStepSchema, seconds: z.number() })),
  rows: z.number(),
  rowsTotal: z.number().nullable(),
  bytes: z.number(),
  bytesTotal: z.number().nullable(),
  tables: z.array(liveTableSchema),
})
export type LiveVerification = z.infer<typeof liveVerificationSchema>

/** Two states of a database, table by table; the older one is on the left. */
export const comparisonSchema = z.object({
  left: z.object({ copyId: z.string(), takenAt: z.iso.datetime() }),
  right: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('copy'), copyId: z.string(), takenAt: z.iso.datetime() }),
    z.object({ kind: z.literal('source'), databaseId: z.string(), takenAt: z.iso.datetime() }),
  ]),
  tables: z.array(
    z.object({
      /** after `\connect`; null in a dump of a single database */
      database: z.string().nullable(),
      schema: z.string(),
      name: z.string(),
      /** null: the table is not on that side */
      left: z.number().nullable(),
      right: z.number().nullable(),
      /** same rows and same fingerprint; null: not known */
      same: z.boolean().nullable(),
      /** it has become empty, or lost more than a fifth of its rows and more than 100: somebody should look */
      largeDrop: z.boolean(),
    }),
  ),
})
export type Comparison = z.infer<typeof comparisonSchema>
