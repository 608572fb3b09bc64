import { createDecipheriv, createHash } from 'node:crypto'
import type { Envelope, PassphraseLock, S2k } from './packets.ts'

/** Ciphers by their number in OpenPGP; names as the library has them. */
export const ciphers = {
  2: { name: 'tripledes', keyBytes: 24 },
  3: { name: 'cast5', keyBytes: 16 },
  4: { name: 'blowfish', keyBytes: 16 },
  7: { name: 'aes128', keyBytes: 16 },
  8: { name: 'aes192', keyBytes: 24 },
  9: { name: 'aes256', keyBytes: 32 },
  10: { name: 'twofish', keyBytes: 32 },
} as const
export type CipherName = (typeof ciphers)[keyof typeof ciphers]['name']

/** The key of a message's content. */
export type SessionKey = { readonly data: Uint8Array; readonly algorithm: CipherName }

const hashes: Record<number, string> = {
  1: 'md5',
  2: 'sha1',
  3: 'ripemd160',
  8: 'sha256',
  9: 'sha384',
  10: 'sha512',
  11: 'sha224',
}

const chunkBytes = 64 * 1024

/**
 * The key that a passphrase gives (RFC 4880, section 3.7.1). Takes a good part of a second on purpose: never on the
 * engine's own thread. Null for a hash that is not known here.
 */
export function keyOf(passphrase: string, s2k: S2k, keyBytes: number): Buffer | null {
  const name = hashes[s2k.hash]
  if (name === undefined) return null
  const once = Buffer.concat([s2k.salt, Buffer.from(passphrase, 'utf8')])
  const total = Math.max(s2k.count ?? 0, once.length)
  // hashing is quicker in large pieces than in thousands of small ones
  const piece = Buffer.concat(Array.from({ length: Math.ceil(chunkBytes / Math.max(1, once.length)) }, () => once))
  const parts: Buffer[] = []
  for (let bytes = 0, zeros = 0; bytes < keyBytes; zeros += 1) {
    const hash = createHash(name).update(Buffer.alloc(zeros))
    let left = total
    for (; left > piece.length; left -= piece.length) hash.update(piece)
    const part = hash.update(piece.subarray(0, left)).digest()
    parts.push(part)
    bytes += part.length
  }
  return Buffer.concat(parts).subarray(0, keyBytes)
}

/**
 * The key of the content that a passphrase gives, for the first lock that it fits.
 * `sure` false: of this cipher it can only be seen by opening it. Null: the passphrase is wrong, or the very begin of the
 * content is damaged, which can not be told apart.
 */
export function unlock(passphrase: string, envelope: Envelope): { key: SessionKey; sure: boolean } | null {
  for (const lock of envelope.passphrases) {
    const key = sessionKey(passphrase, lock)
    if (key === null) continue
    const fits = fitsContent(key, envelope.begin)
    if (fits !== false) return { key, sure: fits === true }
  }
  return null
}

function sessionKey(passphrase: string, { cipher, s2k, wrapped }: PassphraseLock): SessionKey | null {
  const own = cipherOf(cipher)
  const key = own && keyOf(passphrase, s2k, own.keyBytes)
  if (!own || !key) return null
  if (wrapped === null) return { data: key, algorithm: own.name }
  const name = nodeCipher(own.name)
  if (name === null) return null
  const opened = createDecipheriv(name, key, Buffer.alloc(16)).update(wrapped)
  const inner = cipherOf(opened[0] ?? 0)
  return inner && opened.length === inner.keyBytes + 1 ? { data: opened.subarray(1), algorithm: inner.name } : null
}

function cipherOf(number: number): (typeof ciphers)[keyof typeof ciphers] | null {
  const known: Partial<Record<number, (typeof ciphers)[keyof typeof ciphers]>> = ciphers
  return known[number] ?? null
}

/** The content begins with random bytes whose last two are there twice. Null: not to be seen with this cipher. */
function fitsContent(key: SessionKey, begin: Buffer): boolean | null {
  const name = nodeCipher(key.algorithm)
  if (name === null) return null
  const clear = createDecipheriv(name, key.data, Buffer.alloc(16)).update(begin.subarray(0, 18))
  return clear[14] === clear[16] && clear[15] === clear[17]
}

function nodeCipher(name: CipherName): string | null {
  const match = /^aes(128|192|256)$/.exec(name)
  return match ? `aes-${match[1]}-cfb` : null
}
