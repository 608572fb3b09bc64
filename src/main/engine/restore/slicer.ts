import type { DumpPlan, PlannedEncoding } from '../dump/plan.ts'
import type { TextSink } from '../dump/text.ts'

/** A stretch of the dump's text that carries data. `lines`: rows of a COPY, which may be cut at each end of a line. */
export type SliceRange = { step: number; from: number; to: number; lines: boolean }

/** Takes the bytes of the ranges, in order: all of one before the next begins. */
export interface SliceSink {
  bytes(range: number, bytes: Uint8Array): void
  ends(range: number): void
}

/** Where a plan's data lies, in the order of the file. */
export function dataRanges(plan: DumpPlan): SliceRange[] {
  return plan.steps.flatMap((step, index): SliceRange[] => {
    switch (step.step) {
      case 'statement':
        return []
      case 'copy':
        return [{ step: index, from: step.from, to: step.to, lines: true }]
      case 'data':
        return step.cuts.map(({ at }, i) => {
          const from = step.cuts[i - 1]?.at ?? step.from
          return { step: index, from, to: at, lines: false }
        })
    }
  })
}

/** Cuts the data out of a dump's text by the plan's offsets; nothing is parsed a second time. */
export class Slicer implements TextSink {
  encoding: string | null = null
  utf8 = true
  /** A zero byte ends nothing here: the reader has judged it. */
  readonly inRows = true
  readonly linePlace = { line: 0, byte: null }
  private readonly ranges: readonly SliceRange[]
  private readonly encodings: readonly PlannedEncoding[]
  private readonly sink: SliceSink
  private at = 0
  private range = 0
  private switches = 0
  private changed: string | null = null

  constructor(ranges: readonly SliceRange[], encodings: readonly PlannedEncoding[], sink: SliceSink) {
    this.ranges = ranges
    this.encodings = encodings
    this.sink = sink
  }

  /** Whether no more bytes are needed. */
  get over(): boolean {
    return this.range === this.ranges.length
  }

  push(piece: Uint8Array): number {
    const change = this.encodings[this.switches]
    const end = Math.min(this.at + piece.length, change?.at ?? Infinity)
    const taken = end - this.at
    this.cut(piece, end)
    this.at = end
    if (change?.at === end) {
      this.switches++
      this.encoding = change.name
      this.changed = change.name
    }
    return taken
  }

  takeEncoding(): string | null {
    const name = this.changed
    this.changed = null
    return name
  }

  rebase(): void {}
  cannotCompare(): void {}
  badText(): void {}

  private cut(piece: Uint8Array, end: number): void {
    while (true) {
      const range = this.ranges[this.range]
      if (!range || range.from > end) return
      const from = Math.max(range.from, this.at) - this.at
      const to = Math.min(range.to, end) - this.at
      if (to > from) this.sink.bytes(this.range, piece.subarray(from, to))
      if (range.to > end) return
      this.sink.ends(this.range)
      this.range++
    }
  }
}
