import { AtomicBody } from './atomic-body.ts'
import { DollarQuote } from './dollar-quote.ts'
import { TokenText } from './token-text.ts'

/**
 * The outer grammar of a dump, as psql reads it: where a statement ends, what is quoted, what is a comment, what is a
 * command to psql itself. A push lexer: its state survives between pieces, so any split of the bytes gives the same
 * tokens, and no token is ever held whole beyond a small cap.
 */

/** What a token is. `punct` is a single character. */
export type TokenKind = 'word' | 'name' | 'string' | 'punct'

/** Takes what the lexer finds. Returning true from `token` or `end` hands the following bytes to somebody else. */
export interface LexerSink {
  token(kind: TokenKind, text: string): boolean
  /** `index` is where a statement, a comment between statements or a command to psql begins. Its end may be pieces away. */
  begins(index: number): void
  /** A `;` that ends a statement, before `index`. */
  end(index: number): boolean
  /** A `--` comment, without the dashes. `within` a statement: true drops what was read of the statement. */
  comment(text: string, within: boolean): boolean
  /** A command to psql, without its backslash. `whole`: its line has ended. */
  meta(text: string, whole: boolean): void
}

const NL = 10
const QUOTE = 39
const DOUBLE_QUOTE = 34
const DOLLAR = 36
const BACKSLASH = 92
const DASH = 45
const SLASH = 47
const STAR = 42

const OTHER = 0
const SPACE = 1
const WORD = 2
const DIGIT = 3

/** The class of every byte outside of quotes. Bytes over 127 are letters, as in psql. */
const classes = new Uint8Array(256)
for (const c of [9, 10, 11, 12, 13, 32]) classes[c] = SPACE
for (let c = 48; c <= 57; c++) classes[c] = DIGIT
for (let c = 65; c <= 90; c++) classes[c] = WORD
for (let c = 97; c <= 122; c++) classes[c] = WORD
for (let c = 128; c <= 255; c++) classes[c] = WORD
classes[95] = WORD

type State =
  | 'plain'
  | 'word'
  | 'string'
  | 'stringQuote'
  | 'escapeString'
  | 'escaped'
  | 'escapeStringQuote'
  | 'name'
  | 'nameQuote'
  | 'dash'
  | 'comment'
  | 'slash'
  | 'block'
  | 'blockStar'
  | 'blockSlash'
  | 'dollarTag'
  | 'dollar'
  | 'meta'

export class Lexer {
  /** `SET standard_conforming_strings`: off makes the backslash an escape in every string. */
  standardStrings = true
  /** Where the word ended that the sink is being told. */
  at = 0
  private state: State = 'plain'
  private readonly sink: LexerSink
  private readonly text = new TokenText()
  private parens = 0
  private blockDepth = 0
  private quote: DollarQuote | null = null
  private readonly body = new AtomicBody()
  /** Tokens of the statement so far. */
  private tokens = 0
  /** After an E'' string only blanks and a newline were seen: a quote goes on with it. */
  private continues = false
  private newlineSince = false

  constructor(sink: LexerSink) {
    this.sink = sink
  }

  /** Whether nothing is open: no quote, no comment, no statement. */
  get atRest(): boolean {
    return this.tokens === 0 && (this.state === 'plain' || this.state === 'comment')
  }

  /** What is open, for a person; null when nothing is. */
  get open(): string | null {
    switch (this.state) {
      case 'string':
      case 'escapeString':
      case 'escaped':
        return 'a quoted value'
      case 'name':
        return 'a quoted name'
      case 'block':
      case 'blockStar':
      case 'blockSlash':
        return 'a comment'
      case 'dollar':
      case 'dollarTag':
        return 'a function body'
      default:
        return this.tokens > 0 || this.state === 'word' ? 'a statement' : null
    }
  }

  /** Takes over again, within so many parentheses, a statement of which somebody else has read a part. */
  resume(parens: number): void {
    this.parens = parens
    this.state = 'plain'
  }

