import { LifeboatFailure } from '#shared/failure.ts'
import { isOver } from '#shared/job.ts'
import type { Context, Handlers } from './context.ts'

type Words = 'job.list' | 'job.show' | 'job.log' | 'job.cancel'

export function jobHandlers({ catalogue, jobs }: Context): Pick<Handlers, Words> {
  return {
    'job.list': async ({ limit }) => {
      const live = new Map(jobs.running().map((job) => [job.id, job]))
      return catalogue.jobs.list(limit).map((job) => live.get(job.id) ?? job)
    },
    'job.show': async ({ id }) => {
      const job = jobs.running().find((each) => each.id === id) ?? catalogue.jobs.get(id)
      if (!job) throw new LifeboatFailure('not-found', 'There is no such job.')
      return job
    },
    'job.log': async ({ id }) => catalogue.jobs.log(id),
    'job.cancel': async ({ id }) => {
      if (jobs.cancel(id)) return {}
      const job = catalogue.jobs.get(id)
      if (!job) throw new LifeboatFailure('not-found', 'There is no such job.')
      if (isOver(job.state)) return {}
      throw new LifeboatFailure('in-use', 'This job runs in another Lifeboat. Cancel it there.')
    },
  }
}
