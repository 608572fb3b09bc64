import { ROW, WINDOW, type RowKernel } from './row-kernel.ts'

const NL = 10

/** Where something stands: a line from 1, a byte from 0 (null in a text that had to be converted). */
export interface Place {
  line: number
  byte: number | null
}

/**
 * The stretch of the dump that lies in the kernel's memory: [pos, fill) is unread. Knows where in the dump that is.
 * A line that has not ended stays; everything else moves on with the next piece.
 */
export class Window {
  pos = WINDOW
  fill = WINDOW
  /** The memory up to `fill`, as a buffer. It may be replaced when the memory grows. */
  view: Buffer = Buffer.alloc(0)
  private readonly kernel: RowKernel
  /** The offset in the dump of index 0; null when offsets mean nothing. */
  private origin: number | null = -WINDOW
  /** The same, counted in the text as it is given here, whatever it was before. */
  private base = -WINDOW
  /** Whole lines before `counted`. */
  private lines = 0
  private counted = WINDOW
  private lineStart = 0

  constructor(kernel: RowKernel) {
    this.kernel = kernel
  }

  /** Puts a piece behind what is unread. */
  load(piece: Uint8Array): void {
    this.moveDown()
    this.kernel.reserve(this.fill + piece.length)
    this.kernel.bytes.set(piece, this.fill)
    this.fill += piece.length
    this.refresh()
  }

  /** Takes the unread end of a piece out again, and returns how much of the piece remains. */
  unload(piece: Uint8Array, everything: boolean): number {
    const left = everything ? this.fill - this.pos : 0
    this.fill -= left
    const taken = piece.length - left
    const newline = piece.lastIndexOf(NL, taken - 1)
    if (newline >= 0) this.lineStart = (this.byteAt(this.fill) ?? 0) - taken + newline + 1
    return taken
  }

  /** After the kernel's memory may have grown. */
  refresh(): void {
    this.view = Buffer.from(this.kernel.bytes.buffer, 0, this.fill)
  }

  /** Behind a long line: moves the rest down, out of the place where rows of INSERTs are put together. */
  settle(): void {
    if (this.fill <= ROW) return
    this.moveDown()
    this.refresh()
  }

  /** Says where in the dump the next byte stands; null in a text that was converted from another encoding. */
  rebase(offset: number | null): void {
    this.origin = offset === null ? null : offset - this.fill
  }

  /** Lines that somebody else has counted, up to the unread bytes. */
  addLines(lines: number): void {
    this.lines += lines
    this.counted = this.pos
  }

  countTo(index: number): void {
    if (index <= this.counted) return
    this.lines += this.kernel.newlines(this.counted, index)
    this.counted = index
  }

  byteAt(index: number): number | null {
    return this.origin === null ? null : this.origin + index
  }

  /** Where in the text as it was given here an index stands. */
  textAt(index: number): number {
    return this.base + index
  }

  /** The place of an index that is not before anything counted. */
  placeAt(index: number): Place {
    this.countTo(index)
    return { line: this.lines + 1, byte: this.byteAt(index) }
  }

  /** The place of a row whose lines are not counted yet. */
  rowPlace(index: number): Place {
    return { line: this.lines + 1, byte: this.byteAt(index) }
  }

  /** The line that is being read. */
  get linePlace(): Place {
    this.countTo(this.pos)
    return { line: this.lines + 1, byte: this.origin === null ? null : this.lineStart }
  }

  /** Where the bytes that were given so far end. */
  get endPlace(): Place {
    this.countTo(this.pos)
    return { line: this.lines + 1, byte: this.byteAt(this.fill) }
  }

  private moveDown(): void {
    const by = this.pos - WINDOW
    if (by === 0) return
    this.countTo(this.pos)
    this.kernel.bytes.copyWithin(WINDOW, this.pos, this.fill)
    if (this.origin !== null) this.origin += by
    this.base += by
    this.fill -= by
    this.pos = WINDOW
    this.counted = WINDOW
  }
}
