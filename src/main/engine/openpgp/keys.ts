import { readKeys as parseKeys, type Key } from 'openpgp'
import type { KeyFacts } from './protocol.ts'

/** The public keys in a file, armored or binary. A secret key's public half only: the secret is not kept. Throws. */
export async function readKeys(bytes: Uint8Array, at: Date): Promise<KeyFacts[]> {
  const text = Buffer.from(bytes).toString('latin1')
  const keys = text.includes('-----BEGIN PGP')
    ? await parseKeys({ armoredKeys: text })
    : await parseKeys({ binaryKeys: bytes })
  return Promise.all(keys.map((key) => factsOf(key, at)))
}

async function factsOf(key: Key, at: Date): Promise<KeyFacts> {
  return {
    fingerprint: key.getFingerprint().toUpperCase(),
    keyIds: key.getKeyIDs().map((id) => id.toHex().toUpperCase()),
    user: key.getUserIDs()[0] ?? '',
    createdAt: key.getCreationTime().toISOString(),
    problem: await problemOf(key, at),
    bytes: key.toPublic().write(),
  }
}

async function problemOf(key: Key, at: Date): Promise<string | null> {
  // gpg 2.2 and 2.4 know keys of version 4 only
  if (key.keyPacket.version !== 4) return `It is a key of version ${key.keyPacket.version}, which gpg 2.4 can not use.`
  try {
    await key.getEncryptionKey(undefined, at)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
