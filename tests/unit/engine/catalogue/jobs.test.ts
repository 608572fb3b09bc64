import { expect, test } from 'vitest'
import { catalogueIn, noon, scratch, someJob } from '../../../support/copies.ts'

const owner = { pid: 4711, startToken: 'boot:1' }

const ended = (seconds: number): string => new Date(noon().getTime() + seconds * 1000).toISOString()

test('jobs are listed latest first by the order in which they began, whatever the clock said', () => {
  const { jobs } = catalogueIn(scratch())
  jobs.insert(someJob('first', { state: 'done' }), owner)
  jobs.insert(someJob('second', { state: 'done', startedAt: ended(-86_400) }), owner)
  expect(jobs.list(10).map(({ id }) => id)).toEqual(['second', 'first'])
  expect(jobs.list(1)).toHaveLength(1)
})

test('a list names what runs and what is next also behind a long line', () => {
  const { jobs } = catalogueIn(scratch())
  jobs.insert(someJob('over', { state: 'done', endedAt: ended(1) }), owner)
  jobs.insert(someJob('runs', { state: 'running' }), owner)
  for (let n = 0; n < 9; n += 1) jobs.insert(someJob(`waits ${n}`, { state: 'queued' }), owner)
  expect(jobs.list(2).map(({ id }) => id)).toEqual(['waits 8', 'waits 7', 'waits 1', 'waits 0', 'runs'])
})

test('how long it took last time is that of the last success of the same kind on the same subject', () => {
  const { jobs } = catalogueIn(scratch())
  expect(jobs.lastTook('backup', 'shop/prod')).toBeNull()
  for (const [id, seconds, state] of [
    ['a', 10, 'done'],
    ['b', 20, 'done'],
    ['c', 1, 'failed'],
    ['d', 2, 'cancelled'],
  ] as const) {
    jobs.insert(someJob(id), owner)
    jobs.update(someJob(id, { state, endedAt: ended(seconds) }))
  }
  jobs.insert(someJob('e', { kind: 'pull', state: 'done', endedAt: ended(3) }), owner)
  expect(jobs.lastTook('backup', 'shop/prod')).toBe(20)
  expect(jobs.lastTook('backup', 'shop/test')).toBeNull()
})

test('a clock that was set back makes no negative duration', () => {
  const { jobs } = catalogueIn(scratch())
  jobs.insert(someJob('a', { state: 'done', endedAt: ended(-86_400) }), owner)
  expect(jobs.lastTook('backup', 'shop/prod')).toBe(0)
})

test('orphans are the jobs that are under way in the row and in no process', () => {
  const { jobs } = catalogueIn(scratch())
  jobs.insert(someJob('dead'), owner)
  jobs.insert(someJob('waiting', { state: 'queued' }), owner)
  jobs.insert(someJob('alive'), { pid: 1, startToken: 'x' })
  jobs.insert(someJob('over', { state: 'done', endedAt: ended(1) }), owner)
  expect(jobs.orphans(({ pid }) => pid === 1).map(({ id }) => id)).toEqual(['dead', 'waiting'])
})

test('a log keeps its latest lines, each of a bounded length', () => {
  const { jobs, exclusively } = catalogueIn(scratch())
  jobs.insert(someJob('a'), owner)
  exclusively(() => {
    for (let n = 0; n < 2010; n += 1) jobs.appendLog('a', noon().toISOString(), `line ${n}`)
  })
  jobs.appendLog('a', noon().toISOString(), 'x'.repeat(1_000_000))
  jobs.appendLog('unknown', noon().toISOString(), 'nobody reads this')
  const log = jobs.log('a')
  expect(log).toHaveLength(2000)
  expect(log.at(-2)?.text).toBe('line 2009')
  expect(log.at(-1)?.text.length).toBeLessThan(5000)
  expect(jobs.log('unknown')).toEqual([])
})

test('the end of a job has a row also after the catalogue it was begun in was set aside', () => {
  const { jobs } = catalogueIn(scratch())
  const done = someJob('begun before', { state: 'done' })
  jobs.put(done, owner)
  expect(jobs.get(done.id)).toEqual(done)
  jobs.put({ ...done, state: 'failed' }, owner)
  expect(jobs.list(10)).toEqual([{ ...done, state: 'failed' }])
})
