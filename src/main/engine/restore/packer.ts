import type { SlicePart } from './slice-protocol.ts'
import type { SliceRange, SliceSink } from './slicer.ts'

const NL = 10
const BACKSLASH = 92

/**
 * Packs slices into buffers, many small ones into one. Rows are only parted at ends of lines, unless a single one is
 * longer than a buffer.
 */
export class Packer implements SliceSink {
  private readonly ranges: readonly SliceRange[]
  private readonly take: () => ArrayBuffer
  private readonly give: (buffer: ArrayBuffer, parts: SlicePart[]) => void
  private buffer: Buffer | null = null
  private parts: SlicePart[] = []
  private fill = 0
  /** Where the part in hand begins. */
  private from = 0

  /** `take`: an empty buffer, waited for if need be. `give`: a full one goes. */
  constructor(
    ranges: readonly SliceRange[],
    take: () => ArrayBuffer,
    give: (buffer: ArrayBuffer, parts: SlicePart[]) => void,
  ) {
    this.ranges = ranges
    this.take = take
    this.give = give
  }

  bytes(range: number, bytes: Uint8Array): void {
    let at = 0
    while (at < bytes.length) {
      const buffer = (this.buffer ??= Buffer.from(this.take()))
      const length = Math.min(bytes.length - at, buffer.length - this.fill)
      buffer.set(bytes.subarray(at, at + length), this.fill)
      this.fill += length
      at += length
      if (this.fill === buffer.length) this.full(range, buffer)
    }
  }

  ends(range: number): void {
    this.buffer ??= Buffer.from(this.take())
    this.parts.push({ range, from: this.from, to: this.fill, whole: true, ends: true })
    this.from = this.fill
  }

  /** What there is goes. */
  flush(): void {
    if (this.buffer && this.parts.length > 0) this.give(this.buffer.buffer as ArrayBuffer, this.parts)
    this.buffer = null
    this.parts = []
    this.from = 0
    this.fill = 0
  }

  private full(range: number, buffer: Buffer): void {
    const lines = this.ranges[range]?.lines ?? false
    const end = lines ? lastLineEnd(buffer, this.from, this.fill) : this.from
    const whole = end > this.from
    // a short rest moves to the next buffer; something longer than a buffer goes in pieces
    const to = whole || this.from > 0 ? end : this.fill
    const rest = Buffer.from(buffer.subarray(to, this.fill))
    if (to > this.from) this.parts.push({ range, from: this.from, to, whole, ends: false })
    this.flush()
    if (rest.length === 0) return
    this.buffer = Buffer.from(this.take())
    this.buffer.set(rest)
    this.fill = rest.length
  }
}

/** Behind the last newline that ends a row: one behind a backslash is part of it. `from` where there is none. */
function lastLineEnd(bytes: Buffer, from: number, end: number): number {
  for (let at = end; at > from;) {
    const newline = bytes.lastIndexOf(NL, at - 1)
    if (newline < from) return from
    let backslashes = 0
    while (newline - backslashes > from && bytes[newline - backslashes - 1] === BACKSLASH) backslashes++
    if (backslashes % 2 === 0) return newline + 1
    at = newline
  }
  return from
}
