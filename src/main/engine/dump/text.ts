import type { FindingKind } from '#shared/dump-report.ts'
import { encodingOf, type Decoder, type Encoding } from './encodings.ts'
import { PIECE } from './row-kernel.ts'
import { Utf8Check } from './utf8.ts'
import type { Place } from './window.ts'

const NL = 10
const SWITCH = 'SET client_encoding'
const NOTHING = Buffer.alloc(0)

/** Who gets the text. */
export interface TextSink {
  /** What the last `SET client_encoding` said. */
  readonly encoding: string | null
  /** False while bytes have no encoding: nothing can be said about their validity. */
  utf8: boolean
  /** Whether the next bytes are rows, which are checked there. */
  readonly inRows: boolean
  readonly linePlace: Place
  /** Takes at most one PIECE. Returns how many of the bytes it took: fewer when the encoding changes behind them. */
  push(piece: Uint8Array): number
  /** The new encoding, once, when the bytes since the last call have changed it. */
  takeEncoding(): string | null
  /** Says where in the dump the next byte stands; null in a text that is converted. */
  rebase(offset: number | null): void
  /** From here on the rows are in an encoding that can be read and not converted. */
  cannotCompare(encoding: string): void
  /** Bytes that are no valid text stand in the line that is being read. */
  badText(kind: FindingKind, detail: string, place: Place): void
}

/**
 * Brings the bytes of a dump to its content as UTF-8, whatever `SET client_encoding` says of them, and finds the bytes
 * that are no text at all.
 */
export class Text {
  /** Bytes of SQL so far. */
  bytes = 0
  /** A zero byte stood in the SQL: nothing behind it can be believed. */
  stopped = false
  private readonly content: TextSink
  private encoding: Encoding = { kind: 'utf8' }
  private readonly check = new Utf8Check()
  private decoder: Decoder | null = null
  private held: Buffer = NOTHING
  private badLine = 0

  constructor(content: TextSink) {
    this.content = content
  }

  push(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length && !this.stopped; from += PIECE) {
      this.piece(Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.min(PIECE, bytes.length - from)))
    }
  }

  /** The end of the bytes: what was held back for its rest is read. */
  finish(): void {
    if (this.decoder && this.held.length > 0) this.decoded(this.decoder, this.held)
    if (this.check.open) this.bad('the last character is not whole')
  }

  private piece(piece: Buffer): void {
    let left = piece
    while (left.length > 0 && !this.stopped) {
      const taken = this.decoder ? this.foreign(this.decoder, left) : this.direct(left)
      this.bytes += taken
      left = left.subarray(taken)
    }
  }

  /** UTF-8, or bytes as they are. Returns how much was taken: all, or up to a change of the encoding. */
  private direct(piece: Buffer): number {
    const { tail } = this.check
    if (!piece.includes(0) && this.fits(piece)) return this.give(piece)
    // Something is wrong in here, or the encoding changes in here: line by line.
    this.check.tail = tail
    let from = 0
    while (from < piece.length && !this.stopped) {
      const at = piece.indexOf(NL, from)
      const line = piece.subarray(from, at < 0 ? piece.length : at + 1)
      if (!this.fits(line)) this.bad('bytes that are not valid UTF-8')
      const zero = this.content.inRows ? -1 : line.indexOf(0)
      if (zero >= 0) this.stop()
      const taken = this.give(zero < 0 ? line : line.subarray(0, zero))
      from += taken
      if (taken < line.length) return from
    }
    return from
  }

  private fits(piece: Buffer): boolean {
    return this.encoding.kind !== 'utf8' || this.check.valid(piece)
  }

  private give(piece: Buffer): number {
    const taken = this.content.push(piece)
    this.follow(this.bytes + taken)
    return taken
  }

  /** A text in another encoding. Split before and behind each line that may change it. */
  private foreign(decoder: Decoder, piece: Buffer): number {
    const all = this.held.length > 0 ? Buffer.concat([this.held, piece]) : piece
    const before = this.held.length
    this.held = NOTHING
    let end = lineWith(SWITCH, all)
    if (end === 0) end = all.indexOf(NL) + 1
    if (end <= 0) {
      // The last line is held back while it could still become such a line.
      end = all.lastIndexOf(NL) + 1
      if (all.length - end > 4 * SWITCH.length) end = all.length
      this.held = Buffer.from(all.subarray(end))
      if (end > 0) this.decoded(decoder, all.subarray(0, end))
      this.follow(this.bytes + piece.length)
      return piece.length
    }
    this.decoded(decoder, all.subarray(0, end))
    this.follow(this.bytes + end - before)
    return end - before
  }

  private decoded(decoder: Decoder, bytes: Buffer): void {
    const text = decoder.decode(bytes)
    if (!text.includes('\uFFFD') && !text.includes(0)) {
      this.giveAll(text)
      return
    }
    for (let from = 0; from < text.length && !this.stopped;) {
      const at = text.indexOf(NL, from)
      const line = text.subarray(from, at < 0 ? text.length : at + 1)
      if (line.includes('\uFFFD')) this.bad(`bytes that this program does not know in ${this.content.encoding ?? ''}`)
      if (line.includes(0) && !this.content.inRows) this.stop()
      this.giveAll(line)
      from += line.length
    }
  }

  private giveAll(text: Buffer): void {
    let from = 0
    while (from < text.length) from += this.content.push(text.subarray(from, Math.min(text.length, from + PIECE)))
  }

  /** Takes note of a new encoding. `offset`: where in the dump it begins to count. */
  private follow(offset: number): void {
    const name = this.content.takeEncoding()
    if (name === null) return
    this.encoding = encodingOf(name)
    this.check.reset()
    this.decoder = 'decoder' in this.encoding ? this.encoding.decoder : null
    this.content.utf8 = this.encoding.kind === 'utf8'
    this.content.rebase(this.decoder ? null : offset)
    if (this.encoding.kind === 'unknown') this.content.cannotCompare(name)
  }

  private bad(detail: string): void {
    const place = this.content.linePlace
    if (place.line === this.badLine) return
    this.badLine = place.line
    const kind = this.decoder ? 'unsupported-encoding' : 'bad-encoding'
    this.content.badText(kind, detail, place)
  }

  private stop(): void {
    this.content.badText('bad-encoding', 'a zero byte, which no text can have', this.content.linePlace)
    this.stopped = true
  }
}

/** Where the first line begins that begins with these words; negative if none does. */
function lineWith(words: string, text: Buffer): number {
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
    if (at === 0 || text[at - 1] === NL) return at
  }
  return -1
}
