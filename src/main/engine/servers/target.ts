import { LifeboatFailure } from '#shared/failure.ts'
import type { Server } from '#shared/server.ts'
import type { SshTarget } from '#engine/ssh/target.ts'

/**
 * How to reach a server, its jump hosts included, which are other servers of the list by name.
 * Throws `not-found` for a jump host that is not in the list, `invalid-input` for a way that leads back to itself.
 */
export function targetOf(server: Server, servers: readonly Server[]): SshTarget {
  return target(server, servers, [server.name])
}

function target(server: Server, servers: readonly Server[], passed: readonly string[]): SshTarget {
  const { id, name, host, port, user, auth, jump, hostKey, configHost } = server
  return {
    label: name,
    host,
    port,
    user,
    auth,
    keptAs: id,
    ...(jump === null ? {} : { jump: jumpTarget(name, jump, servers, passed) }),
    ...(configHost === null ? {} : { configHost }),
    ...(hostKey === null ? {} : { expectedHostKey: hostKey }),
  }
}

function jumpTarget(name: string, jump: string, servers: readonly Server[], passed: readonly string[]): SshTarget {
  if (passed.includes(jump))
    throw new LifeboatFailure('invalid-input', `The way to ${passed[0]} leads back to ${jump}.`)
  const hop = servers.find((server) => server.name === jump)
  if (!hop)
    throw new LifeboatFailure('not-found', `${name} is reached through ${jump}, and there is no server called so.`)
  return target(hop, servers, [...passed, jump])
}
