import { EscapeSequence } from './escape-sequence.ts'
import type { RowKernel } from './row-kernel.ts'
import { ROW } from './row-kernel.ts'

/** What the rows of an INSERT are told to. */
export interface ValuesSink {
  /** A whole row stands at [ROW, ROW + length) of the kernel. `defaults`: which of its values were DEFAULT. */
  row(length: number, values: number, defaults: readonly number[]): void
  /** A row that was longer than the limit: it was counted through and not kept. */
  longRow(lines: number): void
}

type State =
  | 'row' // before the `(`
  | 'value' // before a value
  | 'string'
  | 'stringQuote'
  | 'escapeString'
  | 'escaped'
  | 'escapeQuote'
  | 'bare' // a number, a keyword, or the letter before a quote
  | 'after' // behind a value
  | 'next' // behind the `)`

const TAB = 9
const QUOTE = 39
const OPEN = 40
const CLOSE = 41
const COMMA = 44
const BACKSLASH = 92

/** 1: a blank. 2: a character of a number or a keyword. */
const classes = new Uint8Array(256)
for (const c of [9, 10, 11, 12, 13, 32]) classes[c] = 1
for (const c of '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_+.-') classes[c.charCodeAt(0)] = 2

/** No two parts of it can share digits: a long row of them is read once. */
const numeral = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/

export type ValuesEnd = 'more' | 'end' | 'tail' | 'strange'

/**
 * Reads the rows of `INSERT … VALUES (…), (…);` as pg_dump writes them and puts each one together as COPY would have
 * given it: values joined by tabs, NULL as \x01N. Its state survives between pieces.
 */
export class ValuesReader {
  /** `SET standard_conforming_strings`. */
  standardStrings = true
  /** Parentheses that are open where it gave up. */
  parens = 0
  /** Where it stopped, and why: at the end of the piece, behind `;`, before words behind the rows, before what it does not know. */
  end: ValuesEnd = 'more'
  private readonly kernel: RowKernel
  private readonly sink: ValuesSink
  private readonly limit: number
  private state: State = 'row'
  private write = ROW
  private valueAt = ROW
  private columns = 0
  private values = 0
  private defaults: number[] = []
  private tooLong = false
  private escape = new EscapeSequence()

  constructor(kernel: RowKernel, sink: ValuesSink, limit: number) {
    this.kernel = kernel
    this.sink = sink
    this.limit = limit
  }

  /** A new INSERT, behind its VALUES. */
  begin(): void {
    this.state = 'row'
  }

  /** What is open at the end of the file. */
  get open(): string {
    return this.state === 'string' || this.state === 'escapeString' ? 'a quoted value' : 'an INSERT'
  }

  /** Reads [from, end) and returns where it stopped; `end` says why. */
  push(from: number, end: number): number {
    // A value never grows while it is read, so this is room enough for the whole piece.
    this.kernel.reserve(this.write + (end - from) + 16)
    const bytes = this.kernel.bytes
    let i = from
    while (i < end) {
      switch (this.state) {
        case 'row': {
          const c = bytes[i] as number
          if (classes[c] === 1) i++
          else if (c === OPEN) {
            this.openRow()
            i++
          } else return this.stop(i, 'strange', 0)
          break
        }
        case 'value': {
          const c = bytes[i] as number
          if (classes[c] === 1) i++
          else if (c === QUOTE) {
            this.openValue()
            this.state = this.standardStrings ? 'string' : 'escapeString'
            i++
          } else if (classes[c] === 2) {
            this.openValue()
            this.state = 'bare'
          } else return this.stop(i, 'strange', 1)
          break
        }
        case 'string':
          i = this.string(bytes, i, end)
          break
        case 'stringQuote':
          if (bytes[i] === QUOTE) {
            bytes[this.write++] = QUOTE
            this.state = 'string'
            i++
          } else this.state = 'after'
          break
        case 'bare': {
          const next = this.bare(bytes, i, end)
          if (next < 0) return this.stop(-next, 'strange', 1)
          i = next
          break
        }
        case 'escapeString':
          i = this.escapeString(bytes, i, end)
          break
        case 'escaped':
          i = this.escaped(bytes, i)
          break
        case 'escapeQuote':
          if (bytes[i] === QUOTE) {
            bytes[this.write++] = QUOTE
            this.state = 'escapeString'
            i++
          } else this.state = 'after'
          break
        case 'after': {
          const c = bytes[i] as number
          if (c === COMMA) this.state = 'value'
          else if (c === CLOSE) this.closeRow()
          else if (classes[c] !== 1) return this.stop(i, 'strange', 1)
          i++
          break
        }
        case 'next': {
          const c = bytes[i] as number
          if (c === COMMA) this.state = 'row'
          else if (c === 59) return this.stop(i + 1, 'end', 0)
          else if (classes[c] !== 1) return this.stop(i, 'tail', 0)
          i++
          break
        }
      }
    }
    if (this.write - ROW > this.limit) this.dropRow()
    return this.stop(i, 'more', 0)
  }

