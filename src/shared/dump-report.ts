import { z } from 'zod'
import { copyFindingSchema, copyTableSchema } from './copy.ts'

/** What reading a dump from its first byte to its last has shown. */
export const dumpReportSchema = z.object({
  outcome: z.enum(['proven', 'damaged', 'not-checked', 'refused']),
  compression: z.enum(['none', 'gzip', 'zstd', 'unknown']),
  format: z.enum(['plain', 'custom', 'tar', 'unknown']),
  dumps: z.number(),
  serverVersion: z.string().nullable(),
  dumpVersion: z.string().nullable(),
  encoding: z.string().nullable(),
  tables: z.array(copyTableSchema),
  statements: z.record(z.string(), z.number()),
  largeObjects: z.number(),
  roles: z.array(z.string()),
  extensions: z.array(z.string()),
  sqlBytes: z.number(),
  endMarkers: z.number(),
  findings: z.array(copyFindingSchema),
})
export type DumpReport = z.infer<typeof dumpReportSchema>
