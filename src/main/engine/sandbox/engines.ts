import type { EngineFacts } from '#shared/sandbox.ts'
import { dockerFacts } from './docker/facts.ts'

/** What copies can be restored in on this computer, and why not in the others. */
export async function sandboxEngines(signal: AbortSignal): Promise<EngineFacts[]> {
  return [await dockerFacts(signal)]
}
