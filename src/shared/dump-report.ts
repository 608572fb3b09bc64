import { z } from 'zod'
import { copyTableSchema } from './copy.ts'
import { findingWeight, type FindingKind } from './finding-weight.ts'

export { findingWeight, type FindingKind }

const findingKinds = z.enum(Object.keys(findingWeight) as [FindingKind, ...FindingKind[]])

/** One thing that was found, and where. `line` counts from 1, `byte` from 0; both in the decompressed SQL. */
const dumpFindingSchema = z.object({
  kind: findingKinds,
  detail: z.string(),
  table: z.string().nullable(),
  line: z.number().int().nullable(),
  byte: z.number().int().nullable(),
})
export type DumpFinding = z.infer<typeof dumpFindingSchema>

/** A table whose data the dump carries. A null fingerprint was not checked, and `note` says why. */
const dumpTableSchema = copyTableSchema.extend({
  database: z.string().nullable(),
  /** In the order of a row's text; null where the INSERTs name none (the table's own order, without generated ones). */
  columns: z.array(z.string()).nullable(),
  note: z.string().optional(),
})
export type DumpTable = z.infer<typeof dumpTableSchema>

export const compressions = ['none', 'gzip', 'zstd', 'xz', 'bzip2', 'lz4', 'zip'] as const

/** All that reading a dump from its first byte to its last tells. */
export const dumpReportSchema = z.object({
  outcome: z.enum(['proven', 'damaged', 'not-checked', 'refused']),
  compression: z.enum(compressions),
  /** Whether the compressed data carries a checksum over all of it: without one a changed bit may not show. */
  checksummed: z.boolean(),
  format: z.enum(['plain', 'custom', 'tar', 'unknown']),
  /** Whole dumps of a database in the file: header and end marker both seen. */
  dumps: z.number().int(),
  /** Written by pg_dumpall: roles and databases too. */
  cluster: z.boolean(),
  /** End markers seen, of databases and of clusters. */
  endMarkers: z.number().int(),
  serverVersion: z.string().nullable(),
  dumpVersion: z.string().nullable(),
  encoding: z.string().nullable(),
  /** The time zone, where the dump itself sets one for its database or session. */
  timeZone: z.string().nullable(),
  tables: z.array(dumpTableSchema),
  /** Statements by their leading words, such as `CREATE TABLE`. */
  statements: z.record(z.string(), z.number().int()),
  largeObjects: z.number().int(),
  /** Roles that the dump names as owner or grantee and does not create itself. */
  roles: z.array(z.string()),
  /** Those among them that own what only a superuser may own. */
  superusers: z.array(z.string()).optional(),
  extensions: z.array(z.string()),
  /** Bytes of SQL, decompressed. */
  sqlBytes: z.number().int(),
  findings: z.array(dumpFindingSchema),
  /** Findings beyond the ones listed. */
  moreFindings: z.number().int(),
})
export type DumpReport = z.infer<typeof dumpReportSchema>

/** A report with the identity of the very bytes that were read. */
export const dumpFileReportSchema = dumpReportSchema.extend({ sha256: z.string(), bytes: z.number().int() })
export type DumpFileReport = z.infer<typeof dumpFileReportSchema>

/** How far a reading has come: bytes of the file, bytes of SQL, rows of all tables, and the table it is in. */
export interface DumpProgress {
  bytes: number
  sqlBytes: number
  rows: number
  table: string | null
}