  /**
   * Reads [from, end) of `bytes`. Returns where it stopped: `end`, or after the token with which the sink took over.
   * `from` is never 0.
   */
  push(bytes: Buffer, from: number, end: number): number {
    let i = from
    while (i < end) {
      switch (this.state) {
        case 'plain': {
          const next = this.plain(bytes, i, end)
          if (next < 0) return -next
          i = next
          break
        }
        case 'word': {
          const next = this.word(bytes, i, end)
          if (next < 0) return -next
          i = next
          break
        }
        case 'string':
          i = this.skipTo(bytes, i, end, QUOTE, 'stringQuote')
          break
        case 'stringQuote':
        case 'escapeStringQuote':
          if (bytes[i] === QUOTE) {
            this.text.addByte(QUOTE)
            this.state = this.state === 'stringQuote' ? 'string' : 'escapeString'
            i++
            break
          }
          this.continues = this.state === 'escapeStringQuote'
          this.newlineSince = false
          if (this.emit('string')) return i
          break
        case 'escapeString':
          i = this.escapeString(bytes, i, end)
          break
        case 'escaped':
          this.text.addByte(bytes[i] as number)
          this.state = 'escapeString'
          i++
          break
        case 'name':
          i = this.skipTo(bytes, i, end, DOUBLE_QUOTE, 'nameQuote')
          break
        case 'nameQuote':
          if (bytes[i] === DOUBLE_QUOTE) {
            this.text.addByte(DOUBLE_QUOTE)
            this.state = 'name'
            i++
          } else if (this.emit('name')) return i
          break
        case 'dash':
          if (bytes[i] === DASH) {
            this.state = 'comment'
            this.text.clear()
            i++
          } else if (this.punct('-')) return i
          break
        case 'comment':
          i = this.line(bytes, i, end)
          break
        case 'slash':
          if (bytes[i] === STAR) {
            this.state = 'block'
            this.blockDepth = 1
            i++
          } else if (this.punct('/')) return i
          break
        case 'block':
        case 'blockStar':
        case 'blockSlash':
          i = this.block(bytes, i, end)
          break
        case 'dollarTag':
          i = this.dollarTag(bytes, i)
          break
        case 'dollar':
          i = this.dollar(bytes, i, end)
          break
        case 'meta':
          i = this.line(bytes, i, end)
          break
      }
    }
    return i
  }

  /** The end of the dump: what was waiting for one more character is told. */
  finish(): void {
    if (this.state === 'comment') this.endComment()
    else if (this.state === 'meta') this.endMeta(false)
    else if (this.state === 'word') this.emit('word')
    else if (this.state === 'stringQuote' || this.state === 'escapeStringQuote') this.emit('string')
    else if (this.state === 'nameQuote') this.emit('name')
    else if (this.state === 'dash') this.punct('-')
    else if (this.state === 'slash') this.punct('/')
  }

  /** Between tokens. A negative result: the sink has taken over at that place. */
  private plain(bytes: Buffer, from: number, end: number): number {
    let i = from
    while (i < end) {
      const c = bytes[i] as number
      const kind = classes[c]
      if (kind === SPACE) {
        if (c === NL) this.newlineSince = true
        i++
        continue
      }
      if (this.tokens === 0 || c === BACKSLASH) this.sink.begins(i)
      this.text.clear()
      if (kind === WORD || kind === DIGIT) {
        this.continues = false
        this.state = 'word'
        return i
      }
      i++
      if (c === QUOTE) {
        const escapes = !this.standardStrings || (this.continues && this.newlineSince)
        this.state = escapes ? 'escapeString' : 'string'
        return i
      }
      if (c === DASH) {
        this.state = 'dash'
        return i
      }
      if (c === SLASH) {
        this.state = 'slash'
        return i
      }
      this.continues = false
      if (c === DOUBLE_QUOTE) {
        this.state = 'name'
        return i
      }
      if (c === DOLLAR) {
        this.state = 'dollarTag'
        return i
      }
      if (c === BACKSLASH) {
        this.state = 'meta'
        return i
      }
      if (c === 59 && this.parens === 0 && !this.body.open) {
        this.reset()
        if (this.sink.end(i)) return -i
        continue
      }
      if (c === 40) this.parens++
      else if (c === 41 && this.parens > 0) this.parens--
      if (this.punct(String.fromCharCode(c))) return -i
    }
    return i
  }

