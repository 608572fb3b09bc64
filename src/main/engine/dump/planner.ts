import { isUtf8 } from 'node:buffer'
import type { PlannedCopy, PlannedData, PlannedEncoding, PlanPlace, PlanStep } from './plan.ts'

/** About so many bytes of INSERTs or large objects lie between two cuts. */
const CUT = 1024 * 1024
const largeObjects = new Set(['SELECT lo_open', 'SELECT lowrite', 'SELECT lo_close'])

type Table = { database: string | null; schema: string; name: string }

/**
 * Notes down what a dump does, step by step, while its content is read: texts of statements, and where data lies.
 * All offsets count in the text as the content gets it.
 */
export class Planner {
  readonly steps: PlanStep[] = []
  readonly encodings: PlannedEncoding[] = []
  private place: PlanPlace = { line: 1, byte: 0 }
  /** What earlier pieces held of the statement in hand. */
  private parts: Buffer[] = []
  private copy: PlannedCopy | null = null
  private data: PlannedData | null = null
  /** A BEGIN that may belong to large objects, which are loaded without it. */
  private begun: PlanStep | null = null
  /** The BEGIN of these large objects was left out, and so is their COMMIT. */
  private unwrapped = false

  /** A statement, or a comment between statements, begins. */
  begins(line: number, byte: number): void {
    this.place = { line, byte }
    if (this.parts.length > 0) this.parts = []
  }

  /** The statement goes on in the next piece. */
  carry(part: Buffer): void {
    this.parts.push(Buffer.from(part))
  }

  /** A whole statement that ends at `to`; `rest`: what of it was not carried. */
  statement(kind: string, rest: Buffer, database: string | null, to: number): void {
    if (largeObjects.has(kind)) {
      this.parts = []
      this.largeObject(kind, database, to)
      return
    }
    const step = { step: 'statement' as const, kind, ...this.text(rest), database, place: this.place }
    this.data = null
    if (kind === 'COMMIT' && this.unwrapped) {
      this.unwrapped = false
      return
    }
    this.settle()
    if (kind === 'BEGIN') this.begun = step
    else this.steps.push(step)
  }

  /** A COPY statement, as above; its rows begin somewhere behind it. */
  opensCopy(rest: Buffer, { database, schema, name }: Table): void {
    this.settle()
    this.data = null
    const at = this.place.byte
    const what = { step: 'copy' as const, ...this.text(rest), database, schema, name }
    this.copy = { ...what, rows: 0, from: at, to: at, place: this.place }
    this.steps.push(this.copy)
  }

  rowsFrom(at: number): void {
    if (this.copy) this.copy.from = this.copy.to = at
  }

  /** The rows end before `to`. */
  closesCopy(rows: number, to: number): void {
    if (!this.copy) return
    this.copy.rows = rows
    this.copy.to = to
    this.copy = null
  }

  /** An INSERT has ended at `to`. */
  insert(target: Table, to: number): void {
    this.parts = []
    this.settle()
    const { database, schema, name } = target
    const { data } = this
    const same = data?.table?.schema === schema && data.table.name === name && data.database === database
    this.extend(same ? data : this.opensData(database, { schema, name }), to, true, CUT)
  }

  /** Rows of the INSERTs so far that were not told before. */
  insertedRows(rows: number): void {
    if (this.data) this.data.rows += rows
  }

  encoding(at: number, name: string): void {
    this.encodings.push({ at, name })
  }

  /** Nothing more comes. */
  finish(): void {
    this.settle()
  }

  private largeObject(kind: string, database: string | null, to: number): void {
    // the loader opens a transaction of its own around each stretch
    if (this.begun) this.unwrapped = true
    this.begun = null
    const { data } = this
    const same = data !== null && data.table === null && data.database === database
    const opens = kind === 'SELECT lo_open'
    this.extend(same ? data : this.opensData(database, null), to, kind === 'SELECT lo_close', opens ? CUT / 2 : CUT)
  }

  private opensData(database: string | null, table: PlannedData['table']): PlannedData {
    const { place } = this
    const from = place.byte
    const data: PlannedData = { step: 'data', database, table, rows: 0, from, to: from, place, cuts: [] }
    this.data = data
    this.steps.push(data)
    return data
  }

  /** The last stretch grows until it has its size. */
  private extend(data: PlannedData, to: number, closed: boolean, size: number): void {
    const last = data.cuts.at(-1)
    const from = data.cuts.at(-2)?.at ?? data.from
    if (last && to - from <= size) {
      last.at = to
      last.closed = closed
    } else data.cuts.push({ at: to, closed })
    data.to = to
  }

  private settle(): void {
    if (this.begun) this.steps.push(this.begun)
    this.begun = null
  }

  private text(rest: Buffer): { text: string; raw: boolean } {
    const bytes = this.parts.length > 0 ? Buffer.concat([...this.parts, rest]) : rest
    this.parts = []
    const raw = !isUtf8(bytes)
    return { text: bytes.toString(raw ? 'latin1' : 'utf8'), raw }
  }
}
