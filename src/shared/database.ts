import { z } from 'zod'
import { nameSchema } from './name.ts'

/** Where PostgreSQL runs on the server. */
export const placeSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('compose'),
    /** absolute folder on the server */
    dir: z.string().min(1),
    /** compose file inside dir, null for compose's own default */
    file: z.string().min(1).nullable().default(null),
    service: z.string().min(1),
    /** Compose's name of the project, which tells two that share folder and file apart; null: there is only one */
    project: z.string().min(1).nullable().default(null),
  }),
  z.object({ kind: z.literal('container'), container: z.string().min(1) }),
  z.object({ kind: z.literal('host') }),
])
export type Place = z.infer<typeof placeSchema>

export const dumpFormatSchema = z.enum(['auto', 'zstd', 'gzip'])
export type DumpFormat = z.infer<typeof dumpFormatSchema>

/** What is counted at the source, in the very snapshot that is dumped. */
export const sourceProofSchema = z.enum(['fingerprints', 'counts', 'off'])
export type SourceProof = z.infer<typeof sourceProofSchema>

export const newDatabaseSchema = z.object({
  server: z.string().min(1),
  label: nameSchema,
  place: placeSchema,
  dbname: z.string().min(1),
  dbuser: z.string().min(1),
  /** absolute folder on the server where its cron keeps backups */
  backups: z.string().nullable().default(null),
  /** absolute paths of .env files on the server */
  env: z.array(z.string()).default([]),
  /** auto: zstd where the server's pg_dump can, else gzip */
  format: dumpFormatSchema.default('auto'),
  sourceProof: sourceProofSchema.default('fingerprints'),
  /** verify each copy of it as soon as it is here */
  verifyAfter: z.boolean().default(false),
  /** before each backup, see whether its `.env` files are still what is sealed, where that takes no passphrase */
  driftCheck: z.boolean().default(true),
  /** image of the sandbox's container, such as one with PostGIS; null: the one that fits the dump */
  image: z.string().min(1).nullable().default(null),
})
export type NewDatabase = z.input<typeof newDatabaseSchema>

/** `server` holds the server's id once it is stored. */
export const databaseSchema = newDatabaseSchema.extend({
  id: z.string(),
  serverName: z.string(),
  addedAt: z.iso.datetime(),
})
export type Database = z.infer<typeof databaseSchema>

/** A database that the connection test found, with everything filled in so that adding it takes one click. */
export const foundDatabaseSchema = z.object({
  label: z.string(),
  place: placeSchema,
  project: z.string().nullable(),
  container: z.string().nullable(),
  image: z.string().nullable(),
  dbname: z.string(),
  dbuser: z.string(),
  serverVersion: z.string().nullable(),
  dumpVersion: z.string().nullable(),
  /** bytes, pg_database_size */
  size: z.number().nullable(),
  backups: z.string().nullable(),
  env: z.array(z.string()),
})
export type FoundDatabase = z.infer<typeof foundDatabaseSchema>

/** A dump file that the server's own cron made. */
export const backupSchema = z.object({
  name: z.string(),
  path: z.string(),
  bytes: z.number(),
  modifiedAt: z.iso.datetime(),
  /** id of the copy that holds the same file (by path, size and time), null when it is not here yet */
  copyId: z.string().nullable(),
  /** outcome of that copy's highest checked rung */
  outcome: z.enum(['proven', 'damaged', 'not-checked']).nullable(),
})
export type Backup = z.infer<typeof backupSchema>
