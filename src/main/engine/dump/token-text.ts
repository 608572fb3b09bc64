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

  toString(): string {
    return this.bytes.toString('utf8', 0, this.length)
  }
}
