import { decrypt, readMessage, unarmor } from 'openpgp'
import { isArmored } from './armor.ts'
import { readEnvelope } from './packets.ts'
import { unlock, type SessionKey } from './passphrase.ts'
import { maxContentBytes, type NotOpened, type Opened } from './protocol.ts'

/** Opens a message with a passphrase. The content is given only once it was proven that nobody has changed it. */
export async function openWithPassphrase(sealed: Uint8Array, passphrase: string): Promise<Opened | NotOpened> {
  const bytes = await binaryOf(sealed)
  const envelope = bytes && readEnvelope(bytes)
  if (!bytes || !envelope)
    return { outcome: 'damaged', reason: 'This is no OpenPGP message, or it is cut or damaged at its begin.' }
  if (envelope.protection === 'none')
    return { outcome: 'refused', reason: 'It was encrypted without protection against changes (no MDC).' }
  if (envelope.protection === 'other' && envelope.keyIds.length === 0)
    return { outcome: 'refused', reason: 'It is of a newer form (AEAD), which only gpg opens: gpg -d FILE.' }
  if (envelope.passphrases.length === 0) {
    if (envelope.keyIds.length > 0) return { outcome: 'for-keys', keyIds: envelope.keyIds }
    return { outcome: 'damaged', reason: 'What tells how to open it is damaged or of an unknown kind.' }
  }
  const found = unlock(passphrase, envelope)
  if (found === null) return { outcome: 'wrong-passphrase' }
  const opened = await openWithKey(bytes, found.key)
  return opened.outcome === 'damaged' && !found.sure ? { outcome: 'wrong-passphrase' } : opened
}

/** The same with the key of the content. */
export async function openWithKey(sealed: Uint8Array, key: SessionKey): Promise<Opened | NotOpened> {
  try {
    const binaryMessage = (await binaryOf(sealed)) ?? sealed
    const message = await readMessage({ binaryMessage })
    const opened: { data: unknown } = await decrypt({
      message,
      sessionKeys: { data: key.data, algorithm: key.algorithm },
      format: 'binary',
      config: { maxDecompressedMessageSize: maxContentBytes },
    })
    if (!(opened.data instanceof Uint8Array)) return { outcome: 'damaged', reason: 'It holds no bytes.' }
    return { outcome: 'opened', content: opened.data, key }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    // the library looks for changes before it decompresses: this one is as it was sealed
    if (/Maximum decompressed/.test(reason))
      return { outcome: 'refused', reason: `It holds more than ${maxContentBytes / 1024 / 1024} MB.` }
    return { outcome: 'damaged', reason }
  }
}

/** Null when it begins like armor and is none. */
async function binaryOf(sealed: Uint8Array): Promise<Buffer | null> {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
  if (!isArmored(bytes)) return bytes
  try {
    const opened: { data: unknown } = await unarmor(bytes.toString('latin1'))
    return opened.data instanceof Uint8Array ? Buffer.from(opened.data) : null
  } catch {
    return null
  }
}
