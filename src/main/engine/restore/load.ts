import type { DumpPlan, PlannedCopy, PlannedData } from '../dump/plan.ts'
import type { Segment } from './databases.ts'
import { kept, SliceFeed } from './feeds.ts'
import { tableKey } from './names.ts'
import type { Progress } from './progress.ts'
import type { Refusals } from './refusals.ts'
import { isRefusal, type Session } from './session.ts'
import type { Slice, Slices } from './slices.ts'
import type { WorkQueue } from './work-queue.ts'

/** Small tables whose rows go to the server together. */
const BATCH_TABLES = 50
const BATCH_BYTES = 128 * 1024

const NEWLINE = Buffer.from('\n')
const sql = (text: string) => Buffer.from(text)

/** What loading the data of one database works on. */
export type Load = {
  plan: DumpPlan
  segment: Segment
  slices: Slices
  queue: WorkQueue
  refusals: Refusals
  progress: Progress
  /** Told once when all rows of a table are in. */
  onTableLoaded: (table: string) => void
}

/**
 * Gives the data of the ranges before `endRange` to the sessions of the queue, as it comes out of the file: a large table
 * in pieces to all of them, many small ones to one.
 */
export async function feedData(load: Load, endRange: number): Promise<void> {
  const { slices, queue } = load
  const tables = new OpenTables(load)
  let open: Unit | null = null
  let batch: Slice[] = []
  const flush = () => {
    if (batch.length > 0) queue.feed(copyBatch(load, batch, tables))
    batch = []
  }
  try {
    for (let some = await slices.take(endRange); some.length > 0; some = await slices.take(endRange)) {
      for (const slice of some) {
        if (open) {
          open.take(slice)
          if (open.complete) open = null
          continue
        }
        if (isSmallTable(load, slice)) {
          const bytes = batch.reduce((sum, one) => sum + one.bytes.length, slice.bytes.length)
          if (batch.length === BATCH_TABLES || bytes > BATCH_BYTES) flush()
          batch.push(slice)
          continue
        }
        flush()
        const unit = new Unit(load, slice, tables)
        unit.take(slice)
        queue.feed(unit)
        if (!unit.complete) open = unit
      }
      flush()
    }
  } finally {
    open?.giveUp()
  }
}

function stepOf({ plan, slices }: Load, slice: Slice): { index: number; step: PlannedCopy | PlannedData } {
  const index = slices.ranges[slice.range]?.step ?? -1
  const step = plan.steps[index]
  if (!step || step.step === 'statement') throw new Error('a slice of the dump belongs to no data of its plan')
  return { index, step }
}

/** Whether a slice is all that a COPY has, and little. */
function isSmallTable(load: Load, slice: Slice): boolean {
  const range = load.slices.ranges[slice.range]
  return (
    range?.lines === true &&
    slice.ends &&
    range.to - range.from === slice.bytes.length &&
    slice.bytes.length < BATCH_BYTES
  )
}

/** Several small tables in one exchange; when the server refuses one of them, each is sent again on its own. */
function copyBatch(load: Load, slices: readonly Slice[], tables: OpenTables) {
  const steps = slices.map((slice) => stepOf(load, slice))
  for (const { step } of steps) tables.begins(step)
  const send = (session: Session, from: number, to: number) =>
    session.copy(
      Buffer.concat(steps.slice(from, to).flatMap(({ step }) => [copySql(step), NEWLINE])),
      slices.slice(from, to).map(kept),
    )
  const run = async (session: Session) => {
    try {
      await send(session, 0, slices.length)
    } catch (error) {
      if (!isRefusal(error)) throw error
      for (const [i, { index }] of steps.entries()) {
        await send(session, i, i + 1).catch((refusal: unknown) => load.refusals.add(index, refusal))
      }
    }
    for (const [i, { index, step }] of steps.entries()) {
      const slice = slices[i]
      if (slice) load.progress.sent(index, slice.bytes.length, true)
      slice?.done()
      tables.ends(step, true)
    }
  }
  return { run }
}

function copySql(step: PlannedCopy | PlannedData): Buffer {
  return step.step === 'copy' ? Buffer.from(step.text, step.raw ? 'latin1' : 'utf8') : sql('')
}

