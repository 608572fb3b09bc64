import { describe, expect, test } from 'vitest'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Job } from '#shared/job.ts'
import { moreMayWait, rateOf, underWay, useJobs, withJob } from '../../../../src/renderer/stores/jobs.ts'
import { hoursAgo } from '../../../app/support/sample-data.ts'
import { answer } from '../answers.ts'

const job = (change: Partial<Job>): Job => ({
  id: 'j',
  kind: 'backup',
  state: 'running',
  subject: 'shop/prod',
  serverId: null,
  databaseId: 'd',
  copyIds: [],
  step: 'dump',
  stepDetail: null,
  bytesDone: 0,
  bytesTotal: null,
  rows: 0,
  startedAt: hoursAgo(1),
  endedAt: null,
  lastTook: null,
  failure: null,
  outcome: null,
  ...change,
})

describe('jobs in the window', () => {
  test('a new one comes first, a known one stays at its place', () => {
    const jobs = withJob(withJob([], job({ id: 'a' })), job({ id: 'b' }))
    expect(jobs.map(({ id }) => id)).toEqual(['b', 'a'])
    expect(withJob(jobs, job({ id: 'a', rows: 5 })).map(({ rows }) => rows)).toEqual([0, 5])
  })

  test('an event that was overtaken does not wake a job that is over', () => {
    const over = withJob([], job({ state: 'done', outcome: 'damaged' }))
    expect(withJob(over, job({ state: 'running' }))).toBe(over)
  })

  test('the rate is what came in the last seconds, and nothing is made up', () => {
    expect(rateOf(undefined)).toBeNull()
    expect(rateOf([{ at: 0, bytes: 10 }])).toBeNull()
    expect(
      rateOf([
        { at: 0, bytes: 10 },
        { at: 2000, bytes: 10 },
      ]),
    ).toBeNull()
    expect(
      rateOf([
        { at: 0, bytes: 0 },
        { at: 2000, bytes: 8_000_000 },
      ]),
    ).toBe(4_000_000)
  })

  test('the measuring begins anew when the count does, and ends with the job', () => {
    const { take } = useJobs.getState()
    take(job({ bytesDone: 1000 }), 0)
    take(job({ bytesDone: 2000 }), 1000)
    take(job({ step: 'read', bytesDone: 10 }), 1500)
    expect(useJobs.getState().samples['j']).toEqual([{ at: 1500, bytes: 10 }])
    take(job({ state: 'done' }), 2000)
    expect(useJobs.getState().samples['j']).toBeUndefined()
  })
})

test('a window that stays open does not grow with every job, and forgets none that is not over', () => {
  let jobs: readonly Job[] = []
  for (let n = 0; n < 1000; n += 1) jobs = withJob(jobs, job({ id: `over ${n}`, state: n === 5 ? 'running' : 'done' }))
  expect(jobs.length).toBeLessThan(500)
  expect(jobs[0]?.id).toBe('over 999')
  expect(jobs.at(-1)?.id).toBe('over 5')
})

test('a long line of waiting jobs takes nothing off the past, and is not counted as if it were whole', () => {
  let jobs: readonly Job[] = [job({ id: 'over', state: 'done' })]
  for (let n = 0; n < 450; n += 1) jobs = withJob(jobs, job({ id: `waits ${n}`, state: 'queued' }))
  expect(jobs.at(-1)?.id).toBe('over')
  expect(moreMayWait(jobs.filter(({ state }) => state === 'queued'))).toBe(true)
  expect(moreMayWait(jobs.slice(0, 10))).toBe(false)
})

test('a job that ends after hundreds of younger ones is still there to be seen', () => {
  let jobs: readonly Job[] = [job({ id: 'long' })]
  for (let n = 0; n < 450; n += 1) jobs = withJob(jobs, job({ id: `over ${n}`, state: 'done' }))
  jobs = withJob(jobs, job({ id: 'long', state: 'failed' }))
  expect(jobs.at(-1)).toMatchObject({ id: 'long', state: 'failed' })
  expect(jobs.length).toBeLessThan(450)
})

test('a job that the list does not hold is brought; one that is no longer kept is said to be so', async () => {
  answer({ 'job.show': ({ id }) => job({ id, state: 'failed' }) })
  await useJobs.getState().bring('old')
  expect(useJobs.getState().older).toMatchObject({ id: 'old', job: { id: 'old', state: 'failed' }, failure: null })
  answer({
    'job.show': () => {
      throw new LifeboatFailure('not-found', 'There is no such job.')
    },
  })
  await useJobs.getState().bring('gone')
  expect(useJobs.getState().older).toMatchObject({ id: 'gone', job: null, failure: { kind: 'not-found' } })
})

describe('what is under way already', () => {
  const jobs = [
    job({ id: 'done', state: 'done', databaseId: 'e' }),
    job({ id: 'waits', kind: 'pull', state: 'queued' }),
    job({ id: 'runs' }),
    job({ id: 'proves', kind: 'verify', copyIds: ['c'] }),
  ]
  test('is found behind other work of the same database, also while it waits', () => {
    expect(underWay(jobs, 'backup', { databaseId: 'd' })?.id).toBe('runs')
    expect(underWay(jobs, 'pull', { databaseId: 'd' })?.id).toBe('waits')
    expect(underWay(jobs, 'verify', { copyId: 'c' })?.id).toBe('proves')
  })
  test('is not what has ended, nor the work of others', () => {
    expect(underWay(jobs, 'backup', { databaseId: 'e' })).toBeUndefined()
    expect(underWay(jobs, 'verify', { copyId: 'x' })).toBeUndefined()
    expect(underWay(jobs, 'seal', { databaseId: 'd' })).toBeUndefined()
    expect(underWay(null, 'backup', { databaseId: 'd' })).toBeUndefined()
  })
})
