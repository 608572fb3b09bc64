const DOLLAR = 36

/** A text between two equal tags, `$tag$ … $tag$`, behind its first one. */
export class DollarQuote {
  closed = false
  private readonly tag: Buffer
  private matched = 0

  constructor(tag: Buffer) {
    this.tag = Buffer.concat([Buffer.of(DOLLAR), tag, Buffer.of(DOLLAR)])
  }

  /** Reads on and returns where it stopped: behind the second tag, or at the end. */
  push(bytes: Buffer, from: number, end: number): number {
    let i = from
    while (i < end) {
      if (this.matched === 0) {
        const at = bytes.indexOf(DOLLAR, i)
        if (at < 0 || at >= end) return end
        this.matched = 1
        i = at + 1
        continue
      }
      const c = bytes[i] as number
      if (c === this.tag[this.matched]) {
        i++
        this.matched++
        this.closed = this.matched === this.tag.length
        if (this.closed) return i
        // The sign that ends what was no tag can begin the next.
      } else if (c === DOLLAR) {
        this.matched = 1
        i++
      } else this.matched = 0
    }
    return i
  }
}
