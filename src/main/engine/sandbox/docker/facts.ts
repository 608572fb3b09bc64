import { remedies, toFailure } from '#shared/failure.ts'
import type { EngineFacts } from '#shared/sandbox.ts'
import { reachDaemon } from './daemon.ts'
import { imagesHere } from './image.ts'

/** Whether Docker can be had on this computer. A daemon that says nothing until `signal` ends the wait can not. */
export async function dockerFacts(signal: AbortSignal): Promise<EngineFacts> {
  try {
    const daemon = await reachDaemon(signal)
    const images = await imagesHere(daemon, signal)
    return { kind: 'docker', available: true, version: daemon.version, reason: null, remedy: null, images }
  } catch (error) {
    const reason = signal.aborted ? 'Docker does not answer in time.' : toFailure(error).message
    return {
      kind: 'docker',
      available: false,
      version: null,
      reason,
      remedy: remedies['sandbox-missing'].remedy,
      images: [],
    }
  }
}
