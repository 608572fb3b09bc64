import { availableParallelism } from 'node:os'
import { LifeboatFailure } from '#shared/failure.ts'
import type { DumpPlan } from '../dump/plan.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { LoadContext } from './classify.ts'
import { makeDatabase, segmentsOf } from './databases.ts'
import { loadDatabase } from './load-database.ts'
import { Progress } from './progress.ts'
import { Refusals } from './refusals.ts'
import type { Restored, RestoreProgress } from './restored.ts'
import { makeRoles } from './roles.ts'
import { Sessions } from './sessions.ts'
import { startSlices, type Slices } from './slices.ts'

/** More sessions than this win nothing: they share the computer with the server. */
const MOST_SESSIONS = 4

export type RestoreOptions = {
  signal: AbortSignal
  report: (progress: RestoreProgress) => void
}

/**
 * Loads a plain dump, from the file that the plan was read from, into new databases of the sandbox. What the server
 * refuses is classified and listed, and the rest goes on.
 * @throws LifeboatFailure dump-refused, sandbox-lost, sandbox-full, copy-changed; the signal's reason
 */
export async function restore(
  plan: DumpPlan,
  path: string,
  sandbox: Sandbox,
  { signal, report }: RestoreOptions,
): Promise<Restored> {
  signal.throwIfAborted()
  // A dump is code: what is not pg_dump's own is never sent to a server.
  if (plan.report.outcome === 'refused')
    throw new LifeboatFailure('dump-refused', 'This file holds what pg_dump never writes.')
  const slices = startSlices(plan, path)
  const sessions = new Sessions(sandbox)
  const progress = new Progress(plan, report, () => slices.fileBytes)
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  const work = restoreAll(plan, sandbox, sessions, slices, progress)
  try {
    return await Promise.race([work, sandbox.lost, aborted.promise])
  } catch (error) {
    slices.stop()
    sessions.destroy()
    // nothing goes on behind the back of the caller
    await work.catch(() => {})
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
    progress.end()
    slices.stop()
    await sessions.endAll()
  }
}

async function restoreAll(
  plan: DumpPlan,
  sandbox: Sandbox,
  sessions: Sessions,
  slices: Slices,
  progress: Progress,
): Promise<Restored> {
  const { serverVersion } = plan.report
  const major = serverVersion === null ? NaN : Number.parseInt(serverVersion, 10)
  const context: LoadContext = { sandbox, dumpMajor: Number.isNaN(major) ? null : major, missing: [] }
  const refusals = new Refusals(plan, context)
  const databases = new Map<string, string>()
  const seconds = { schema: 0, load: 0, keys: 0 }
  const admin = await sessions.connect('admin', 'postgres')
  const rolesMade = await makeRoles(admin, plan, sandbox.superuser)
  for (const segment of segmentsOf(plan)) {
    const key = segment.database ?? ''
    const database = databases.get(key) ?? (await makeDatabase(admin, plan, segment))
    databases.set(key, database)
    const count = Math.min(MOST_SESSIONS, Math.max(2, availableParallelism()))
    const connect = () => sessions.connect('loader', database)
    await loadDatabase({ plan, segment, slices, sessions, connect, count, refusals, progress, seconds })
  }
  await sessions.end(admin)
  refusals.list.sort((a, b) => a.stepIndex - b.stepIndex)
  return { databases, errors: refusals.list, rolesMade, seconds }
}
