import { beforeEach, expect, test } from 'vitest'
import type { Comparison } from '#shared/verification.ts'
import { useComparison } from '../../../../src/renderer/stores/comparison.ts'
import { copy, copyRows, hoursAgo, sample } from '../../../app/support/sample-data.ts'
import { jobRow } from '../../shell/job-row.ts'
import { answer } from '../answers.ts'

const rows = copyRows(3)
const shown = sample(rows, 0)
const counted: Comparison = {
  left: { copyId: shown.id, takenAt: shown.takenAt },
  right: { kind: 'source', databaseId: 'd', takenAt: hoursAgo(0) },
  tables: [],
}
const reading = {
  'copy.show': () => copy(shown),
  'copy.list': () => ({ total: rows.length, copies: rows }),
  'compare.copies': () => ({ ...counted, right: { kind: 'copy' as const, copyId: 'x', takenAt: hoursAgo(1) } }),
}
const state = useComparison.getState

beforeEach(() => useComparison.setState(useComparison.getInitialState()))

test('what was counted at the source is still there for whoever leaves and comes back', async () => {
  answer({ ...reading, 'compare.source': () => ({ jobId: 'j' }), 'compare.result': () => counted })
  await state().open(shown.id, null)
  await state().choose('source')
  await state().count()
  await state().open(shown.id, null)
  expect(state()).toMatchObject({ other: 'source', jobId: 'j' })
  await state().take('j')
  await state().open(shown.id, null)
  expect(state().result).toEqual(counted)
})

test('a count is shown by its job, also after another copy was looked at', async () => {
  answer({ ...reading, 'compare.result': () => counted })
  await state().open(shown.id, 'j')
  expect(state()).toMatchObject({ other: 'source', jobId: 'j', result: null })
  await state().take('j')
  expect(state().result).toEqual(counted)
})

test('a result that the engine no longer has is to be counted again; one that is under way is waited for', async () => {
  answer({ ...reading, 'compare.result': () => null, 'job.show': () => jobRow({ id: 'j', state: 'running' }) })
  await state().open(shown.id, 'j')
  await state().take('j')
  expect(state().jobId).toBe('j')
  answer({ ...reading, 'compare.result': () => null, 'job.show': () => jobRow({ id: 'j', state: 'done' }) })
  await state().take('j')
  expect(state()).toMatchObject({ other: 'source', jobId: null, result: null, loading: false, failure: null })
})

test('the same copy again: its list is read anew, its result stays, a failure does not', async () => {
  answer(reading)
  await state().open(shown.id, null)
  const { other, result } = state()
  expect(result).not.toBeNull()
  const younger = { ...sample(rows, 1), id: 'younger' }
  const calls = answer({ ...reading, 'copy.list': () => ({ total: 4, copies: [younger, ...rows] }) })
  await state().open(shown.id, null)
  expect(state()).toMatchObject({ other, result })
  expect(state().others?.[0]?.id).toBe('younger')
  expect(calls).not.toContain('compare.copies')
  answer({ ...reading, 'compare.copies': () => Promise.reject(new Error('line lost')) })
  await state().choose('younger')
  expect(state().failure).not.toBeNull()
  answer({ ...reading, 'copy.list': () => ({ total: 4, copies: [younger, ...rows] }) })
  await state().open(shown.id, null)
  expect(state()).toMatchObject({ other: 'younger', failure: null, loading: false })
  expect(state().result).not.toBeNull()
})

test('a copy that it stood beside and that is gone makes room for the next one', async () => {
  answer(reading)
  await state().open(shown.id, null)
  const gone = state().other
  const left = rows.filter(({ id }) => id !== gone)
  answer({ ...reading, 'copy.list': () => ({ total: left.length, copies: left }) })
  await state().open(shown.id, null)
  expect(state().other).toBe(left.find(({ id }) => id !== shown.id)?.id)
  expect(state().result).not.toBeNull()
  answer({ ...reading, 'copy.list': () => ({ total: 1, copies: [shown] }) })
  await state().open(shown.id, null)
  expect(state()).toMatchObject({ other: null, result: null, loading: false })
})

test('of two that are opened at once, the later one is shown, without the count of the other', async () => {
  const slow = Promise.withResolvers<void>()
  const second = sample(rows, 1)
  answer({
    ...reading,
    'copy.show': async ({ id }) => {
      if (id === shown.id) await slow.promise
      return copy(id === shown.id ? shown : second)
    },
  })
  const first = state().open(shown.id, 'j')
  await state().open(second.id, null)
  slow.resolve()
  await first
  expect(state()).toMatchObject({ copy: { id: second.id }, jobId: null })
  expect(state().other).not.toBe('source')
})
