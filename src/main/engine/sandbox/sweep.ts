import { sweepDocker } from './docker/sweep.ts'

/**
 * Removes what sandboxes of processes that are gone have left: containers, volumes, folders, servers. Those of a living
 * process, such as a terminal beside the window, stay. Resolves with how many things it removed.
 * @param scratchDir the folder that `startSandbox` is given
 */
export async function sweepSandboxes({ signal }: { scratchDir: string; signal: AbortSignal }): Promise<number> {
  return sweepDocker(signal)
}
