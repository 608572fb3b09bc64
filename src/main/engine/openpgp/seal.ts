import { randomBytes } from 'node:crypto'
import { createMessage, encrypt, readKey, type PartialConfig } from 'openpgp'
import { keyOf, type SessionKey } from './passphrase.ts'
import type { Sealed } from './protocol.ts'

/** What gpg 2.2 can read too: no AEAD, no Argon2, and no compression of what is compressed already. */
const asGpgReads: PartialConfig = { aeadProtect: false, allowMissingKeyFlags: true }

const aes256 = 9
const sha512 = 10
/** stands for 65,011,712 bytes to hash, the most that the format knows */
const strongest = 0xff
const strongestCount = 65_011_712

/** An OpenPGP message that a passphrase opens: AES-256, MDC, iterated and salted S2K with SHA-512 at its strongest. */
export async function sealWithPassphrase(content: Uint8Array, passphrase: string): Promise<Sealed> {
  const salt = randomBytes(8)
  const data = keyOf(passphrase, { hash: sha512, salt, count: strongestCount }, 32)
  if (data === null) throw new Error('this Node has no SHA-512')
  const key: SessionKey = { data, algorithm: 'aes256' }
  // the passphrase's key is the key of the content, as `gpg -c` has it
  const lock = Buffer.from([4, aes256, 3, sha512, ...salt, strongest])
  const sealed = Buffer.concat([Buffer.from([0xc0 | 3, lock.length]), lock, await encrypted(content, key)])
  return { outcome: 'sealed', sealed: asBytes(sealed), key, keyIds: [] }
}

/**
 * An OpenPGP message for one or more public keys. Needs no secret.
 * @param at keys that are expired or revoked at this time throw
 */
export async function sealForKeys(content: Uint8Array, keys: readonly Uint8Array[], at: Date): Promise<Sealed> {
  const key: SessionKey = { data: randomBytes(32), algorithm: 'aes256' }
  const encryptionKeys = await Promise.all(keys.map((binaryKey) => readKey({ binaryKey })))
  const message = await createMessage({ binary: content })
  const sealed: unknown = await encrypt({
    message,
    encryptionKeys,
    sessionKey: key,
    format: 'binary',
    date: at,
    config: asGpgReads,
  })
  const used = await Promise.all(encryptionKeys.map((each) => each.getEncryptionKey(undefined, at)))
  return {
    outcome: 'sealed',
    sealed: asBytes(sealed),
    key,
    keyIds: used.map((each) => each.getKeyID().toHex().toUpperCase()),
  }
}

async function encrypted(content: Uint8Array, key: SessionKey): Promise<Uint8Array> {
  const message = await createMessage({ binary: content })
  const sealed: unknown = await encrypt({ message, sessionKey: key, format: 'binary', config: asGpgReads })
  return asBytes(sealed)
}

/** Bytes in give bytes out; the library's types speak of streams as well. */
function asBytes(sealed: unknown): Uint8Array {
  if (sealed instanceof Uint8Array) return sealed
  throw new TypeError('OpenPGP gave no bytes')
}
