import { beforeEach, expect, test, vi } from 'vitest'
import type { LiveTable } from '#shared/verification.ts'
import { useVerification } from '../../../../src/renderer/stores/verification.ts'
import { copy, copyRows, hoursAgo, sample } from '../../../app/support/sample-data.ts'
import { liveVerification, verification } from '../../../app/support/sample-verification.ts'
import { jobRow } from '../../shell/job-row.ts'
import { answer } from '../answers.ts'

const shown = sample(copyRows(1), 0)
const table = (name: string, match: boolean | null): LiveTable => ({
  database: null,
  schema: 'public',
  name,
  rows: 10,
  loaded: 10,
  indexes: 0,
  built: 0,
  match,
})
const whole = (tables: LiveTable[]) => ({ ...liveVerification('v', 'prove', 0, 0), copyId: shown.id, tables })
const running = jobRow({ id: 'v', kind: 'verify', copyIds: [shown.id] })
const over = { ...running, state: 'done' as const, outcome: 'proven' as const, endedAt: hoursAgo(0) }
const state = useVerification.getState

beforeEach(() => {
  useVerification.setState(useVerification.getInitialState())
  vi.stubGlobal('requestAnimationFrame', (draw: () => void) => queueMicrotask(draw))
})

test('what is told after the whole state and before the rest was read is not lost', async () => {
  const rest = Promise.withResolvers<void>()
  answer({
    'job.show': () => running,
    'verify.live': () => whole([table('a', null), table('b', null)]),
    'verify.result': () => null,
    'copy.show': async () => {
      await rest.promise
      return copy(shown)
    },
  })
  const opened = state().open('v')
  await expect.poll(() => state().live?.tables.length).toBe(2)
  state().take(whole([table('b', true)]))
  await expect.poll(() => state().live?.tables.map(({ match }) => match)).toEqual([null, true])
  rest.resolve()
  await opened
  expect(state().live?.tables.map(({ match }) => match)).toEqual([null, true])
})

test('the end of a verification is told together with what came out of it', async () => {
  const result = Promise.withResolvers<void>()
  const reading = { 'job.show': () => running, 'verify.live': () => whole([]), 'copy.show': () => copy(shown) }
  answer({ ...reading, 'verify.result': () => null })
  await state().open('v')
  answer({
    ...reading,
    'job.show': () => over,
    'verify.live': () => null,
    'verify.result': async () => {
      await result.promise
      return verification('v', 'proven', hoursAgo(0))
    },
  })
  state().follow(over)
  expect(state()).toMatchObject({ job: { state: 'running' }, result: null })
  result.resolve()
  await expect.poll(() => state().job?.state).toBe('done')
  expect(state().result).not.toBeNull()
})

test('an end whose result can not be read is an end all the same, with the reason', async () => {
  answer({ 'job.show': () => running, 'verify.live': () => null, 'verify.result': () => null })
  await state().open('v')
  answer({})
  state().follow(over)
  await expect.poll(() => state().job?.state).toBe('done')
  expect(state().failure).not.toBeNull()
})
