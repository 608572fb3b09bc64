import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LiveTable, LiveVerification } from '#shared/verification.ts'
import { collect, liveFrom, merged, stateOf, tallyOf } from '../../../../src/renderer/stores/live-verification.ts'
import { rateOf } from '../../../../src/renderer/stores/jobs.ts'
import { liveVerification } from '../../../app/support/sample-verification.ts'

const table = (name: string, change: Partial<LiveTable> = {}): LiveTable => ({
  database: null,
  schema: 'public',
  name,
  rows: 100,
  loaded: 0,
  indexes: 2,
  built: 0,
  match: null,
  ...change,
})
const event = (tables: LiveTable[], change: Partial<LiveVerification> = {}): LiveVerification => ({
  ...liveVerification('v1', 'load', 0, 0),
  ...change,
  tables,
})

/** As the store does it: several events, drawn at once. */
function drawn(before: ReturnType<typeof liveFrom>, events: LiveVerification[], at = 100) {
  const waiting = new Map<string, LiveTable>()
  for (const each of events) collect(waiting, each)
  const last = events.at(-1)
  return last ? merged(before, last, waiting.values(), at) : before
}

describe('events of a verification', () => {
  test('change the tables that they name; the others stay the very same', () => {
    const before = liveFrom(event([table('a'), table('b'), table('c')]), 0)
    const after = drawn(before, [event([table('b', { loaded: 40 })]), event([table('b', { loaded: 60 })])])
    expect(after.tables.map(({ name, loaded }) => [name, loaded])).toEqual([
      ['a', 0],
      ['b', 60],
      ['c', 0],
    ])
    expect(after.tables[0]).toBe(before.tables[0])
    expect(after.tables[2]).toBe(before.tables[2])
  })

  test('bring tables that were not known yet, and the largest stay on top', () => {
    const after = drawn(liveFrom(event([]), 0), [
      event([table('small', { rows: 1 })]),
      event([table('large', { rows: 9 })]),
    ])
    expect(after.tables.map(({ name }) => name)).toEqual(['large', 'small'])
    const again = drawn(after, [event([table('small', { rows: 1, match: true })])])
    expect(again.tables.map(({ name, match }) => [name, match])).toEqual([
      ['large', null],
      ['small', true],
    ])
  })

  test('tell tables of one name in two schemas or databases apart', () => {
    const three = [table('a'), table('a', { schema: 'b' }), table('a', { database: 'x' })]
    const after = drawn(liveFrom(event(three), 0), [event([table('a', { schema: 'b', loaded: 7 })])])
    expect(after.tables.filter(({ loaded }) => loaded === 7)).toHaveLength(1)
  })

  test('end in the state of the last word on each table, however they are cut into frames', () => {
    const change = fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), loaded: fc.nat(100) })
    fc.assert(
      fc.property(fc.array(fc.array(fc.array(change))), (frames) => {
        const events = (frame: (typeof frames)[number]) =>
          frame.map((changes) => event(changes.map(({ name, loaded }) => table(name, { loaded }))))
        const end = frames.reduce((live, frame) => drawn(live, events(frame)), liveFrom(event([]), 0))
        const last = new Map(frames.flat(2).map(({ name, loaded }) => [name, loaded]))
        expect(new Map(end.tables.map(({ name, loaded }) => [name, loaded]))).toEqual(last)
      }),
    )
  })

  test('give a rate within one step, and none over two', () => {
    const start = liveFrom(event([], { bytes: 0 }), 0)
    const loading = drawn(start, [event([], { bytes: 40_000_000 })], 1000)
    expect(rateOf(loading.samples)).toBe(40_000_000)
    const next = drawn(loading, [event([], { step: 'keys', bytes: 41_000_000 })], 2000)
    expect(rateOf(next.samples)).toBeNull()
  })
})

describe('a table', () => {
  test.each([
    [table('a'), 'schema', 'waiting'],
    [table('a', { rows: 0 }), 'schema', 'waiting'],
    [table('a'), 'load', 'waiting'],
    [table('a', { loaded: 1 }), 'load', 'loading'],
    [table('a', { loaded: 100, built: 1 }), 'load', 'building'],
    [table('a', { rows: 0, indexes: 0 }), 'load', 'loaded'],
    [table('a', { loaded: 100, built: 2 }), 'load', 'loaded'],
    [table('a', { loaded: 100, match: true }), 'prove', 'equal'],
    [table('a', { loaded: 99, match: false }), 'prove', 'differs'],
  ] as const)('%j in step %s is %s', (each, step, state) => {
    expect(stateOf(each, step)).toBe(state)
  })

  test('is counted as loaded only when it is, and as equal only when it was compared', () => {
    const tables = [table('a', { loaded: 100, built: 2 }), table('b', { loaded: 99 }), table('c', { match: false })]
    expect(tallyOf({ tables, step: 'load' })).toEqual({ tables: 3, loaded: 2, compared: 1, differing: 1 })
  })
})
