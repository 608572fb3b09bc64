import { basename, dirname } from 'node:path'
import type { Copy } from '#shared/copy.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import { copyBefore } from '#engine/copies/before.ts'
import { changesBetween } from '#engine/copies/changes.ts'
import { checkCopy, checkFile } from '#engine/verification/check.ts'
import { knownTables } from '#engine/copies/compare.ts'
import { readCopy } from '#engine/copies/show.ts'
import { removeCopy } from '#engine/copies/remove.ts'
import { isAlive } from '#engine/disk/owner.ts'
import type { Context, Handlers } from './context.ts'

type Words = 'copy.list' | 'copy.show' | 'copy.changes' | 'copy.check' | 'copy.remove' | 'file.check' | 'file.report'

export function copyHandlers(context: Context): Pick<Handlers, Words> {
  const { catalogue, jobs, now, version } = context
  const show = async (id: string): Promise<Copy> => readCopy(catalogue, id)
  return {
    'copy.list': async (query) => {
      context.lookAgain()
      return catalogue.copies.list(query)
    },
    'copy.show': async ({ id }) => show(id),
    'copy.changes': async ({ id }) => {
      const copy = await show(id)
      knownTables(copy)
      return changesBetween(await copyBefore(catalogue, copy), copy)
    },
    'copy.check': async ({ id }) => {
      const copy = await show(id)
      const job = jobs.start({ kind: 'check', subject: basename(copy.file), key: `copy:${copy.id}` }, async (tools) => {
        tools.report.copy(copy.id)
        const { outcome, report } = await checkCopy({ copy, catalogue, version, now }, tools)
        if (report) context.reports.set(tools.jobId, report)
        context.changed('copy')
        return { outcome }
      })
      return { jobId: job.id }
    },
    'file.check': async ({ file }) => {
      const job = jobs.start({ kind: 'check', subject: file, key: `folder:${dirname(file)}` }, async (tools) => {
        const report = await checkFile(file, tools)
        context.reports.set(tools.jobId, report)
        return { outcome: report.outcome === 'refused' ? 'damaged' : report.outcome }
      })
      return { jobId: job.id }
    },
    'file.report': async ({ jobId }) => context.reports.get(jobId) ?? null,
    'copy.remove': async ({ id }) => {
      const copy = await show(id)
      // also those of the window, where this is the terminal, and the other way round
      if (catalogue.jobs.underWay(isAlive).some((job) => job.copyIds.includes(copy.id))) {
        throw new LifeboatFailure('in-use', 'This copy is being read right now.')
      }
      await removeCopy({ id: copy.id, catalogue, copiesDir: context.copiesDir() })
      context.changed('copy')
      return {}
    },
  }
}
