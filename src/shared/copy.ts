import { z } from 'zod'
import { copyFindingSchema } from './finding.ts'
import { outcomeSchema, proofSchema, rungSchema } from './proof.ts'
import { sourceProofSchema } from './database.ts'
import { verificationSchema } from './verification.ts'

export type { CopyFinding } from './finding.ts'

/** Where a copy's bytes came from: a dump that Lifeboat took, or a backup that the server's cron made. */
export const originSchema = z.enum(['dump', 'backup'])
export type Origin = z.infer<typeof originSchema>

/** A table as the dump holds it. `fingerprint`: unsigned decimal of the 64-bit sum, null when it was not computed. */
export const copyTableSchema = z.object({
  schema: z.string(),
  name: z.string(),
  rows: z.number().int().nonnegative(),
  fingerprint: z.string().nullable(),
  /** after `\connect`; null in a dump of a single database */
  database: z.string().nullable().default(null),
})
export type CopyTable = z.infer<typeof copyTableSchema>

/** What a dump needs on a new server and does not carry itself. */
export const needsSchema = z.object({
  roles: z.array(z.string()),
  /** those among them that must be superusers; not known of copies of an older Lifeboat */
  superusers: z.array(z.string()).optional(),
  extensions: z.array(z.string()),
  /** `ALTER DATABASE/ROLE … SET` at the source, as `role.name: setting=value` lines; null when they could not be read */
  settings: z.array(z.string()).nullable(),
})
export type Needs = z.infer<typeof needsSchema>

/** What sorts and extends the source, and does not stand in a dump. */
export const sourceVersionsSchema = z.object({
  /** version of each extension, by name */
  extensions: z.record(z.string(), z.string()),
  /** versions of the collations that its columns name, as `schema.name`; those without a version are left out */
  collations: z.record(z.string(), z.string()),
  /** of the database's own collation: by which its indexes were built, and by which the server sorts today */
  collation: z.object({ recorded: z.string().nullable(), actual: z.string().nullable() }),
})
export type SourceVersions = z.infer<typeof sourceVersionsSchema>

/** What the source held in the very snapshot that was dumped, counted there. */
export const snapshotSchema = z.object({
  at: z.iso.datetime(),
  method: sourceProofSchema,
  seconds: z.number().nonnegative(),
  /** a fingerprint is null where only rows were counted, or where it can not be compared */
  tables: z.array(copyTableSchema),
  /** why it was given up, or says less than was asked for; null when all was counted */
  note: z.string().nullable(),
  /** absent: nobody could ask, or an older Lifeboat */
  versions: sourceVersionsSchema.optional(),
})
export type Snapshot = z.infer<typeof snapshotSchema>

/** The facts about a copy, in the JSON file beside it. Everything in the catalogue about copies can be rebuilt from these. */
export const manifestSchema = z.object({
  lifeboat: z.literal(1),
  /** as a person types it, and as lists show it: a manifest may have been written by anybody */
  id: z.string().regex(/^[A-Za-z0-9][\w-]{0,63}$/),
  server: z.string(),
  label: z.string(),
  /** file name, in the manifest's own folder */
  file: z.string(),
  bytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** UTC; for a backup the time the server wrote it */
  takenAt: z.iso.datetime(),
  /** when the copy was complete on this laptop, UTC */
  storedAt: z.iso.datetime(),
  origin: originSchema,
  source: z.object({
    host: z.string(),
    dbname: z.string().nullable(),
    /** of a backup: path, time and size on the server */
    path: z.string().nullable(),
    modifiedAt: z.iso.datetime().nullable(),
    /** IANA or POSIX zone of the server that made a backup, when it could be read */
    timeZone: z.string().nullable(),
  }),
  compression: z.string(),
  format: z.string(),
  serverVersion: z.string().nullable(),
  dumpVersion: z.string().nullable(),
  encoding: z.string().nullable(),
  /** bytes of decompressed SQL */
  sqlBytes: z.number().nullable(),
  tables: z.array(copyTableSchema),
  statements: z.record(z.string(), z.number()),
  largeObjects: z.number(),
  needs: needsSchema,
  findings: z.array(copyFindingSchema),
  proofs: z.array(proofSchema),
  /** null: not asked for, or a backup, or an older Lifeboat */
  snapshot: snapshotSchema.nullable().default(null),
  /** the latest one; null: never verified */
  verification: verificationSchema.nullable().default(null),
})
export type Manifest = z.infer<typeof manifestSchema>

/** A copy in a list. */
export const copyRowSchema = z.object({
  id: z.string(),
  server: z.string(),
  label: z.string(),
  /** absolute path */
  file: z.string(),
  bytes: z.number(),
  sha256: z.string(),
  takenAt: z.iso.datetime(),
  storedAt: z.iso.datetime(),
  origin: originSchema,
  serverVersion: z.string().nullable(),
  dumpVersion: z.string().nullable(),
  tableCount: z.number(),
  rowCount: z.number(),
  rung: rungSchema.nullable(),
  face: outcomeSchema,
  lastProofAt: z.iso.datetime().nullable(),
  proofs: z.array(proofSchema),
})
export type CopyRow = z.infer<typeof copyRowSchema>

/** Everything about one copy: what `copy show` prints and what its page draws. */
export const copySchema = copyRowSchema.extend({
  tables: z.array(copyTableSchema),
  findings: z.array(copyFindingSchema),
  statements: z.record(z.string(), z.number()),
  largeObjects: z.number(),
  needs: needsSchema,
  compression: z.string(),
  format: z.string(),
  encoding: z.string().nullable(),
  sqlBytes: z.number().nullable(),
  source: manifestSchema.shape.source,
  manifestFile: z.string(),
  snapshot: snapshotSchema.nullable().default(null),
  verification: verificationSchema.nullable().default(null),
})
export type Copy = z.infer<typeof copySchema>

/** What changed since the copy before of the same database. */
export const changesSchema = z.object({
  before: z.object({ id: z.string(), takenAt: z.iso.datetime() }).nullable(),
  tablesAdded: z.array(z.string()),
  tablesGone: z.array(z.string()),
  rows: z.array(z.object({ table: z.string(), before: z.number(), now: z.number() })),
  /** tables whose rows are as many as before, with another fingerprint */
  edited: z.array(z.string()),
  /** tables whose rows are as many as before, and whose content can not be compared: a fingerprint is not known */
  unknown: z.array(z.string()),
})
export type Changes = z.infer<typeof changesSchema>
