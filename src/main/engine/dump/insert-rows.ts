import type { FindingKind } from '#shared/dump-report.ts'
import type { TableCount } from './ledger.ts'
import { ROW, WINDOW, type RowKernel } from './row-kernel.ts'
import { ValuesReader, type ValuesSink } from './values.ts'
import type { Window } from './window.ts'

/** What goes wrong in the rows of an INSERT is told to. */
export interface InsertSink {
  badInsert(kind: FindingKind, detail: string): void
  doubt(target: TableCount, why: string): void
  longRow(lines: number): void
}

/** How the rows ended: not yet, with their `;`, or with words that belong to the rest of the statement. */
export type InsertEnd = 'more' | 'end' | 'rest'

/** Reads the rows of INSERTs into one table: of one statement, and of those behind it that begin with the same bytes. */
export class InsertRows implements ValuesSink {
  /** `SET standard_conforming_strings`. */
  set standardStrings(on: boolean) {
    this.values.standardStrings = on
  }
  private readonly kernel: RowKernel
  private readonly window: Window
  private readonly sink: InsertSink
  private readonly values: ValuesReader
  private target: TableCount | null = null
  private columns: string[] | null = null
  private lead: Buffer | null = null
  private rows = 0
  private width = 0

  constructor(kernel: RowKernel, window: Window, sink: InsertSink, maxRowBytes: number) {
    this.kernel = kernel
    this.window = window
    this.sink = sink
    this.values = new ValuesReader(kernel, this, maxRowBytes)
  }

  /** What is open at the end of the file. */
  get open(): string {
    return this.values.open
  }

  /** Parentheses that are open where it gave up. */
  get parens(): number {
    return this.values.parens
  }

  /** Behind the VALUES of a statement. [from, end) is its text so far, when all of it lies in the window. */
  begin(target: TableCount, columns: string[] | null, from: number, end: number): void {
    this.target = target
    this.columns = columns
    this.lead = from < WINDOW ? null : Buffer.from(this.window.view.subarray(from, end))
    this.beginRows()
  }

  /** Reads on in the window. */
  read(): InsertEnd {
    const { window, values } = this
    window.pos = values.push(window.pos, window.fill)
    if (window.view.buffer !== this.kernel.bytes.buffer) window.refresh()
    if (values.end === 'strange' && this.target) {
      this.sink.doubt(this.target, 'a value in an INSERT that is no plain literal')
    }
    if (values.end === 'more' || values.end === 'end') return values.end
    return 'rest'
  }

  /** Whether an INSERT that begins with the same bytes comes next: where it begins, and its rows are read on. */
  repeats(): number | null {
    const { window, lead } = this
    if (!lead) return null
    let at = window.pos
    while (at < window.fill && (window.view[at] === 10 || window.view[at] === 13)) at++
    const end = at + lead.length
    if (end > window.fill || window.view.compare(lead, 0, lead.length, at, end) !== 0) return null
    window.pos = end
    this.beginRows()
    return at
  }

  row(length: number, values: number, defaults: readonly number[]): void {
    this.kernel.addRow(ROW, length)
    this.rows++
    if (this.rows === 1) this.firstRow(values, defaults)
    else if (values !== this.width) this.wrongWidth(values, this.width)
  }

  longRow(): void {
    this.sink.longRow(0)
  }

  private beginRows(): void {
    this.rows = 0
    this.values.begin()
  }

  private firstRow(values: number, defaults: readonly number[]): void {
    this.width = values
    const { target, columns } = this
    if (!target) return
    if (columns === null) {
      target.width ??= values
      // PostgreSQL takes it; but then the last columns are not in the dump.
      if (target.width !== values) this.sink.doubt(target, 'INSERTs with different numbers of values')
    } else if (columns.length === values) {
      const kept = defaults.length === 0 ? columns : columns.filter((_, i) => !defaults.includes(i))
      if (!target.agrees(kept)) this.sink.doubt(target, 'its columns come in different orders')
    } else this.wrongWidth(values, columns.length)
  }

  private wrongWidth(values: number, width: number): void {
    this.sink.badInsert('bad-insert-row', `a row of an INSERT has ${values} values instead of ${width}`)
  }
}