  private word(bytes: Buffer, from: number, end: number): number {
    let i = from
    while (i < end) {
      const c = bytes[i] as number
      if (classes[c] === OTHER && c !== DOLLAR) break
      if (classes[c] === SPACE) break
      i++
    }
    this.text.add(bytes, from, i)
    if (i === end) return i
    if (bytes[i] === QUOTE && this.text.isE) {
      this.text.clear()
      this.state = 'escapeString'
      return i + 1
    }
    this.at = i
    return this.emit('word') ? -i : i
  }

  private escapeString(bytes: Buffer, from: number, end: number): number {
    let i = from
    while (i < end && bytes[i] !== QUOTE && bytes[i] !== BACKSLASH) i++
    this.text.add(bytes, from, i)
    if (i === end) return i
    this.state = bytes[i] === QUOTE ? 'escapeStringQuote' : 'escaped'
    return i + 1
  }

  private block(bytes: Buffer, from: number, end: number): number {
    let i = from
    while (i < end) {
      const c = bytes[i++] as number
      if (c === STAR && this.state === 'blockSlash') {
        this.blockDepth++
        this.state = 'block'
      } else if (c === SLASH && this.state === 'blockStar') {
        this.blockDepth--
        this.state = 'block'
        if (this.blockDepth === 0) {
          this.state = 'plain'
          return i
        }
      } else this.state = c === STAR ? 'blockStar' : c === SLASH ? 'blockSlash' : 'block'
    }
    return i
  }

  /** After a `$` that may open a dollar quote. */
  private dollarTag(bytes: Buffer, at: number): number {
    const c = bytes[at] as number
    if (c === DOLLAR) {
      this.quote = new DollarQuote(this.text.copy())
      this.state = 'dollar'
      return at + 1
    }
    const kind = classes[c]
    if ((kind === WORD || (kind === DIGIT && this.text.length > 0)) && !this.text.full) {
      this.text.addByte(c)
      return at + 1
    }
    // No dollar quote after all: `$1`, or a stray sign with a word behind it.
    this.punct('$')
    this.state = this.text.length > 0 || kind === DIGIT ? 'word' : 'plain'
    return at
  }

  private dollar(bytes: Buffer, from: number, end: number): number {
    const next = this.quote?.push(bytes, from, end) ?? end
    if (this.quote?.closed) {
      this.quote = null
      this.text.clear()
      this.emit('string')
    }
    return next
  }

  /** Skips to a byte, keeps what lies before it, and goes on behind it in the state `then`. */
  private skipTo(bytes: Buffer, from: number, end: number, byte: number, then: State): number {
    let at = bytes.indexOf(byte, from)
    if (at < 0 || at > end) at = end
    this.text.add(bytes, from, at)
    if (at === end) return end
    this.state = then
    return at + 1
  }

  /** The rest of a comment or of a command to psql: up to the newline. */
  private line(bytes: Buffer, from: number, end: number): number {
    const meta = this.state === 'meta'
    const next = this.skipTo(bytes, from, end, NL, 'plain')
    if (this.state !== 'plain') return next
    if (meta) this.endMeta(true)
    else this.endComment()
    return next
  }

  private emit(kind: TokenKind): boolean {
    this.state = 'plain'
    const text = this.text.toString()
    if (kind === 'word') this.body.word(text, this.parens)
    this.tokens++
    return this.sink.token(kind, text)
  }

  private punct(character: string): boolean {
    this.state = 'plain'
    this.continues = false
    this.tokens++
    return this.sink.token('punct', character)
  }

  private endComment(): void {
    this.state = 'plain'
    if (this.sink.comment(this.text.toString(), this.tokens > 0)) {
      this.reset()
      this.parens = 0
    }
    this.newlineSince = true
  }

  private endMeta(whole: boolean): void {
    this.state = 'plain'
    this.sink.meta(this.text.toString(), whole)
  }

  /** The statement in hand has been read to its end by somebody else. */
  reset(): void {
    this.body.reset()
    this.tokens = 0
  }
}
