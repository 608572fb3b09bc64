import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { replaceFile } from '#engine/disk/file.ts'
import { sealEnding } from './names.ts'

const recordEnding = '.seal.json'
/** more is none of ours */
const longest = 1024 * 1024

/**
 * What stands in clear beside a seal: enough to list it and to see damage. No names of keys, no sizes of files and no
 * fingerprint of a value: whoever has the disk learns which files there are, and nothing to try guesses on.
 */
const recordSchema = z.object({
  lifeboat: z.literal(1),
  id: z.string().regex(/^[A-Za-z0-9][\w-]{0,63}$/),
  server: z.string(),
  label: z.string(),
  /** name of the seal, in the same folder */
  file: z.string(),
  bytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  sealedAt: z.iso.datetime(),
  kind: z.enum(['passphrase', 'keys']),
  recipients: z.array(z.string()),
  from: z.enum(['server', 'local']),
  files: z.array(z.object({ name: z.string(), path: z.string() })),
  /** keyed fingerprints of every value, encrypted under a key that only the keychain holds; null: there was none */
  prints: z.base64().nullable().default(null),
})
export type SealRecord = z.infer<typeof recordSchema>

/** The record's file beside a seal. */
export function recordFile(seal: string): string {
  return join(dirname(seal), `${basename(seal).replace(sealEnding, '')}${recordEnding}`)
}

/** What was written down about a seal. Null: nothing that can be understood, as with those that were made by hand. */
export function readRecord(seal: string): SealRecord | null {
  try {
    const text = readFileSync(recordFile(seal), 'utf8')
    const record = text.length > longest ? null : recordSchema.parse(JSON.parse(text))
    return record?.file === basename(seal) ? record : null
  } catch {
    return null
  }
}

/** Writes the record beside a seal that stands already: without it the seal is still a whole one. */
export async function writeRecord(folder: string, record: SealRecord): Promise<void> {
  await replaceFile(recordFile(join(folder, record.file)), `${JSON.stringify(record, null, 2)}\n`)
}
