import type { DumpPlan, PlannedStatement } from '../dump/plan.ts'
import type { Refusals } from './refusals.ts'
import { isRefusal, type Session } from './session.ts'
import type { Settings } from './settings.ts'

/** Statements that go to the server at once, in one transaction: each one alone would cost a round trip. */
const BATCH_STATEMENTS = 100
const BATCH_BYTES = 256 * 1024
/** They may not run beside others, or have a meaning of their own there. */
const alone = /^(BEGIN|COMMIT|ROLLBACK|VACUUM|(CREATE|ALTER|DROP) (SUBSCRIPTION|DATABASE|TABLESPACE))$/
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

/** Runs statements in the order of the dump over one session; what the server refuses is noted and passed over. */
export async function runInOrder(
  session: Session,
  statements: Iterable<Numbered>,
  settings: Settings,
  refusals: Refusals,
): Promise<void> {
  let batch: Sent[] = []
  let size = 0
  const flush = async () => {
    const sending = batch
    batch = []
    size = 0
    await runBatch(session, sending, settings, refusals)
  }
  for (const { index, step } of statements) {
    const bytes = settings.bytesOf(step)
    if (bytes === null) {
      refusals.leftOut(index, 'a sandbox has no tablespaces of its own')
      continue
    }
    const single = alone.test(step.kind)
    if (single || batch.length >= BATCH_STATEMENTS || size + bytes.length > BATCH_BYTES) await flush()
    batch.push({ index, step, bytes })
    size += bytes.length
    if (single) await flush()
  }
  await flush()
}

async function runBatch(session: Session, batch: readonly Sent[], settings: Settings, refusals: Refusals) {
  if (batch.length === 0) return
  const [first] = batch
  try {
    const all =
      batch.length === 1 && first ? first.bytes : Buffer.concat(batch.flatMap(({ bytes }) => [bytes, NEWLINE]))
    await session.run(all)
  } catch (error) {
    if (batch.length > 1 && isRefusal(error)) {
      // nothing of it was done: one by one, to see which one it is
      for (const one of batch) await runBatch(session, [one], settings, refusals)
      return
    }
    if (!first) return
    refusals.add(first.index, error)
    settings.refused(first.step)
  }
}
