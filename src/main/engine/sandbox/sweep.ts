import { tmpdir } from 'node:os'
import { sweepDocker } from './docker/sweep.ts'
import { scratchBase } from './embedded/folder.ts'
import { endLeftovers } from './embedded/leftover.ts'
import { orphanedFolders, removeFolder } from './owned-folder.ts'

/**
 * Removes what sandboxes of processes that are gone have left: containers, volumes, folders, servers. Those of a living
 * process, such as a terminal beside the window, stay. Resolves with how many things it removed.
 * @param scratchDir the folder that `startSandbox` is given
 */
export async function sweepSandboxes({ scratchDir, now, signal }: Sweep): Promise<number> {
  // the containers first: one of them may still hold a folder
  const inDocker = await sweepDocker(signal)
  let folders = 0
  for (const base of new Set([scratchBase(scratchDir), tmpdir()])) {
    for (const folder of await orphanedFolders(base, now())) {
      signal.throwIfAborted()
      await endLeftovers(folder)
      await removeFolder(folder)
      folders += 1
    }
  }
  return inDocker + folders
}

type Sweep = { scratchDir: string; now: () => Date; signal: AbortSignal }
