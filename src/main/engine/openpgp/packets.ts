/*
 * The outside of an OpenPGP message (RFC 4880, sections 4 and 5): who can open it and with what, without opening it.
 * Taken apart here because a wrong passphrase has to be told apart from damage, which the library does not do.
 */

/** How a passphrase becomes a key. `count`: bytes that are hashed, null where it is not repeated. */
export type S2k = { readonly hash: number; readonly salt: Buffer; readonly count: number | null }

/** A key that a passphrase gives: the key of the content itself, or one that wraps it. */
export type PassphraseLock = { readonly cipher: number; readonly s2k: S2k; readonly wrapped: Buffer | null }

export type Envelope = {
  readonly passphrases: readonly PassphraseLock[]
  /** long ids of the keys that can open it, upper-case hex; zeros for a hidden recipient */
  readonly keyIds: readonly string[]
  /** mdc: SEIPDv1 as gpg writes it · none: without protection against changes · other: something newer */
  readonly protection: 'mdc' | 'none' | 'other'
  /** the first bytes of what is encrypted */
  readonly begin: Buffer
}

/** Tags of packets. */
const keyLock = 1
const passphraseLock = 3
const unprotected = 9
const marker = 10
const protectedData = 18
const aeadData = 20

/** A packet's tag and the first bytes of its body; enough of it for what is looked at here. */
type Packet = { readonly tag: number; readonly body: Buffer; readonly next: number }

/**
 * What stands on the outside of a binary message. Null when this is none, or not enough of one to hold anything.
 * @param bytes the message, or enough of its begin
 */
export function readEnvelope(bytes: Buffer): Envelope | null {
  const passphrases: PassphraseLock[] = []
  const keyIds: string[] = []
  for (let at = 0; at < bytes.length;) {
    const packet = packetAt(bytes, at)
    if (packet === null) return null
    const { tag, body } = packet
    if (tag === passphraseLock) {
      const lock = readPassphraseLock(body)
      if (lock) passphrases.push(lock)
    } else if (tag === keyLock) keyIds.push(body.subarray(1, 9).toString('hex').toUpperCase())
    else if (tag !== marker) return enclosed(tag, body, passphrases, keyIds)
    at = packet.next
  }
  return null
}

/** 18 random bytes before the content, 22 of the hash behind it: what has less was cut, whoever has the passphrase. */
const leastProtected = 40

function enclosed(tag: number, body: Buffer, passphrases: PassphraseLock[], keyIds: string[]): Envelope | null {
  if (tag === protectedData && body.length < 1 + leastProtected) return null
  if (tag === unprotected) return { passphrases, keyIds, protection: 'none', begin: body }
  if (tag === protectedData && body[0] === 1)
    return { passphrases, keyIds, protection: 'mdc', begin: body.subarray(1, 65) }
  if (tag === protectedData || tag === aeadData) return { passphrases, keyIds, protection: 'other', begin: body }
  return null
}

/** Null where no packet begins. A body that goes on in parts is given with its first part only. */
function packetAt(bytes: Buffer, at: number): Packet | null {
  const head = bytes[at] ?? 0
  if ((head & 0x80) === 0) return null
  const isNew = (head & 0x40) !== 0
  const length = isNew ? newLength(bytes, at + 1) : oldLength(bytes, at + 1, head & 3)
  if (length === null) return null
  const tag = isNew ? head & 0x3f : (head >> 2) & 0x0f
  const end = Math.min(bytes.length, length.start + length.bytes)
  return { tag, body: bytes.subarray(length.start, end), next: length.start + length.bytes }
}

type Length = { start: number; bytes: number }

function newLength(bytes: Buffer, at: number): Length | null {
  const first = bytes[at]
  if (first === undefined) return null
  if (first < 192) return { start: at + 1, bytes: first }
  if (first < 224) {
    const second = bytes[at + 1]
    return second === undefined ? null : { start: at + 2, bytes: ((first - 192) << 8) + second + 192 }
  }
  if (first === 255) return at + 5 > bytes.length ? null : { start: at + 5, bytes: bytes.readUInt32BE(at + 1) }
  return { start: at + 1, bytes: 2 ** (first & 0x1f) }
}

function oldLength(bytes: Buffer, at: number, type: number): Length | null {
  // 3: up to the end of the file
  if (type === 3) return { start: at, bytes: bytes.length - at }
  const size = 2 ** type
  return at + size > bytes.length ? null : { start: at + size, bytes: bytes.readUIntBE(at, size) }
}

/** Null for the kinds that are newer than version 4, and for what is cut. */
function readPassphraseLock(body: Buffer): PassphraseLock | null {
  const [version, cipher, type, hash] = body
  if (version !== 4 || cipher === undefined || type === undefined || hash === undefined) return null
  const saltBytes = type === 0 ? 0 : 8
  const countBytes = type === 3 ? 1 : 0
  const end = 4 + saltBytes + countBytes
  if (![0, 1, 3].includes(type) || body.length < end) return null
  const coded = body[end - 1] ?? 0
  return {
    cipher,
    s2k: {
      hash,
      salt: body.subarray(4, 4 + saltBytes),
      count: type === 3 ? (16 + (coded & 15)) << ((coded >> 4) + 6) : null,
    },
    wrapped: body.length > end ? body.subarray(end) : null,
  }
}
