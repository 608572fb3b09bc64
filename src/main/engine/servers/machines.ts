import type { Server } from '#shared/server.ts'
import { withConfig } from '#engine/ssh/ssh-config.ts'
import type { SshTarget } from '#engine/ssh/target.ts'
import { targetOf } from './target.ts'

const longestMs = 20_000

/**
 * The machines whose host keys are pinned for a server: itself as it is reached, which ~/.ssh/config may tell otherwise, and the
 * hops that only the configuration knows. A jump host of the list is a server of its own.
 * Throws as `targetOf` and `withConfig` do.
 */
export async function machinesOf(server: Server, servers: readonly Server[], file?: string): Promise<SshTarget[]> {
  const whole = await withConfig(targetOf(server, servers), AbortSignal.timeout(longestMs), file)
  const machines: SshTarget[] = []
  for (let hop: SshTarget | undefined = whole; hop; hop = server.jump === null ? hop.jump : undefined)
    machines.push(hop)
  return machines
}
