import { availableParallelism } from 'node:os'
import { LifeboatFailure } from '#shared/failure.ts'
import { isLoadable } from '../dump/encodings.ts'
import type { DumpPlan } from '../dump/plan.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { LoadContext } from './classify.ts'
import { makeDatabases, segmentsOf } from './databases.ts'
import { loadDatabase } from './load-database.ts'
import { Progress } from './progress.ts'
import { Refusals } from './refusals.ts'
import type { Restored, RestoreProgress } from './restored.ts'
import { makeRoles } from './roles.ts'
import { disableEventTrigger } from './names.ts'
import { Rules } from './rules.ts'
import { Sessions } from './sessions.ts'
import { Settings } from './settings.ts'
import { startSlices, type Slices } from './slices.ts'
import { Unprivileged } from './unprivileged.ts'

/** More sessions than this win nothing: they share the computer with the server. */
const MOST_SESSIONS = 4

export type RestoreOptions = {
  signal: AbortSignal
  report: (progress: RestoreProgress) => void
}

/**
 * Loads a plain dump, from the file that the plan was read from, into new databases of the sandbox. What the server
 * refuses is classified and listed, and the rest goes on.
 * @throws LifeboatFailure dump-refused, not-checkable, sandbox-lost, sandbox-full, copy-changed; the signal's reason
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
  const foreign = plan.encodings.find(({ name }) => !isLoadable(name))
  if (foreign !== undefined) {
    const message = `This dump is written in ${foreign.name}, which can not be loaded here; pg_dump -E UTF8 makes one that can.`
    throw new LifeboatFailure('not-checkable', message)
  }
  const slices = startSlices(plan, path)
  const sessions = new Sessions(sandbox)
  const progress = new Progress(plan, report, () => slices.fileBytes)
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  // who was told of the first step may have cancelled at once
  if (signal.aborted) onAbort()
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
  const refusals = new Refusals(plan, contextOf(plan, sandbox))
  const seconds = { schema: 0, load: 0, keys: 0 }
  const admin = await sessions.connect('admin', 'postgres')
  const rolesMade = await makeRoles(admin, plan, sandbox.superuser)
  const databases = await makeDatabases(admin, plan)
  await sessions.end(admin)
  const ownNames = new Set([...databases].flatMap(([name, here]) => (name === here ? [name] : [])))
  const count = Math.min(MOST_SESSIONS, Math.max(2, availableParallelism()))
  const said = new Map<string, Settings>()
  for (const segment of segmentsOf(plan)) {
    const database = databases.get(segment.database ?? '') ?? ''
    const connect = () => sessions.connect('loader', database)
    const power = sandbox.superuser ? null : await sessions.connect('admin', database)
    const helper = power && new Unprivileged(power, database, rolesMade)
    await helper?.prepare()
    const settings = said.get(database) ?? new Settings()
    said.set(database, settings)
    const rules = new Rules(settings, ownNames, helper)
    const silence = () => silenceEventTriggers(sessions, database, sandbox.major)
    await loadDatabase({ plan, segment, slices, sessions, connect, count, rules, refusals, progress, silence, seconds })
    if (power) await sessions.end(power)
  }
  refusals.list.sort((a, b) => a.stepIndex - b.stepIndex)
  return { databases, errors: refusals.list, rolesMade, seconds }
}

function contextOf(plan: DumpPlan, sandbox: Sandbox): LoadContext {
  const { serverVersion } = plan.report
  const major = serverVersion === null ? Number.NaN : Number.parseInt(serverVersion, 10)
  return { sandbox, dumpMajor: Number.isNaN(major) ? null : major, missing: [], unfilled: new Set(), steps: plan.steps }
}

/** Before PostgreSQL 17 a session can't say that it wants none of them: they are turned off. */
async function silenceEventTriggers(sessions: Sessions, database: string, major: number): Promise<void> {
  if (major >= 17) return
  const admin = await sessions.connect('admin', database)
  const { rows } = await admin.client.query<{ evtname: string }>(
    `SELECT evtname FROM pg_catalog.pg_event_trigger WHERE evtenabled <> 'D'`,
  )
  for (const { evtname } of rows) await admin.run(Buffer.from(disableEventTrigger(evtname)))
  await sessions.end(admin)
}
