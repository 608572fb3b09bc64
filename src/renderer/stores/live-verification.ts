import type { LiveTable, LiveVerification } from '#shared/verification.ts'

interface Sample {
  /** milliseconds on a clock that never jumps */
  at: number
  bytes: number
}

/** A verification under way as the window knows it: the last event, and every table, the largest first. */
export interface Live extends Omit<LiveVerification, 'tables'> {
  tables: readonly LiveTable[]
  /** where each table stands in `tables`, by its key */
  places: ReadonlyMap<string, number>
  /** what was read or loaded over the last seconds of this step */
  samples: readonly Sample[]
}

const rateWindow = 4_000

const keyOf = ({ database, schema, name }: LiveTable): string => `${database ?? ''}\0${schema}\0${name}`

/** A whole state, as `verify.live` gives it. */
export function liveFrom(state: LiveVerification, at: number): Live {
  return {
    ...state,
    ...ordered(state.tables),
    samples: [{ at, bytes: state.bytes }],
  }
}

/**
 * What events have told since then. `changed` may hold the tables of many events: the last word on each of them.
 * Tables that did not change stay the same objects, so that their rows need not be drawn again.
 */
export function merged(before: Live, head: LiveVerification, changed: Iterable<LiveTable>, at: number): Live {
  const tables = before.tables.slice()
  const fresh: LiveTable[] = []
  for (const table of changed) {
    const place = before.places.get(keyOf(table))
    if (place === undefined) fresh.push(table)
    else tables[place] = table
  }
  const placed = fresh.length === 0 ? { tables, places: before.places } : ordered([...tables, ...fresh])
  return { ...head, ...placed, samples: sampled(before, head, at) }
}

/** The tables of several events that wait for the next frame, each at its latest. */
export function collect(waiting: Map<string, LiveTable>, event: LiveVerification): void {
  for (const table of event.tables) waiting.set(keyOf(table), table)
}

function ordered(all: readonly LiveTable[]): Pick<Live, 'tables' | 'places'> {
  const tables = all.toSorted((a, b) => b.rows - a.rows || (keyOf(a) < keyOf(b) ? -1 : 1))
  return { tables, places: new Map(tables.map((table, index) => [keyOf(table), index])) }
}

function sampled(before: Live, head: LiveVerification, at: number): Sample[] {
  // Each step counts its own bytes: a rate over two of them would mean nothing.
  const same = before.step === head.step && (before.samples.at(-1)?.bytes ?? 0) <= head.bytes
  const kept = same ? before.samples.filter((sample) => at - sample.at <= rateWindow) : []
  return [...kept, { at, bytes: head.bytes }]
}

export type TableState = 'waiting' | 'loading' | 'building' | 'loaded' | 'equal' | 'differs'

/** How far a table has come. A table without rows is not taken for loaded before loading has begun. */
export function stateOf(table: LiveTable, step: LiveVerification['step']): TableState {
  if (table.match !== null) return table.match ? 'equal' : 'differs'
  if (step === 'read' || step === 'sandbox' || step === 'schema') return 'waiting'
  if (table.loaded < table.rows) return table.loaded > 0 ? 'loading' : 'waiting'
  return table.built < table.indexes ? 'building' : 'loaded'
}

export interface Tally {
  tables: number
  loaded: number
  compared: number
  differing: number
}

export function tallyOf({ tables, step }: Pick<Live, 'tables' | 'step'>): Tally {
  const tally: Tally = { tables: tables.length, loaded: 0, compared: 0, differing: 0 }
  for (const table of tables) {
    const state = stateOf(table, step)
    if (state !== 'waiting' && state !== 'loading') tally.loaded += 1
    if (state === 'equal' || state === 'differs') tally.compared += 1
    if (state === 'differs') tally.differing += 1
  }
  return tally
}
