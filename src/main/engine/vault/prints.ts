import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { mayBeSecret } from '#engine/env/parse.ts'
import type { TarFile } from '#engine/tar/file.ts'
import { viewOf, type FileView, type Print } from './difference.ts'
import type { VaultKeychain } from './tools.ts'

/*
 * Whether a seal is still what the server has can be told without opening it: from keyed fingerprints of its values.
 *
 * A fingerprint of a weak value can be guessed by whoever has it and its key. So the key lies in the system's keychain
 * alone, and what is written beside the seal is encrypted under it as a whole: names of keys, how many there are, and
 * which values are the same. Whoever has the disk and not the keychain learns its length, and can try no guess. Where
 * there is no real keychain nothing is written, and the comparison opens the seal.
 */

const keyReference = 'vault:prints'
const keyBytes = 32
const ivBytes = 12
const tagBytes = 16

const printsSchema = z.array(
  z.object({ name: z.string(), whole: z.string(), keys: z.array(z.tuple([z.string(), z.string()])) }),
)

/** Makes and reads fingerprints. Null where no keychain can hold their key. */
export type Printer = {
  readonly print: Print
  /** for the record of a seal, base64 */
  keep(files: readonly TarFile[]): string
  /** Null: made under another key, or damaged. */
  read(kept: string): FileView[] | null
}

/** @param make whether a key is made where there is none yet */
export async function printerOf(keychain: VaultKeychain, make: boolean): Promise<Printer | null> {
  if ((await keychain.status()) !== 'available') return null
  const known = Buffer.from((await keychain.get(keyReference)) ?? '', 'base64')
  if (known.length === keyBytes) return printerWith(known)
  if (!make) return null
  const key = randomBytes(keyBytes)
  const text = key.toString('base64')
  await keychain.set(keyReference, text)
  // fingerprints under a key that was not kept could never be read
  return (await keychain.get(keyReference)) === text ? printerWith(key) : null
}

function printerWith(key: Buffer): Printer {
  const derived = (purpose: string): Buffer => Buffer.from(hkdfSync('sha256', key, '', `lifeboat ${purpose}`, keyBytes))
  const forPrints = derived('fingerprints of values')
  const forRecord = derived('record of fingerprints')
  const print: Print = (bytes) => createHmac('sha256', forPrints).update(bytes).digest('base64')
  const nothing = new Set(['', '=', '=='].map((value) => print(Buffer.from(value))))
  // in records of an older Lifeboat a secret that ends in `=` stands as the name of a key
  const namesKey = ([key, value]: [string, string]): boolean => !(nothing.has(value) && mayBeSecret(key))
  return {
    print,
    keep(files) {
      const views = files.map((file) => viewOf(file, print)).map((view) => ({ ...view, keys: [...view.keys] }))
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', forRecord, iv)
      const encrypted = Buffer.concat([cipher.update(JSON.stringify(views)), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), encrypted]).toString('base64')
    },
    read(kept) {
      try {
        const bytes = Buffer.from(kept, 'base64')
        const decipher = createDecipheriv('aes-256-gcm', forRecord, bytes.subarray(0, ivBytes))
        decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes))
        const clear = Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()])
        const views = printsSchema.parse(JSON.parse(clear.toString('utf8')))
        return views.map((view) => ({ ...view, keys: new Map(view.keys.filter(namesKey)) }))
      } catch {
        return null
      }
    },
  }
}
