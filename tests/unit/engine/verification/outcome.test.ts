import { describe, expect, it } from 'vitest'
import type { VerifiedTable, VerifyFinding } from '#shared/verification.ts'
import type { LoadError } from '#engine/restore/restored.ts'
import { errorFinding, rungProofs, worst, type Proven } from '#engine/verification/outcome.ts'

const when = {
  at: new Date('2026-11-23T12:00:00Z'),
  engine: 'docker PostgreSQL 18.1',
  seconds: { restored: 9, exact: 2 },
}

const orders: VerifiedTable = {
  database: null,
  schema: 'public',
  name: 'orders',
  dumpRows: 120,
  restoredRows: 120,
  match: true,
  sourceRows: null,
  sourceMatch: null,
  note: null,
}
const whole: Proven = {
  errors: [],
  objects: [{ kind: 'table', expected: 1, present: 1, valid: 1 }],
  tables: [orders],
  findings: [],
  lost: [],
  holds: { rolesOnly: false, definitionsOnly: false, withoutData: [] },
  source: null,
}
const refused: LoadError = {
  class: 'damage',
  sqlstate: '42601',
  message: 'syntax error',
  why: null,
  statement: 'CREATE TABL',
  database: null,
  table: null,
  place: { line: 12, byte: 300 },
  stepIndex: 3,
}
const finding: VerifyFinding = {
  kind: 'missing',
  class: 'damage',
  detail: 'the index orders_pkey is not there',
  remedy: null,
  table: 'public.orders',
  line: null,
  byte: null,
}

function outcomes(change: Partial<Proven>): string[] {
  return rungProofs({ ...whole, ...change }, when).map(({ rung, outcome }) => `${rung} ${outcome}`)
}

describe('the rungs restored and exact', () => {
  it('are not exact while the source held a table that the dump does not have', () => {
    const lost = ['public.gone: the source held 5 rows in the snapshot, the dump has no such table']
    expect(outcomes({ lost })).toEqual(['restored proven', 'exact damaged'])
    expect(rungProofs({ ...whole, lost }, when)[1].detail).toContain('public.gone')
  })

  it('are proven by an empty list of troubles, and say how much was looked at', () => {
    const [restored, exact] = rungProofs(whole, when)
    expect(restored).toMatchObject({ outcome: 'proven', seconds: 9, engine: 'docker PostgreSQL 18.1' })
    expect(restored.detail).toBe('1 objects are there and valid, no error')
    expect(exact).toMatchObject({ outcome: 'proven', seconds: 2 })
    expect(exact.detail).toContain('1 tables, 120 rows')
  })

  it('are damaged apart from each other: a missing index is not a missing row', () => {
    expect(outcomes({ findings: [finding] })).toEqual(['restored damaged', 'exact proven'])
    expect(outcomes({ tables: [{ ...orders, restoredRows: 119, match: false }] })).toEqual([
      'restored proven',
      'exact damaged',
    ])
  })

  it('are damaged by an error that nothing explains, and not by one that something does', () => {
    expect(outcomes({ errors: [refused] })[0]).toBe('restored damaged')
    expect(outcomes({ errors: [{ ...refused, class: 'explained', why: 'it is there already' }] })[0]).toBe(
      'restored proven',
    )
    expect(outcomes({ errors: [{ ...refused, class: 'unchecked', why: 'PostGIS is not here' }] })[0]).toBe(
      'restored not-checked',
    )
  })

  it('are not proven while an object is neither there nor explained', () => {
    expect(outcomes({ objects: [{ kind: 'trigger', expected: 2, present: 2, valid: 1 }] })[0]).toBe(
      'restored not-checked',
    )
  })

  it('are damaged where the source held something else, and not proven where a table could not be compared', () => {
    expect(outcomes({ tables: [{ ...orders, sourceRows: 121, sourceMatch: false }] })[1]).toBe('exact damaged')
    expect(outcomes({ tables: [orders, { ...orders, match: null, note: 'its zone is not known' }] })[1]).toBe(
      'exact not-checked',
    )
    expect(rungProofs({ ...whole, tables: [{ ...orders, sourceRows: 121, sourceMatch: false }] }, when)[1].detail).toBe(
      'public.orders: the source held 121 rows in the snapshot, the dump holds 120',
    )
  })

  it('say of a dump of ours how far the source was looked at', () => {
    const said = (change: Partial<Proven>) => rungProofs({ ...whole, ...change }, when)[1].detail
    const compared = { ...orders, sourceRows: 120, sourceMatch: true }
    const note = 'the connection was lost'
    expect(said({ source: { note } })).toMatch(/the dump's; the source was not compared: the connection was lost$/)
    expect(said({ source: { note }, tables: [] })).toMatch(/; the source was not compared: the connection was lost$/)
    expect(said({ source: { note }, tables: [compared, orders, orders] })).toMatch(
      /; only 1 of the 3 were compared with the source and equal it: the connection was lost$/,
    )
    expect(said({ source: { note: null }, tables: [compared, compared] })).toMatch(/; all of them equal the source/)
    // of a backup nobody could count it, and without tables nothing is to be counted
    expect(said({})).toMatch(/the dump's$/)
    expect(said({ source: { note: null }, tables: [] })).toMatch(/the dump's$/)
  })

  it('say damage before doubt', () => {
    const unchecked: VerifyFinding = { ...finding, class: 'unchecked' }
    expect(outcomes({ findings: [unchecked, finding] })[0]).toBe('restored damaged')
  })

  it('are not touched by warnings', () => {
    expect(outcomes({ findings: [{ ...finding, class: 'warning' }] })).toEqual(['restored proven', 'exact proven'])
  })
})

it('the worst of several outcomes counts, and nothing at all proves nothing', () => {
  expect(worst(['proven', 'not-checked', 'damaged'])).toBe('damaged')
  expect(worst(['proven', 'not-checked'])).toBe('not-checked')
  expect(worst(['proven', 'proven'])).toBe('proven')
  expect(worst([])).toBe('not-checked')
})

it('an error becomes a finding with its place, and what is missing here becomes the remedy', () => {
  expect(
    errorFinding({ ...refused, class: 'unchecked', why: 'Use Docker with an image that has PostGIS.' }),
  ).toMatchObject({
    class: 'unchecked',
    line: 12,
    byte: 300,
    remedy: 'Use Docker with an image that has PostGIS.',
  })
})