/** Whole rows of one table, INSERTs, or whole large objects: what one session does in one go. */
class Unit {
  complete = false
  private readonly load: Load
  private readonly feed = new SliceFeed()
  private readonly tables: OpenTables
  private readonly index: number
  private readonly step: PlannedCopy | PlannedData
  private readonly ranges: number[] = []
  private last = false

  constructor(load: Load, first: Slice, tables: OpenTables) {
    this.load = load
    this.tables = tables
    const { index, step } = stepOf(load, first)
    this.index = index
    this.step = step
    tables.begins(step)
  }

  take(slice: Slice): void {
    if (this.ranges.at(-1) !== slice.range) this.ranges.push(slice.range)
    this.feed.push({ ...slice, done: () => this.sent(slice) })
    this.complete = this.step.step === 'copy' ? slice.whole : slice.ends && this.isClosed(slice.range)
    if (slice.ends) this.last = this.isLast(slice.range)
    if (this.complete) this.feed.end()
  }

  giveUp(): void {
    this.feed.end()
  }

  async run(session: Session): Promise<void> {
    const { step } = this
    try {
      if (step.step === 'copy') await session.copy(copySql(step), [this.feed])
      else await this.runStatements(session, step)
    } catch (error) {
      this.load.refusals.add(this.index, error)
      for (let rest = await this.feed.next(); rest; rest = await this.feed.next()) rest.done()
    }
    this.tables.ends(step, this.last)
  }

  private async runStatements(session: Session, step: PlannedData): Promise<void> {
    const largeObjects = step.table === null
    if (largeObjects) await session.run(sql('BEGIN'))
    try {
      for (let at = 0; at < this.ranges.length || !this.complete; at++) {
        const range = await this.rangeAt(at)
        if (range === null) break
        await session.runFed(range.to - range.from, this.feed)
      }
    } catch (error) {
      if (largeObjects && isRefusal(error)) await session.run(sql('ROLLBACK'))
      throw error
    }
    if (largeObjects) await session.run(sql('COMMIT'))
  }

  private async rangeAt(at: number): Promise<{ from: number; to: number } | null> {
    const slice = this.ranges[at] === undefined ? await this.feed.peek() : null
    const range = this.ranges[at] ?? slice?.range
    return range === undefined ? null : (this.load.slices.ranges[range] ?? null)
  }

  private sent(slice: Slice): void {
    this.load.progress.sent(this.index, slice.bytes.length, slice.ends && this.isLast(slice.range))
    slice.done()
  }

  private isClosed(range: number): boolean {
    if (this.step.step === 'copy' || this.step.table) return true
    const to = this.load.slices.ranges[range]?.to
    return this.step.cuts.find(({ at }) => at === to)?.closed ?? true
  }

  private isLast(range: number): boolean {
    return this.load.slices.ranges[range]?.to === this.step.to
  }
}

/** Which tables still wait for rows. */
class OpenTables {
  private readonly load: Load
  /** Blocks of data that the plan has for a table and that are not wholly sent yet, and pieces that are being loaded. */
  private readonly blocks = new Map<string, number>()
  private readonly pieces = new Map<string, number>()

  constructor(load: Load) {
    this.load = load
    const { from, to } = load.segment
    for (const step of load.plan.steps.slice(from, to)) {
      const table = keyOf(step)
      if (table !== null) this.blocks.set(table, (this.blocks.get(table) ?? 0) + 1)
    }
  }

  begins(step: PlannedCopy | PlannedData): void {
    this.count(this.pieces, step, 1)
  }

  /** A piece was loaded. `last`: it was the last one of its block in the file. */
  ends(step: PlannedCopy | PlannedData, last: boolean): void {
    this.count(this.pieces, step, -1)
    if (last) this.count(this.blocks, step, -1)
    const table = keyOf(step)
    if (table !== null && this.pieces.get(table) === 0 && this.blocks.get(table) === 0) this.load.onTableLoaded(table)
  }

  private count(counts: Map<string, number>, step: PlannedCopy | PlannedData, by: number): void {
    const table = keyOf(step)
    if (table !== null) counts.set(table, (counts.get(table) ?? 0) + by)
  }
}

/** The table whose data a step carries. */
export function keyOf(step: DumpPlan['steps'][number]): string | null {
  switch (step.step) {
    case 'statement':
      return null
    case 'copy':
      return tableKey(step.schema, step.name)
    case 'data':
      return step.table && tableKey(step.table.schema, step.table.name)
  }
}
