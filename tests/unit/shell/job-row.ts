import { jobSchema, type Job } from '#shared/job.ts'

/** A running backup of shop/prod, with what a test wants to be different. */
export function jobRow(change: Partial<Job> = {}): Job {
  return jobSchema.parse({
    id: 'j1',
    kind: 'backup',
    state: 'running',
    subject: 'shop/prod',
    serverId: 's1',
    databaseId: 'd1',
    copyIds: [],
    step: 'transfer',
    stepDetail: null,
    bytesDone: 0,
    bytesTotal: null,
    rows: 0,
    startedAt: '2026-01-05T03:00:00.000Z',
    endedAt: null,
    lastTook: null,
    failure: null,
    outcome: null,
    ...change,
  })
}
