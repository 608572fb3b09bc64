import { sandboxEngines } from '#engine/sandbox/engines.ts'
import type { Sandbox, SandboxWish } from '#engine/sandbox/sandbox.ts'
import { startSandbox } from '#engine/sandbox/start.ts'
import type { JobTools } from '#engine/jobs/run.ts'
import type { Context, Handlers } from './context.ts'

type Words = Extract<keyof Handlers, `sandbox.${string}`>

/** The sandboxes that stand, and what they could be made of here. */
export function sandboxHandlers({ sandboxes, jobs }: Context): Pick<Handlers, Words> {
  return {
    'sandbox.engines': () => sandboxEngines(AbortSignal.timeout(15_000)),
    'sandbox.list': async () => sandboxes.list(),
    'sandbox.stop': async ({ id }) => {
      const row = sandboxes.find(id).row()
      // the verification that works in it is over with it, and removes it
      if (row.state === 'busy' && jobs.cancel(row.jobId)) return {}
      await sandboxes.stop(id)
      return {}
    },
  }
}

/** Starts a sandbox that the list shows from then on. */
export async function openSandbox(
  { sandboxes, scratchDir, now }: Context,
  wish: SandboxWish,
  signal: AbortSignal,
  report: Pick<JobTools['report'], 'log'>,
): Promise<Sandbox> {
  // the steps that are shown are the verification's own: it reads while this starts
  const quiet = { step: () => {}, log: report.log }
  return sandboxes.add(await startSandbox(wish, { scratchDir, now, signal, report: quiet }))
}
