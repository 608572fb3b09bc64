import type { FindingKind } from '#shared/dump-report.ts'
import { ANY_COLUMNS, NO_COLUMNS, stops, type RowKernel } from './row-kernel.ts'

const NL = 10
const CR = 13
const BACKSLASH = 92

/** What the rows of a COPY block are told to. */
export interface CopySink {
  /** A row that no server would take, and its lines. `at`: where it begins. */
  badRow(kind: FindingKind, detail: string, at: number, lines: number): void
  /** A row over the limit, of so many lines, has ended. It counts, and has no hash. */
  longRow(lines: number): void
}

/** How a block ended the last call: it wants more bytes, or its `\.` was read. */
export type CopyEnd = 'more' | 'end'

/**
 * Reads the data of one `COPY … FROM stdin;`, from the line behind the statement to its `\.`.
 * Rows are checked and added up by the kernel; this is what happens around them.
 */
export class CopyBlock {
  end: CopyEnd = 'more'
  /** Bytes of the line of the end marker, once it was read. */
  markerBytes = 0
  private readonly kernel: RowKernel
  private readonly sink: CopySink
  private readonly limit: number
  private readonly columns: number | null
  private readonly utf8: boolean
  /** Whether lines end with CR LF: as the server does, the first line decides. */
  private crlf: boolean | null = null
  /** Within a row over the limit; `oddBackslash`: the last byte so far is an unescaped backslash. */
  private skipping = false
  private oddBackslash = false
  private skippedLines = 0
  /** Bytes of the line that is waited for which are known to have no newline. */
  private waited = 0

  /** `columns`: how many each row must have, null when the statement does not say. `limit`: the longest row to hold. */
  constructor(kernel: RowKernel, sink: CopySink, columns: number | null, limit: number, utf8: boolean) {
    this.kernel = kernel
    this.sink = sink
    this.columns = columns
    this.limit = limit
    this.utf8 = utf8
  }

  /** Reads whole lines in [from, end) and returns where it stopped; the rest must be given again with more behind it. */
  push(from: number, end: number): number {
    this.end = 'more'
    let i = from
    if (this.skipping) {
      i = this.skip(i, end)
      if (this.skipping) return i
    }
    // A long line comes in many pieces: only the new ones are searched.
    const first = this.newline(i + this.waited, end)
    if (first < 0) return this.waitFor(i, end)
    this.waited = 0
    this.crlf ??= first > i && this.kernel.bytes[first - 1] === CR
    while (true) {
      i = this.kernel.copyRows(i, end, this.tabs(), this.crlf, this.utf8)
      const { reason, fields, lines, next } = this.kernel.stopped()
      if (reason === stops.needsMore) return this.waitFor(i, end)
      if (reason === stops.endMarker) {
        this.end = 'end'
        this.markerBytes = next - i
        return next
      }
      const [kind, detail] = explain(reason, fields, this.columns ?? 0)
      this.sink.badRow(kind, detail, i, lines)
      i = next
    }
  }

  private tabs(): number {
    if (this.columns === null) return ANY_COLUMNS
    return this.columns === 0 ? NO_COLUMNS : this.columns - 1
  }

  /** A line that has not ended yet. One over the limit is let go, and only its end is looked for. */
  private waitFor(from: number, end: number): number {
    this.waited = end - from
    if (this.waited <= this.limit) return from
    this.skipping = true
    this.oddBackslash = false
    this.skippedLines = 0
    this.waited = 0
    return this.skip(from, end)
  }

  private skip(from: number, end: number): number {
    let i = from
    while (true) {
      const at = this.newline(i, end)
      if (at < 0) {
        this.oddBackslash = this.endsOdd(i, end)
        return end
      }
      const escaped = this.endsOdd(i, at)
      this.oddBackslash = false
      i = at + 1
      this.skippedLines++
      if (escaped) continue
      this.skipping = false
      this.sink.longRow(this.skippedLines)
      return i
    }
  }

  /** Whether an odd number of backslashes stands before `end`, also across pieces. */
  private endsOdd(from: number, end: number): boolean {
    let p = end
    while (p > from && this.kernel.bytes[p - 1] === BACKSLASH) p--
    const odd = (end - p) % 2 === 1
    return p === from ? odd !== this.oddBackslash : odd
  }

  private newline(from: number, end: number): number {
    return this.kernel.bytes.subarray(0, end).indexOf(NL, from)
  }
}

function explain(reason: number, fields: number, columns: number): [FindingKind, string] {
  switch (reason) {
    case stops.wrongColumns:
      return ['bad-copy-row', `the row has ${fields} columns instead of ${columns}`]
    case stops.strayReturn:
      return ['bad-copy-row', 'the row holds a bare carriage return']
    case stops.noReturn:
      return ['bad-copy-row', 'the row does not end with CR LF as the ones before it']
    case stops.nulByte:
      return ['bad-copy-row', 'the row holds a zero byte']
    case stops.strayMarker:
      return ['bad-copy-row', 'an end-of-data marker that is not alone on its line']
    default:
      return ['bad-encoding', 'the escapes of the row give no valid UTF-8']
  }
}
