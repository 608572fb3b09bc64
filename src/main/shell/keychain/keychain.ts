import { randomUUID } from 'node:crypto'
import { readFile, rename } from 'node:fs/promises'
import { z } from 'zod'
import { LifeboatFailure } from '#shared/failure.ts'
import type { KeychainStatus } from '#shared/wire.ts'
import { writePrivateFile } from '../private-file.ts'

/** The system's own way to encrypt: Electron's safeStorage in the app. */
export interface Cipher {
  status(): Promise<KeychainStatus>
  encrypt(text: string): Promise<Buffer>
  /** throws when it was encrypted under another key */
  decrypt(bytes: Buffer): Promise<string>
}

export interface Keychain {
  status(): Promise<KeychainStatus>
  get(reference: string): Promise<string | null>
  set(reference: string, secret: string): Promise<void>
  delete(reference: string): Promise<void>
  list(): Promise<string[]>
}

const fileSchema = z.object({ lifeboat: z.literal(1), secrets: z.record(z.string(), z.base64()) })
type Secrets = Map<string, string>

/**
 * Secrets in a file of ciphertexts (0600), each under its reference. The key belongs to the system's keychain.
 * Where that is absent, or only pretends (`basic_text`), nothing is stored and nothing is given.
 */
export function keychainIn(file: string, cipher: Cipher): Keychain {
  // One change after the other: two that overlap would lose the first one.
  let last: Promise<void> = Promise.resolve()
  const change = (edit: (secrets: Secrets) => void): Promise<void> => {
    const done = last.then(async () => {
      const secrets = await readForChange(file)
      edit(secrets)
      await writePrivateFile(file, JSON.stringify({ lifeboat: 1, secrets: Object.fromEntries(secrets) }))
    })
    last = done.catch(() => undefined)
    return done
  }
  return {
    status: () => cipher.status(),
    async get(reference) {
      await last
      // Unreadable for now: as good as not kept, so it is asked for.
      const kept = (await readSecrets(file).catch(() => null))?.get(reference)
      if (kept === undefined || (await cipher.status()) !== 'available') return null
      // Another key (a new login, a restored home): as good as not kept, so it is asked for again.
      return cipher.decrypt(Buffer.from(kept, 'base64')).catch(() => null)
    },
    async set(reference, secret) {
      const status = await cipher.status()
      if (status !== 'available')
        throw new LifeboatFailure('keychain-absent', 'There is no safe place for secrets on this system.', {
          detail: `keychain: ${status}`,
        })
      const bytes = await cipher.encrypt(secret)
      await change((secrets) => secrets.set(reference, bytes.toString('base64')))
    },
    delete: (reference) => change((secrets) => void secrets.delete(reference)),
    async list() {
      await last
      return [...(await readSecrets(file)).keys()]
    },
  }
}

/** Throws when there is a file that can not be read: what it holds may be readable again, and is not written over. */
async function readSecrets(file: string): Promise<Secrets> {
  const secrets = parsed(await readText(file))
  if (secrets === null) throw unreadable(file)
  return secrets
}

/** The same before a change. A file that makes no sense is laid aside, so that secrets can be remembered again. */
async function readForChange(file: string): Promise<Secrets> {
  const secrets = parsed(await readText(file))
  if (secrets !== null) return secrets
  await rename(file, `${file}.unreadable-${randomUUID()}`)
  return new Map()
}

/** Null where there is no file. */
async function readText(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null
    throw unreadable(file, cause)
  }
}

/** Null for a text that is none of ours. */
function parsed(text: string | null): Secrets | null {
  if (text === null) return new Map()
  try {
    return new Map(Object.entries(fileSchema.parse(JSON.parse(text)).secrets))
  } catch {
    return null
  }
}

function unreadable(file: string, cause?: unknown): LifeboatFailure {
  return new LifeboatFailure('disk-failed', `What is remembered in ${file} can not be read.`, { cause })
}
