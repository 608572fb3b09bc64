import { printable } from '#shared/name.ts'
import { exitCodes } from '../exit.ts'
import type { Word } from '../word.ts'

/** As many as the catalogue keeps. */
export const mostJobs = 5000

const jobList: Word = {
  usage: 'job list',
  asksNothing: true,
  operands: [0, 0],
  options: {},
  async run(_given, { call, say }) {
    const jobs = await call('job.list', { limit: mostJobs })
    const lines = jobs.map((job) => [job.id, job.startedAt, job.kind, printable(job.subject), job.state].join('\t'))
    return { json: { ok: true, jobs }, lines: lines.length > 0 ? lines : [say.noJobs], exit: exitCodes.done }
  },
}

const rebuild: Word = {
  usage: 'catalogue rebuild',
  asksNothing: true,
  operands: [0, 0],
  options: {},
  async run(_given, { call, say }) {
    const { copies, problems } = await call('catalogue.rebuild', {})
    return {
      json: { ok: true, copies, problems },
      lines: [say.rebuilt(copies), ...problems.map((problem) => `  ! ${printable(problem)}`)],
      exit: exitCodes.done,
    }
  },
}

const doctor: Word = {
  usage: 'doctor',
  asksNothing: true,
  operands: [0, 0],
  options: {},
  async run(_given, { call, say }) {
    const diagnoses = await call('doctor', {})
    return {
      json: { ok: true, diagnoses },
      lines: diagnoses.flatMap((each) => [
        `${each.outcome.padEnd(8)} ${each.name.padEnd(16)} ${printable(each.detail)}`,
        ...(each.remedy ? [`${' '.repeat(26)}→ ${say.remedy(each.remedy)}`] : []),
      ]),
      exit: diagnoses.some((each) => each.outcome === 'problem') ? exitCodes.failed : exitCodes.done,
    }
  },
}

export const keepingWords = { 'job list': jobList, 'catalogue rebuild': rebuild, doctor }
