import { sign } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Identity } from './identity.ts'
import { openKey, type OpenedKey } from './key-worker.ts'

/** Asks for the passphrase of a key file; the number of the attempt begins at 1. null: the person declines. */
export type AskPassphrase = (file: string, attempt: number) => Promise<string | null>

/** How often a wrong secret is asked for again. */
export const maxAttempts = 3

/**
 * A private key file as something that can sign. An encrypted one is only opened when the server has said that it would
 * take this key; where the public half can not be known before (old PEM formats without a .pub beside), at once.
 * Fails with `key-file`.
 */
export async function keyFileIdentity(path: string, ask: AskPassphrase, signal: AbortSignal): Promise<Identity> {
  const file = expandHome(path)
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new LifeboatFailure('key-file', `The key file ${file} can not be read.`, { cause })
  })
  const visible = publicHalf(text)
  if (visible?.encrypted) return lazyIdentity(file, visible.publicKey, () => unlock(file, text, ask, signal))
  const attempt = await openKey(text, undefined, signal)
  switch (attempt.outcome) {
    case 'opened':
      return lazyIdentity(file, attempt.publicKey, () => Promise.resolve(attempt))
    case 'unreadable':
    case 'wrong-passphrase':
      throw unreadable(file, 'reason' in attempt ? attempt.reason : '')
    case 'encrypted': {
      const beside = await publicFile(file)
      if (beside) return lazyIdentity(file, beside, () => unlock(file, text, ask, signal))
      const opened = await unlock(file, text, ask, signal)
      return lazyIdentity(file, opened.publicKey, () => Promise.resolve(opened))
    }
  }
}

/** `~` at the start of a path is the person's own folder, as ssh has it. */
export function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') || path.startsWith('~\\') ? join(homedir(), path.slice(1)) : path
}

async function unlock(file: string, text: string, ask: AskPassphrase, signal: AbortSignal): Promise<OpenedKey> {
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const passphrase = await ask(file, attempt)
    if (passphrase === null) throw new LifeboatFailure('answer-needed', `The passphrase of ${file} was not given.`)
    const key = await openKey(text, passphrase, signal)
    if (key.outcome === 'opened') return key
    if (key.outcome === 'unreadable') throw unreadable(file, key.reason)
  }
  throw new LifeboatFailure('login-refused', `The passphrase of ${file} was wrong ${maxAttempts} times.`)
}

function lazyIdentity(file: string, publicKey: Buffer, open: () => Promise<OpenedKey>): Identity {
  let opened: Promise<OpenedKey> | undefined
  return {
    publicKey,
    from: file,
    sign: async (data, hash) => {
      opened ??= open()
      const { pem, type } = await opened
      return sign(hash ?? digestOf[type] ?? null, data, pem)
    },
  }
}

/** The hash that belongs to a type of key; Ed25519 brings its own. RSA's is negotiated. */
const digestOf: Record<string, string> = {
  'ecdsa-sha2-nistp256': 'sha256',
  'ecdsa-sha2-nistp384': 'sha384',
  'ecdsa-sha2-nistp521': 'sha512',
}

/** OpenSSH's own format keeps the public half in clear, before the encrypted part (PROTOCOL.key in its sources). */
function publicHalf(text: string): { publicKey: Buffer; encrypted: boolean } | null {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([^-]+)-----END/.exec(text)?.[1]
  if (body === undefined) return null
  const blob = Buffer.from(body, 'base64')
  const magic = 'openssh-key-v1\0'
  if (blob.toString('latin1', 0, magic.length) !== magic) return null
  let at = magic.length
  const field = (): Buffer => {
    const length = blob.readUInt32BE(at)
    at += 4 + length
    return blob.subarray(at - length, at)
  }
  try {
    const cipher = field().toString('latin1')
    field()
    field()
    at += 4
    return { publicKey: Buffer.from(field()), encrypted: cipher !== 'none' }
  } catch {
    return null
  }
}

/** The public half that lies beside a private key file. */
export async function publicFile(file: string): Promise<Buffer | null> {
  const text = await readFile(`${file}.pub`, 'utf8').catch(() => '')
  const key = text.trim().split(/\s+/)[1]
  return key === undefined ? null : Buffer.from(key, 'base64')
}

function unreadable(file: string, reason: string): LifeboatFailure {
  return new LifeboatFailure('key-file', `${file} is not a private key that can be used.`, { detail: reason })
}
