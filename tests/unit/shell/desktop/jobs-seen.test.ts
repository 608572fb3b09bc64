import { describe, expect, test } from 'vitest'
import { JobsSeen, progressOf } from '../../../../src/main/shell/desktop/jobs-seen.ts'
import { jobRow } from '../job-row.ts'

describe('the jobs that run', () => {
  test('come and go, and each end is told once', () => {
    const jobs = new JobsSeen()
    expect(jobs.take(jobRow({ state: 'queued' }))).toBeNull()
    expect(jobs.take(jobRow())).toBeNull()
    expect(jobs.running).toHaveLength(1)
    const end = jobRow({ state: 'failed' })
    expect(jobs.take(end)).toBe(end)
    expect(jobs.running).toHaveLength(0)
    expect(jobs.take(end)).toBeNull()
  })
  test('an old job in a list is no end', () => {
    expect(new JobsSeen().take(jobRow({ state: 'done' }))).toBeNull()
  })
  test('are gone with the engine', () => {
    const jobs = new JobsSeen()
    jobs.take(jobRow())
    jobs.clear()
    expect(jobs.running).toHaveLength(0)
  })
})

describe('the bar in the taskbar', () => {
  test('is not there when nothing runs', () => expect(progressOf([])).toEqual({ kind: 'none' }))
  test('adds up what is known', () => {
    const jobs = [jobRow({ bytesDone: 10, bytesTotal: 100 }), jobRow({ bytesDone: 90, bytesTotal: 100 })]
    expect(progressOf(jobs)).toEqual({ kind: 'fraction', value: 0.5 })
  })
  test.each([null, 0])('invents no end where there is none (%s)', (bytesTotal) => {
    const jobs = [jobRow({ bytesDone: 10, bytesTotal: 100 }), jobRow({ bytesDone: 10, bytesTotal })]
    expect(progressOf(jobs)).toEqual({ kind: 'unknown' })
  })
  test('never runs over', () => {
    expect(progressOf([jobRow({ bytesDone: 300, bytesTotal: 100 })])).toEqual({ kind: 'fraction', value: 1 })
  })
})
