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
    /** its newest copy is dated in the future: how old it is can not be told */
    kind: z.literal('ahead'),
    databaseId: z.string(),
    server: z.string(),
    label: z.string(),
    copyId: z.string(),
    takenAt: z.iso.datetime(),
  }),
  z.object({
    /** the last attempt to bring a copy, to verify one, or to seal its `.env` files */
    kind: z.literal('failed'),
    what: z.enum(['copy', 'verify', 'seal']),
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
  z.object({
    /** nothing of its `.env` files is sealed, or no seal of them is whole */
    kind: z.literal('unsealed'),
    databaseId: z.string(),
    server: z.string(),
    label: z.string(),
    files: z.number().int(),
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

/** clocks may be a little apart */
const clockSlackMs = 5 * 60_000

/** The latest time that something may bear without being dated in the future, UTC. */
export function latestNow(now: Date): string {
  return new Date(now.getTime() + clockSlackMs).toISOString()
}

/** Whether a time lies in the future: then it does not tell how old something is. */
export function isAhead(iso: string, now: Date): boolean {
  return Date.parse(iso) > Date.parse(latestNow(now))
}

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
  /**
   * the newest copy that is readable and not damaged: what would be left if the server vanished now. One that is dated in
   * the future only where there is no other; so it is with `newestExact`.
   */
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