  private stop(at: number, end: ValuesEnd, parens: number): number {
    this.end = end
    this.parens = parens
    return at
  }

  private openRow(): void {
    this.write = ROW
    this.columns = 0
    this.values = 0
    if (this.defaults.length > 0) this.defaults = []
    this.tooLong = false
    this.state = 'value'
  }

  private openValue(): void {
    if (this.columns > 0) this.kernel.bytes[this.write++] = TAB
    this.valueAt = this.write
    this.columns++
    this.values++
  }

  private closeRow(): void {
    this.state = 'next'
    if (this.tooLong) this.sink.longRow(0)
    else this.sink.row(this.write - ROW, this.values, this.defaults)
  }

  private dropRow(): void {
    this.tooLong = true
    this.write = ROW
    this.valueAt = ROW
  }

  private string(bytes: Uint8Array, from: number, end: number): number {
    let i = from
    let w = this.write
    while (i < end) {
      const c = bytes[i++] as number
      if (c === QUOTE) {
        this.state = 'stringQuote'
        break
      }
      bytes[w++] = c
    }
    this.write = w
    return i
  }

  private escapeString(bytes: Uint8Array, from: number, end: number): number {
    let i = from
    while (i < end) {
      const c = bytes[i++] as number
      if (c === QUOTE) {
        this.state = 'escapeQuote'
        break
      }
      if (c === BACKSLASH) {
        this.state = 'escaped'
        this.escape = new EscapeSequence()
        break
      }
      bytes[this.write++] = c
    }
    return i
  }

  /** One more character behind a backslash in an E'' string. */
  private escaped(bytes: Uint8Array, at: number): number {
    const step = this.escape.push(bytes[at] as number)
    if (step.state === 'more') return at + 1
    this.state = 'escapeString'
    bytes.set(step.bytes, this.write)
    this.write += step.bytes.length
    return step.state === 'ends' ? at + 1 : at
  }

  /** A word or number. A negative result: what it is stands before something unknown. */
  private bare(bytes: Uint8Array, from: number, end: number): number {
    let i = from
    let w = this.write
    while (i < end && classes[bytes[i] as number] === 2) bytes[w++] = bytes[i++] as number
    this.write = w
    if (i === end) return i
    if (bytes[i] === QUOTE) return this.prefixed(bytes, i)
    return this.endBare(bytes, i)
  }

  /** `E'…'` and `B'…'`: the letter is no part of the value. */
  private prefixed(bytes: Uint8Array, at: number): number {
    const letter = this.write - this.valueAt === 1 ? (bytes[this.valueAt] as number) | 32 : 0
    this.write = this.valueAt
    if (letter === 101) this.state = 'escapeString'
    else if (letter === 98) this.state = 'string'
    else return -at
    return at + 1
  }

  private endBare(bytes: Uint8Array, at: number): number {
    this.state = 'after'
    const length = this.write - this.valueAt
    const first = bytes[this.valueAt] as number
    const last = bytes[this.write - 1] as number
    // Nearly all are numbers of digits alone.
    if (length > 0 && first >= 48 && first <= 57 && last >= 48 && last <= 57 && length <= 9 && this.digits(bytes))
      return at
    if (this.tooLong) return at
    const text = Buffer.from(bytes.buffer, this.valueAt, Math.min(length, 16)).toString('latin1').toUpperCase()
    if (text === 'NULL') this.writeValue(bytes, [1, 78])
    else if (text === 'TRUE') this.writeValue(bytes, [116])
    else if (text === 'FALSE') this.writeValue(bytes, [102])
    else if (text === 'DEFAULT') {
      // A generated column, which COPY leaves out.
      this.columns--
      this.defaults.push(this.values - 1)
      this.write = this.columns > 0 ? this.valueAt - 1 : this.valueAt
    } else if (!numeral.test(Buffer.from(bytes.buffer, this.valueAt, length).toString('latin1'))) return -at
    return at
  }

  private digits(bytes: Uint8Array): boolean {
    for (let p = this.valueAt; p < this.write; p++) {
      const c = bytes[p] as number
      if (c < 48 || c > 57) return false
    }
    return true
  }

  private writeValue(bytes: Uint8Array, value: readonly number[]): void {
    bytes.set(value, this.valueAt)
    this.write = this.valueAt + value.length
  }
}
