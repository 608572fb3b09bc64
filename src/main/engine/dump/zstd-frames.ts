/** What a stretch of a zstd file is. */
export type Stretch =
  /** A frame was opened: its magic number has been read, perhaps in parts. */
  | { kind: 'open' }
  /** Bytes of the open frame behind its magic number. `ends`: the frame ends with them. */
  | { kind: 'frame'; from: number; to: number; ends: boolean }
  /** The bytes from here on are no zstd frame. */
  | { kind: 'junk'; from: number }
  /** The frame needs more memory than a reader gives by default. */
  | { kind: 'window'; bytes: number }

export const FRAME_MAGIC = Buffer.of(0x28, 0xb5, 0x2f, 0xfd)
const MAGIC = FRAME_MAGIC.readUInt32LE()
const SKIPPABLE = 0x184d2a50
/** What decoders allow by default: 128 MB. */
const WINDOW_LIMIT = 2 ** 27

type Want = 'magic' | 'descriptor' | 'header' | 'block' | 'body' | 'checksum' | 'skipSize' | 'skip'

/**
 * Finds where the frames of a zstd file begin and end, without decompressing: a frame is a header and a chain of blocks
 * that tell their own lengths (RFC 8878). Node's decompressor stops at the end of the first frame without a word.
 */
export class ZstdFrames {
  /** Whole frames seen. */
  frames = 0
  /** Frames that carry a checksum. */
  checked = 0
  private want: Want = 'magic'
  private need = 4
  private readonly head: number[] = []
  private last = false
  private checksum = false
  private descriptor = 0

  /** What is open at the end of the bytes so far. */
  get open(): 'nothing' | 'a frame' | 'other bytes' {
    if (this.want !== 'magic') return 'a frame'
    if (this.head.length === 0) return 'nothing'
    return this.head.every((byte, i) => FRAME_MAGIC[i] === byte) ? 'a frame' : 'other bytes'
  }

  /** Splits the next bytes of the file. */
  *split(chunk: Uint8Array): Generator<Stretch> {
    let from = 0
    let i = 0
    while (i < chunk.length) {
      if (this.want === 'body' || this.want === 'skip') {
        const step = Math.min(this.need, chunk.length - i)
        this.need -= step
        i += step
        if (this.need > 0) continue
        if (this.want === 'skip') {
          from = i
          this.expect('magic', 4)
        } else if (this.afterBody()) {
          yield { kind: 'frame', from, to: i, ends: true }
          from = i
        }
        continue
      }
      this.head.push(chunk[i++] as number)
      if (this.head.length < this.need) continue
      const found = this.field()
      if (found === 'junk') {
        yield { kind: 'junk', from: i }
        return
      }
      if (typeof found === 'number') {
        yield { kind: 'window', bytes: found }
        return
      }
      if (found === 'open') {
        yield { kind: 'open' }
        from = i
      } else if (found === 'end') {
        yield { kind: 'frame', from, to: i, ends: true }
        from = i
      }
    }
    const inFrame = this.want !== 'magic' && this.want !== 'skip' && this.want !== 'skipSize'
    if (inFrame && from < chunk.length) yield { kind: 'frame', from, to: i, ends: false }
  }

  private expect(want: Want, need: number): void {
    this.want = want
    this.need = need
    this.head.length = 0
  }

  /** A field of known length is whole: decides what comes next. A number: the window that the frame asks for. */
  private field(): 'more' | 'open' | 'end' | 'junk' | number {
    const value = this.head.reduce((sum, byte, i) => sum + byte * 2 ** (8 * i), 0)
    switch (this.want) {
      case 'magic':
        if (value === MAGIC) {
          this.expect('descriptor', 1)
          return 'open'
        }
        if (value - (value % 16) !== SKIPPABLE) return 'junk'
        this.expect('skipSize', 4)
        return 'more'
      case 'skipSize':
        if (value === 0) this.expect('magic', 4)
        else this.expect('skip', value)
        return 'more'
      case 'descriptor':
        return this.described(value)
      case 'header':
        return this.header()
      case 'block':
        return this.block(value)
      case 'checksum':
        this.expect('magic', 4)
        this.frames++
        return 'end'
      default:
        return 'more'
    }
  }

  private described(descriptor: number): 'more' {
    this.descriptor = descriptor
    this.checksum = (descriptor & 4) !== 0
    if (this.checksum) this.checked++
    const single = (descriptor & 32) !== 0
    const sizeField = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0
    const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0
    // Never 0: a frame without a window byte has a size.
    this.expect('header', (single ? 0 : 1) + dictionary + sizeField)
    return 'more'
  }

  private header(): 'more' | number {
    const window = (this.descriptor & 32) !== 0 ? this.contentSize() : windowOf(this.head[0] ?? 0)
    this.expect('block', 3)
    return window > WINDOW_LIMIT ? window : 'more'
  }

  /** The size of a frame in a single segment, which is its window too: it stands behind the dictionary's number. */
  private contentSize(): number {
    const dictionary = [0, 1, 2, 4][this.descriptor & 3] ?? 0
    const size = this.head.slice(dictionary).reduce((sum, byte, i) => sum + byte * 2 ** (8 * i), 0)
    return this.descriptor >> 6 === 1 ? size + 256 : size
  }

  private block(header: number): 'more' | 'end' {
    this.last = (header & 1) === 1
    const repeated = ((header >> 1) & 3) === 1
    const length = repeated ? 1 : header >> 3
    if (length === 0) return this.afterBody() ? 'end' : 'more'
    this.expect('body', length)
    return 'more'
  }

  /** Behind a block: the next one, the checksum, or the end of the frame (true). */
  private afterBody(): boolean {
    if (!this.last) this.expect('block', 3)
    else if (this.checksum) this.expect('checksum', 4)
    else {
      this.expect('magic', 4)
      this.frames++
      return true
    }
    return false
  }
}

function windowOf(byte: number): number {
  const base = 2 ** (10 + (byte >> 3))
  return base + (base / 8) * (byte & 7)
}
