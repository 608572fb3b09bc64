import type { EngineFacts } from '#shared/sandbox.ts'
import { dockerFacts } from './docker/facts.ts'
import { embeddedFacts } from './embedded/facts.ts'

/** What copies can be restored in on this computer, and why not in the others. */
export async function sandboxEngines(signal: AbortSignal): Promise<EngineFacts[]> {
  return Promise.all([dockerFacts(signal), embeddedFacts()])
}
