import { isUtf8 } from 'node:buffer'

/** Names have at most 63 bytes and versions, settings and file names are short: more of a token is not kept. */
const KEPT = 1024

/** The beginning of a token that may come in pieces. */
export class TokenText {
  length = 0
  private readonly bytes = Buffer.alloc(KEPT)

  clear(): void {
    this.length = 0
  }

  add(from: Buffer, start: number, end: number): void {
    const length = Math.min(end - start, KEPT - this.length)
    if (length <= 0) return
    from.copy(this.bytes, this.length, start, start + length)
    this.length += length
  }

  addByte(byte: number): void {
    if (this.length < KEPT) this.bytes[this.length++] = byte
  }

  /** Whether it is the E before the quote of an E'' string. */
  get isE(): boolean {
    return this.length === 1 && (this.bytes[0] === 69 || this.bytes[0] === 101)
  }

  get full(): boolean {
    return this.length === KEPT
  }

  copy(): Buffer {
    return Buffer.from(this.bytes.subarray(0, this.length))
  }

  /** Its text; bytes that are no UTF-8 become what no text can hold: see isForeign. */
  toString(): string {
    const text = this.bytes.toString('utf8', 0, this.length)
    if (!text.includes('\uFFFD') || isUtf8(this.bytes.subarray(0, this.length))) return text
    return this.bytes.toString('latin1', 0, this.length).replaceAll(/[\x80-\xFF]/g, (c) => foreign(c.charCodeAt(0)))
  }
}

/** Halves of a pair, which UTF-8 does not have: two such names stay two. */
const foreign = (byte: number): string => String.fromCharCode(0xdc00 + byte)

/** Whether a name holds bytes that are no UTF-8. */
export function isForeign(name: string): boolean {
  return !name.isWellFormed()
}
