import { LifeboatFailure } from '#shared/failure.ts'
import { isOrphan } from '../owned.ts'
import { reachDaemon } from './daemon.ts'
import { ownerLabel, parseOwned, sandboxLabel } from './labels.ts'

/** Removes containers and volumes whose process is gone. Resolves with how many; 0 where no Docker answers. */
export async function sweepDocker(signal: AbortSignal): Promise<number> {
  let daemon
  try {
    daemon = await reachDaemon(signal)
  } catch (error) {
    // what may lie there is found when Docker is back
    if (error instanceof LifeboatFailure) return 0
    throw error
  }
  const { cli } = daemon
  const list = async (what: string[], name: string): Promise<string[]> => {
    const format = `{{${name}}}\t{{.Label "${ownerLabel}"}}`
    const answer = await cli.run([...what, '--filter', `label=${sandboxLabel}`, '--format', format], { signal })
    return parseOwned(answer.stdout).flatMap(({ name: found, owner }) => (isOrphan(owner) ? [found] : []))
  }
  const containers = await list(['ps', '--all'], '.Names')
  for (const name of containers) await cli.run(['rm', '--force', '--volumes', name], { signal })
  const volumes = await list(['volume', 'ls'], '.Name')
  for (const name of volumes) await cli.run(['volume', 'rm', '--force', name], { signal })
  return containers.length + volumes.length
}
