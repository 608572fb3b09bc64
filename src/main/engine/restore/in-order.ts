import type { DumpPlan, PlannedStatement } from '../dump/plan.ts'
import type { Refusals } from './refusals.ts'
import type { Rules } from './rules.ts'
import { isRefusal, type Session } from './session.ts'

/** Statements that go to the server at once, in one transaction: each one alone would cost a round trip. */
const BATCH_STATEMENTS = 100
const BATCH_BYTES = 256 * 1024
const NEWLINE = Buffer.from('\n')

/** A statement of the plan by its index. */
export type Numbered = { index: number; step: PlannedStatement }

/** The statements of a plan from one step up to before another. */
export function statementsOf(plan: DumpPlan, from: number, to: number): Numbered[] {
  const found: Numbered[] = []
  for (let index = from; index < to; index++) {
    const step = plan.steps[index]
    if (step?.step === 'statement') found.push({ index, step })
  }
  return found
}

type Sent = Numbered & { bytes: Buffer }

/**
 * Runs statements in the order of the dump over one session, as the rules say; what the server refuses is noted and passed
 * over.
 */
export async function runInOrder(
  session: Session,
  statements: Iterable<Numbered>,
  rules: Rules,
  refusals: Refusals,
): Promise<void> {
  const batch = new Batch(session, rules, refusals)
  for (const { index, step } of statements) {
    const decision = rules.decide(step)
    switch (decision.do) {
      case 'send':
        if (decision.first) {
          await batch.flush()
          await decision.first()
        }
        if (decision.alone || !batch.hasRoom(decision.bytes)) await batch.flush()
        batch.add({ index, step, bytes: decision.bytes })
        if (decision.alone) await batch.flush()
        break
      case 'leave out':
        refusals.leftOut(index, decision)
        break
      case 'other work':
        await batch.flush()
        await decision.work().catch((error: unknown) => refusals.add(index, error))
        break
      case 'nothing':
        break
    }
  }
  await batch.flush()
}

class Batch {
  private readonly session: Session
  private readonly rules: Rules
  private readonly refusals: Refusals
  private waiting: Sent[] = []
  private bytes = 0

  constructor(session: Session, rules: Rules, refusals: Refusals) {
    this.session = session
    this.rules = rules
    this.refusals = refusals
  }

  hasRoom(bytes: Buffer): boolean {
    return this.waiting.length < BATCH_STATEMENTS && this.bytes + bytes.length <= BATCH_BYTES
  }

  add(statement: Sent): void {
    this.waiting.push(statement)
    this.bytes += statement.bytes.length
  }

  async flush(): Promise<void> {
    const sending = this.waiting
    this.waiting = []
    this.bytes = 0
    if (sending.length > 0) await this.send(sending)
  }

  private async send(statements: readonly Sent[]): Promise<void> {
    const [first] = statements
    try {
      await this.session.run(Buffer.concat(statements.flatMap(({ bytes }) => [bytes, NEWLINE])))
    } catch (error) {
      if (statements.length > 1 && isRefusal(error)) {
        // nothing of it was done: one by one, to see which one it is
        for (const one of statements) await this.send([one])
        return
      }
      if (!first) throw error
      this.refusals.add(first.index, error)
      this.rules.settings.refused(first.step)
    }
  }
}
