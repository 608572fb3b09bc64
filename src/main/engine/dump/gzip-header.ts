const EXTRA = 4
const NAME = 8
const COMMENT = 16
const HEADER_CRC = 2
const RESERVED = 0xe0
const DEFLATE = 8

type Part = 'fixed' | 'extraLength' | 'skip' | 'text'

/** Reads the header of a gzip member (RFC 1952), which may come in pieces and has no length of its own. */
export class GzipHeader {
  /** It is whole: what follows is deflated data. */
  whole = false
  /** These bytes are no header: `magic` says whether at least the first two were right. */
  wrong: { magic: boolean } | null = null
  private readonly fixed: number[] = []
  private flags = 0
  private part: Part = 'fixed'
  private skip = 0

  /** Whether any byte of it was seen. */
  get begun(): boolean {
    return this.fixed.length > 0
  }

  /** Takes bytes from `from` on and returns where it stopped: behind the header, or at the end. */
  push(bytes: Uint8Array, from: number): number {
    let i = from
    while (i < bytes.length && !this.whole && this.wrong === null) {
      const byte = bytes[i++] as number
      switch (this.part) {
        case 'fixed':
          this.fixed.push(byte)
          this.checkFixed()
          break
        case 'extraLength':
          this.fixed.push(byte)
          if (this.fixed.length === 12) this.skipOver((this.fixed[10] ?? 0) + (this.fixed[11] ?? 0) * 256)
          break
        case 'skip':
          this.skip--
          if (this.skip === 0) this.next()
          break
        case 'text':
          if (byte === 0) this.next()
          break
      }
    }
    return i
  }

  private checkFixed(): void {
    const [first, second, method, flags] = this.fixed
    const magic = first === 0x1f && (second ?? 0x8b) === 0x8b
    if (!magic || (method ?? DEFLATE) !== DEFLATE || ((flags ?? 0) & RESERVED) !== 0) {
      this.wrong = { magic: magic && second !== undefined }
      return
    }
    if (this.fixed.length < 10) return
    this.flags = flags ?? 0
    this.next()
  }

  /** The optional parts stand in a fixed order; each one is struck off when it is read. */
  private next(): void {
    if (this.flags & EXTRA) {
      this.flags ^= EXTRA
      this.part = 'extraLength'
    } else if (this.flags & (NAME | COMMENT)) {
      this.flags ^= this.flags & NAME ? NAME : COMMENT
      this.part = 'text'
    } else if (this.flags & HEADER_CRC) {
      this.flags ^= HEADER_CRC
      this.skipOver(2)
    } else this.whole = true
  }

  private skipOver(bytes: number): void {
    this.skip = bytes
    this.part = 'skip'
    if (bytes === 0) this.next()
  }
}
