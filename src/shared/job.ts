import { z } from 'zod'
import { failureSchema } from './failure.ts'

export const jobKinds = [
  'backup',
  'pull',
  'check',
  'test',
  'rebuild',
  'verify',
  'compare',
  'seal',
  'drift',
  'put',
] as const
export const jobStates = ['queued', 'running', 'done', 'failed', 'cancelled', 'interrupted'] as const
export type JobKind = (typeof jobKinds)[number]
export type JobState = (typeof jobStates)[number]

/** Names of steps; the window translates them, the terminal prints the English. */
export const jobSteps = [
  'queued',
  'connect',
  'look',
  'dump',
  'list',
  'transfer',
  'read',
  'store',
  'checks',
  'rebuild',
  'source',
  'sandbox',
  'schema',
  'load',
  'keys',
  'prove',
  'seal',
] as const
export type JobStep = (typeof jobSteps)[number]

/** A job as the catalogue's row tells it: the only truth about a job. */
export const jobSchema = z.object({
  id: z.string(),
  kind: z.enum(jobKinds),
  state: z.enum(jobStates),
  /** what it works on, for a person: `shop/prod` */
  subject: z.string(),
  serverId: z.string().nullable(),
  databaseId: z.string().nullable(),
  copyIds: z.array(z.string()),
  step: z.enum(jobSteps),
  /** free words beside the step: the file or the table it is at; foreign text */
  stepDetail: z.string().nullable(),
  bytesDone: z.number(),
  /** null where the end is not known: then no bar is drawn */
  bytesTotal: z.number().nullable(),
  rows: z.number(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  /** seconds that the last successful job of this kind on this subject took */
  lastTook: z.number().nullable(),
  failure: failureSchema.nullable(),
  /** the outcome of what was checked, when the job checked something */
  outcome: z.enum(['proven', 'damaged', 'not-checked']).nullable(),
})
export type Job = z.infer<typeof jobSchema>

export const logLineSchema = z.object({ at: z.iso.datetime(), text: z.string() })
export type LogLine = z.infer<typeof logLineSchema>

export function isOver(state: JobState): boolean {
  return state !== 'queued' && state !== 'running'
}
