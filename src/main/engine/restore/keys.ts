import type { Numbered } from './in-order.ts'
import { heavyWork, type HeavyWork } from './names.ts'
import type { Refusals } from './refusals.ts'
import { isRefusal, type Session } from './session.ts'
import { WorkQueue, type Work } from './work-queue.ts'

/** An index or a constraint that is built as soon as the rows of its table are in. */
export type Build = Numbered & { work: HeavyWork }

/** Of the statements behind the data, those that only wait for the rows of one of these tables. */
export function earlyBuilds(statements: readonly Numbered[], tables: ReadonlySet<string>): Build[] {
  return statements.flatMap(({ index, step }) => {
    const work = heavyWork(step.kind, step.text)
    return work && work.work !== 'foreign key' && tables.has(work.table) ? [{ index, step, work }] : []
  })
}

export function bytesOf({ step }: Numbered): Buffer {
  return Buffer.from(step.text, step.raw ? 'latin1' : 'utf8')
}

/** The locks that PostgreSQL will take. */
export function locksOf(work: HeavyWork): Pick<Work, 'shared' | 'alone'> {
  switch (work.work) {
    case 'index':
      return { shared: [work.table] }
    case 'constraint':
      return { alone: [work.table] }
    case 'foreign key':
      return { alone: [...new Set([work.table, work.referenced])] }
  }
}

/** Checks foreign keys over several sessions. One that was refused is tried again, alone: only that counts. */
export async function addForeignKeys(
  sessions: readonly Session[],
  keys: readonly Build[],
  refusals: Refusals,
): Promise<void> {
  const queue = new WorkQueue()
  const again: Build[] = []
  for (const key of keys) {
    const run = async (session: Session) => {
      try {
        await session.run(bytesOf(key))
      } catch (error) {
        if (!isRefusal(error)) throw error
        again.push(key)
      }
    }
    queue.build({ run, ...locksOf(key.work) })
  }
  queue.close()
  await queue.run(sessions)
  const [session] = sessions
  if (!session) return
  for (const key of again.toSorted((a, b) => a.index - b.index)) {
    await session.run(bytesOf(key)).catch((error: unknown) => refusals.add(key.index, error))
  }
}
