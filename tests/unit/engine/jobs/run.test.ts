import { describe, expect, it } from 'vitest'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Job, LogLine } from '#shared/job.ts'
import { createJobs, type JobShelf, type JobTools, type NewJob } from '#engine/jobs/run.ts'

const wanted: NewJob = { kind: 'backup', subject: 'shop/prod', key: 'database:1' }

function shelf(): JobShelf & { rows: Map<string, Job>; lines: string[] } {
  const rows = new Map<string, Job>()
  const lines: string[] = []
  return {
    rows,
    lines,
    insert: (job) => void rows.set(job.id, job),
    update: (job) => void rows.set(job.id, job),
    get: (id) => rows.get(id),
    appendLog: (_id: string, line: LogLine) => void lines.push(line.text),
    lastTook: () => null,
  }
}

function jobsWith(atOnce = 3) {
  const kept = shelf()
  const events: Job[] = []
  const jobs = createJobs({
    shelf: kept,
    now: () => new Date('2026-01-02T03:04:05Z'),
    onJob: (job) => events.push(job),
    atOnce,
    writeAgainMs: 10,
  })
  return { jobs, kept, events }
}

const untilAborted = ({ signal }: JobTools): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

describe('jobs', () => {
  it('keeps the outcome in the row before anybody is told', async () => {
    const { jobs, kept, events } = jobsWith()
    const { id } = jobs.start(wanted, async ({ report }) => {
      report.step('dump')
      report.copy('abc')
      return { outcome: 'proven' }
    })
    const ended = await jobs.ended(id)
    expect(ended).toMatchObject({ state: 'done', outcome: 'proven', copyIds: ['abc'], step: 'dump' })
    expect(kept.rows.get(id)).toEqual(ended)
    expect(events.map((event) => event.state)).toEqual(['queued', 'running', 'running', 'running', 'done'])
  })

  it('tells a failure with its remedy, and keeps the copies that were complete before it', async () => {
    const { jobs } = jobsWith()
    const { id } = jobs.start(wanted, async ({ report }) => {
      report.copy('first')
      throw new LifeboatFailure('disk-full', 'No space is left.', { detail: 'PASSWORD=hunter2' })
    })
    const ended = await jobs.ended(id)
    expect(ended).toMatchObject({ state: 'failed', copyIds: ['first'], failure: { kind: 'disk-full', retry: 'later' } })
    expect(ended.failure?.remedy).not.toBe('')
    expect(JSON.stringify(ended)).not.toContain('hunter2')
  })

  it('calls what was cancelled cancelled, also when the work ends with its own words', async () => {
    const { jobs, kept } = jobsWith()
    const { id } = jobs.start(wanted, async (tools) => {
      await untilAborted(tools)
      return {}
    })
    await Promise.resolve()
    expect(jobs.cancel(id)).toBe(true)
    expect(await jobs.ended(id)).toMatchObject({ state: 'cancelled', failure: null })
    expect(kept.rows.get(id)?.endedAt).not.toBeNull()
  })

  it('does not call a failure a cancellation when nobody cancelled', async () => {
    const { jobs } = jobsWith()
    const { id } = jobs.start(wanted, async () => {
      throw new LifeboatFailure('cancelled', 'The transfer was given up.')
    })
    expect(await jobs.ended(id)).toMatchObject({ state: 'failed' })
  })

  it('runs jobs with one key in order and others beside them', async () => {
    const { jobs } = jobsWith()
    const first = Promise.withResolvers<void>()
    const seen: string[] = []
    const a = jobs.start(wanted, async () => {
      seen.push('a')
      await first.promise
      return {}
    })
    const b = jobs.start(wanted, async () => {
      seen.push('b')
      return {}
    })
    const other = jobs.start({ ...wanted, key: 'database:2' }, async () => {
      seen.push('other')
      return {}
    })
    await jobs.ended(other.id)
    expect(seen).toEqual(['a', 'other'])
    first.resolve()
    await jobs.ended(a.id)
    await jobs.ended(b.id)
    expect(seen).toEqual(['a', 'other', 'b'])
  })

  it('never runs what was cancelled while it waited', async () => {
    const { jobs } = jobsWith(1)
    const a = jobs.start(wanted, async (tools) => {
      await untilAborted(tools)
      return {}
    })
    let ran = false
    const b = jobs.start({ ...wanted, key: 'database:2' }, async () => {
      ran = true
      return {}
    })
    jobs.cancel(b.id)
    expect(await jobs.ended(b.id)).toMatchObject({ state: 'cancelled' })
    jobs.cancel(a.id)
    await jobs.ended(a.id)
    expect(ran).toBe(false)
  })

  it('stops in order: everything is over when it returns, and nothing new is begun', async () => {
    const { jobs, kept } = jobsWith(1)
    jobs.start(wanted, async (tools) => {
      await untilAborted(tools)
      return {}
    })
    jobs.start({ ...wanted, key: 'x' }, async () => ({}))
    await jobs.stop()
    expect([...kept.rows.values()].map((job) => job.state)).toEqual(['cancelled', 'cancelled'])
    expect(() => jobs.start(wanted, async () => ({}))).toThrow(/closing/)
  })

  it('shows bytes at most ten times a second and never loses a step', async () => {
    const { jobs, events } = jobsWith()
    const { id } = jobs.start(wanted, async ({ report }) => {
      for (let done = 1; done <= 5000; done++) report.bytes(done, null)
      report.step('store')
      return {}
    })
    const ended = await jobs.ended(id)
    expect(ended.bytesDone).toBe(5000)
    expect(events.filter((event) => event.bytesDone > 0 && event.step === 'queued').length).toBeLessThan(20)
    expect(events.some((event) => event.step === 'store' && event.bytesDone === 5000)).toBe(true)
  })

  it('ends a job whose row can not be written, tells it as failed, and runs the next one', async () => {
    const { jobs, kept } = jobsWith()
    const write = kept.update
    const refuse = (): never => {
      throw new LifeboatFailure('catalogue-busy', 'The catalogue is held by another program.')
    }
    kept.update = refuse
    kept.appendLog = refuse
    const { id } = jobs.start(wanted, async ({ report }) => {
      report.step('dump')
      report.log('a line')
      return { outcome: 'proven' }
    })
    const ended = jobs.ended(id)
    const after = jobs.start(wanted, async () => ({}))
    const afterEnded = jobs.ended(after.id)
    expect(await ended).toMatchObject({ state: 'failed', outcome: null, failure: { kind: 'catalogue-busy' } })
    kept.update = write
    expect(await afterEnded).toMatchObject({ state: 'done' })
    // no other process waits for ever for a row that says `running`
    await expect.poll(() => kept.rows.get(id)).toMatchObject({ state: 'failed', failure: { kind: 'catalogue-busy' } })
  })

  it('begins what is wanted once a single time, however often it is asked for, and anew after it was cancelled', async () => {
    const { jobs } = jobsWith(1)
    let runs = 0
    const backup = { ...wanted, databaseId: '1', once: true }
    const work = async (tools: JobTools) => {
      runs++
      return untilAborted(tools)
    }
    const first = jobs.start(backup, work)
    expect(jobs.start(backup, work).id).toBe(first.id)
    expect(jobs.start({ ...backup, databaseId: '2', key: 'database:2' }, work).id).not.toBe(first.id)
    await expect.poll(() => runs).toBe(1)
    expect(jobs.start(backup, work).id).toBe(first.id)
    jobs.cancel(first.id)
    expect(jobs.start(backup, work).id).not.toBe(first.id)
    await jobs.stop()
  })

  it('does not give up a backup because its progress could not be written for a moment', async () => {
    const { jobs, kept } = jobsWith()
    const write = kept.update
    const { id } = jobs.start(wanted, async ({ report }) => {
      kept.update = () => {
        throw new LifeboatFailure('catalogue-busy', 'The catalogue is held by another program.')
      }
      report.step('dump')
      report.bytes(5, null)
      report.copy('abc')
      kept.update = write
      return { outcome: 'proven' }
    })
    expect(await jobs.ended(id)).toMatchObject({ state: 'done', copyIds: ['abc'] })
    expect(kept.rows.get(id)).toMatchObject({ state: 'done', copyIds: ['abc'], bytesDone: 5 })
  })

  it('ends a job, and the next ones, whatever a write throws and whoever listens', async () => {
    const { jobs, kept } = jobsWith()
    const broken = (): never => {
      throw new Error('not a failure of ours')
    }
    const write = kept.update
    kept.update = broken
    kept.appendLog = broken
    const { id } = jobs.start(wanted, async ({ report }) => {
      report.step('dump')
      throw new Error('work that breaks')
    })
    expect(await jobs.ended(id)).toMatchObject({ state: 'failed', failure: { kind: 'bug' } })
    kept.update = write
    const next = jobs.start(wanted, async () => ({ outcome: 'proven' as const }))
    expect(await jobs.ended(next.id)).toMatchObject({ state: 'done', outcome: 'proven' })
  })
})
