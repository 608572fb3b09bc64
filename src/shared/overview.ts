import { z } from 'zod'
import { copyRowSchema } from './copy.ts'
import { databaseSchema } from './database.ts'
import { outcomeSchema, rungSchema } from './proof.ts'
import { driftSeenSchema } from './vault.ts'

/** What needs care, worst first. The window words it; `action` names its one button. */
export const careSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('no-copy'), databaseId: z.string(), server: z.string(), label: z.string() }),
  z.object({
    kind: z.literal('damaged'),
    databaseId: z.string().nullable(),
    server: z.string(),
    label: z.string(),
    copyId: z.string(),
    takenAt: z.iso.datetime(),
    origin: z.enum(['dump', 'backup']),
    detail: z.string(),
  }),
  z.object({
    kind: z.literal('old'),
    databaseId: z.string(),
    server: z.string(),
    label: z.string(),
    newestAt: z.iso.datetime(),
  }),
  z.object({
    kind: z.literal('failed'),
    databaseId: z.string(),
    server: z.string(),
    label: z.string(),
    jobId: z.string(),
    at: z.iso.datetime(),
    message: z.string(),
  }),
  z.object({
    /** its newest readable copy was never restored, and no other one lately */
    kind: z.literal('unproven'),
    databaseId: z.string(),
    server: z.string(),
    label: z.string(),
    copyId: z.string(),
    /** when a copy of this database was last restored; null: never */
    provenAt: z.iso.datetime().nullable(),
  }),
  driftSeenSchema.omit({ equal: true }).extend({
    /** its `.env` files on the server are no longer what is sealed */
    kind: z.literal('drift'),
    databaseId: z.string(),
    server: z.string(),
    label: z.string(),
  }),
])
export type Care = z.infer<typeof careSchema>

/** One day of the calendar: the best rung that a copy taken on that day has reached. */
export const daySchema = z.object({
  /** YYYY-MM-DD in the operator's zone */
  day: z.string(),
  rung: rungSchema.nullable(),
  damaged: z.boolean(),
})

export const databaseStateSchema = z.object({
  database: databaseSchema,
  /** the newest copy, whatever its state */
  newest: copyRowSchema.nullable(),
  /** the newest copy that is readable and not damaged: what would be left if the server vanished now */
  newestGood: copyRowSchema.nullable(),
  face: outcomeSchema,
  copies: z.number(),
  /** the last 84 days, oldest first */
  days: z.array(daySchema),
  /** sizes of the last 60 copies, oldest first */
  sizes: z.array(z.object({ takenAt: z.iso.datetime(), bytes: z.number(), face: outcomeSchema })),
  /** measured seconds of the last backup of this database, null before the first */
  lastBackupSeconds: z.number().nullable(),
  /** the newest copy that is proven exact and not damaged: what is safe whatever becomes of the newer ones */
  newestExact: copyRowSchema.nullable(),
  /** the last time that a copy was restored with success: how long getting back takes, as it was measured */
  lastRestore: z.object({ seconds: z.number(), at: z.iso.datetime(), copyId: z.string() }).nullable(),
})
export type DatabaseState = z.infer<typeof databaseStateSchema>

export const overviewSchema = z.object({
  at: z.iso.datetime(),
  databases: z.array(databaseStateSchema),
  care: z.array(careSchema),
})
export type Overview = z.infer<typeof overviewSchema>
