/**
 * SFTP version 3 as bytes (draft-ietf-secsh-filexfer-02): what is needed to list and to read. Nothing here can write.
 */

/** Requests that are sent. */
export const request = {
  open: 3,
  close: 4,
  read: 5,
  fstat: 8,
  opendir: 11,
  readdir: 12,
  realpath: 16,
  stat: 17,
} as const
export type RequestType = (typeof request)[keyof typeof request]

const init = 1
export const answer = { version: 2, status: 101, handle: 102, data: 103, name: 104, attrs: 105 } as const

export type FileAttrs = {
  /** absent where the server does not say it */
  readonly size?: number
  readonly mode?: number
  /** whole seconds since 1970 */
  readonly mtime?: number
}

/** What a server says, but for the bytes of a file: those go straight to their place. */
export type SftpAnswer =
  | { readonly kind: 'version' }
  | { readonly kind: 'status'; readonly code: number; readonly message: string }
  | { readonly kind: 'handle'; readonly handle: Buffer }
  | { readonly kind: 'names'; readonly names: readonly { readonly name: string; readonly attrs: FileAttrs }[] }
  | { readonly kind: 'attrs'; readonly attrs: FileAttrs }

/** A number is sent as 32 bits, a bigint as 64, text and bytes with their length before them. */
export type Field = number | bigint | string | Buffer

export const hello: Buffer = Buffer.from([0, 0, 0, 5, init, 0, 0, 0, 3])

/** One request as bytes. */
export function encodeRequest(type: RequestType, id: number, fields: readonly Field[]): Buffer {
  const parts = [Buffer.from([0, 0, 0, 0, type]), encodeField(id), ...fields.map(encodeField)]
  const bytes = Buffer.concat(parts)
  bytes.writeUInt32BE(bytes.length - 4, 0)
  return bytes
}

function encodeField(field: Field): Buffer {
  if (typeof field === 'number') {
    const bytes = Buffer.allocUnsafe(4)
    bytes.writeUInt32BE(field)
    return bytes
  }
  if (typeof field === 'bigint') {
    const bytes = Buffer.allocUnsafe(8)
    bytes.writeBigUInt64BE(field)
    return bytes
  }
  const content = typeof field === 'string' ? Buffer.from(field, 'utf8') : field
  return Buffer.concat([encodeField(content.length), content])
}

/** An answer that is whole, without its length, its type and its number. Throws where it is not what SFTP knows. */
export function decodeAnswer(type: number, body: Buffer): SftpAnswer {
  const at = new Cursor(body)
  switch (type) {
    case answer.version:
      return { kind: 'version' }
    case answer.status:
      // servers older than the third version end behind the code
      return { kind: 'status', code: at.u32(), message: at.left >= 4 ? at.bytes().toString('utf8') : '' }
    case answer.handle:
      return { kind: 'handle', handle: Buffer.from(at.bytes()) }
    case answer.name:
      return { kind: 'names', names: namesOf(at) }
    case answer.attrs:
      return { kind: 'attrs', attrs: attrsOf(at) }
    default:
      throw new Error(`an SFTP packet of the unknown type ${type}`)
  }
}

function namesOf(at: Cursor): { name: string; attrs: FileAttrs }[] {
  const names = []
  for (let left = at.u32(); left > 0; left--) {
    const name = at.bytes().toString('utf8')
    // the same as a line of ls: for people
    at.bytes()
    names.push({ name, attrs: attrsOf(at) })
  }
  return names
}

/** Bits that say which fields follow. */
const has = { size: 1, owners: 2, mode: 4, times: 8, more: 0x8000_0000 }

function attrsOf(at: Cursor): FileAttrs {
  const flags = at.u32()
  const told = (bit: number): boolean => (flags & bit) !== 0
  const attrs: { size?: number; mode?: number; mtime?: number } = {}
  if (told(has.size)) attrs.size = at.u64()
  if (told(has.owners)) at.skip(8)
  if (told(has.mode)) attrs.mode = at.u32()
  if (told(has.times)) {
    at.skip(4)
    attrs.mtime = at.u32()
  }
  // pairs of a name and a value
  if (told(has.more)) for (let left = 2 * at.u32(); left > 0; left--) at.bytes()
  return attrs
}

/** Walks through an answer, and never beyond its end. */
class Cursor {
  private at = 0
  private readonly body: Buffer
  constructor(body: Buffer) {
    this.body = body
  }
  get left(): number {
    return this.body.length - this.at
  }
  skip(bytes: number): void {
    if (bytes > this.left) throw new Error('an SFTP packet that ends before its end')
    this.at += bytes
  }
  u32(): number {
    this.skip(4)
    return this.body.readUInt32BE(this.at - 4)
  }
  u64(): number {
    this.skip(8)
    const value = this.body.readBigUInt64BE(this.at - 8)
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Error('an SFTP packet with a size that no file has')
    return Number(value)
  }
  bytes(): Buffer {
    const length = this.u32()
    this.skip(length)
    return this.body.subarray(this.at - length, this.at)
  }
}
