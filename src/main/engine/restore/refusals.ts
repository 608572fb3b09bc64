import type { DatabaseError } from 'pg'
import { LifeboatFailure } from '#shared/failure.ts'
import type { DumpPlan } from '../dump/plan.ts'
import { lacksRoom } from '../sandbox/lost.ts'
import { classify, type LoadContext } from './classify.ts'
import type { LoadError } from './restored.ts'
import { isRefusal } from './session.ts'

/** As much of a statement as tells a person which one it is. */
const SHOWN = 200

/** Collects what PostgreSQL refused; everything else that goes wrong ends the restore. */
export class Refusals {
  readonly list: LoadError[] = []
  private readonly plan: DumpPlan
  private readonly context: LoadContext
  private readonly steps = new Set<number>()

  constructor(plan: DumpPlan, context: LoadContext) {
    this.plan = plan
    this.context = context
  }

  /**
   * Takes an error that a step has ended with; of one step only the first counts.
   * @throws LifeboatFailure sandbox-full; anything that is no answer of the server
   */
  add(stepIndex: number, error: unknown): void {
    const refusal = refusalOf(error)
    const step = this.plan.steps[stepIndex]
    if (!step || this.steps.has(stepIndex)) return
    const { code = '', message, detail } = refusal
    const meaning = classify(refusal, step, this.context)
    this.note(stepIndex, { ...meaning, sqlstate: code, message: detail ? `${message} (${detail})` : message })
  }

  /** A statement that was not sent, with the reason; `missing`: what this sandbox can't have. */
  leftOut(stepIndex: number, { why, missing }: { why: string; missing?: string }): void {
    if (missing !== undefined) this.context.missing.push(missing)
    const meaning = missing === undefined ? ('explained' as const) : ('unchecked' as const)
    this.note(stepIndex, { class: meaning, why, sqlstate: '', message: 'not run' })
  }

  private note(stepIndex: number, what: Pick<LoadError, 'class' | 'why' | 'sqlstate' | 'message'>): void {
    const step = this.plan.steps[stepIndex]
    if (!step) return
    this.steps.add(stepIndex)
    const { database, place } = step
    const text = step.step === 'data' ? '' : step.text
    const statement = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text
    this.list.push({ ...what, statement, database, table: tableOf(step), place, stepIndex })
  }
}

function tableOf(step: DumpPlan['steps'][number]): string | null {
  switch (step.step) {
    case 'statement':
      return null
    case 'copy':
      return `${step.schema}.${step.name}`
    case 'data':
      return step.table && `${step.table.schema}.${step.table.name}`
  }
}

/** An error as the server's refusal. @throws sandbox-full where it had too little of something, and what is no refusal as it is */
export function refusalOf(error: unknown): DatabaseError {
  if (!isRefusal(error)) throw error
  if (lacksRoom(error.code)) {
    throw new LifeboatFailure('sandbox-full', 'The sandbox has no room for this dump.', { cause: error })
  }
  return error
}
