import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { databaseSchema } from '#shared/database.ts'
import { pinSchema, serverSchema } from '#shared/server.ts'
import { settingsSchema } from '#shared/settings.ts'
import { errorCode } from '#engine/disk/failure.ts'
import { replaceFileNow } from '#engine/disk/file.ts'
import type { Store } from './store.ts'

/** A server (`label` null) or a database that got another name; copies that were stored before keep belonging to it. */
const renameSchema = z.object({
  server: z.string(),
  label: z.string().nullable(),
  to: z.string(),
  at: z.iso.datetime(),
})
export type Rename = z.infer<typeof renameSchema>

/** Everything that a person typed, in a file of its own: the catalogue can be lost, this must not be lost with it. */
const profilesSchema = z.object({
  lifeboat: z.literal(1),
  /** grows with each change, here and in the catalogue: tells which of the two has seen more */
  generation: z.number().int().nonnegative(),
  servers: z.array(serverSchema),
  databases: z.array(databaseSchema),
  pins: z.array(pinSchema),
  renames: z.array(renameSchema),
  settings: settingsSchema,
})
export type Profiles = z.infer<typeof profilesSchema>
type KeptProfiles = { profiles: Profiles; untouched: boolean }

const fileSchema = z.object({ checksum: z.string(), profiles: z.unknown() })

/**
 * What profiles.json holds.
 * @returns null where there is none; `untouched`: the checksum fits, nobody has edited the file
 * @throws a zod or JSON error when it can not be understood
 */
export function readProfiles(file: string): KeptProfiles | null {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
  const { checksum, profiles } = fileSchema.parse(JSON.parse(text))
  return { profiles: profilesSchema.parse(profiles), untouched: checksum === checksumOf(profiles) }
}

export function writeProfiles(file: string, profiles: Profiles): void {
  replaceFileNow(file, `${JSON.stringify({ checksum: checksumOf(profiles), profiles }, null, 2)}\n`)
}

/** When it can not be made durable, what is told to have failed must not come back with the next start. */
export function replaceProfiles(file: string, before: Profiles, after: Profiles): void {
  try {
    writeProfiles(file, after)
  } catch (error) {
    try {
      writeProfiles(file, before)
    } catch {
      // the first error is the one to tell
    }
    throw error
  }
}

export function sameProfiles(a: Profiles, b: Profiles): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function checksumOf(profiles: unknown): string {
  return createHash('sha256').update(JSON.stringify(profiles)).digest('hex')
}

export function generationOf(store: Store): number {
  return Number(store.get<{ value: string }>(`SELECT value FROM meta WHERE key = 'generation'`)?.value ?? 0)
}

export function setGeneration(store: Store, generation: number): void {
  store.run(`INSERT OR REPLACE INTO meta VALUES ('generation', ?)`, String(generation))
}
