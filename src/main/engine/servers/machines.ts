import type { Server } from '#shared/server.ts'
import { withConfig } from '#engine/ssh/ssh-config.ts'
import type { SshTarget } from '#engine/ssh/target.ts'
import { targetOf } from './target.ts'

const longestMs = 20_000

/**
 * Where the host keys of a server were pinned: host and port as they are reached, which ~/.ssh/config may name otherwise, and
 * those of the hops that only the configuration knows. A jump host of the list is a server of its own.
 * Throws as `withConfig` does.
 */
export async function machinesOf(server: Server, file?: string): Promise<{ host: string; port: number }[]> {
  const target = targetOf({ ...server, jump: null }, [])
  const whole = await withConfig(target, AbortSignal.timeout(longestMs), file)
  const machines: { host: string; port: number }[] = []
  for (let hop: SshTarget | undefined = whole; hop; hop = server.jump === null ? hop.jump : undefined)
    machines.push({ host: hop.host, port: hop.port })
  return machines
}
