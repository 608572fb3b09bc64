import { knownName } from './known-hosts.ts'
import type { PinnedKey, Place, SshTarget } from './target.ts'

/**
 * Where a machine's key is pinned. 10.0.0.5 behind one jump host is not 10.0.0.5 behind another, so that the way belongs to it;
 * the users on the way do not: they change nothing about the machine. A HostKeyAlias is the operator's own name for the machine
 * wherever it is reached: as for OpenSSH it stands for host, port and way, like a host of that name at port 22.
 */
export function placeOf(target: SshTarget): Place {
  const { host, port, jump, hostKeyAlias } = target
  if (hostKeyAlias !== undefined) return { host: hostKeyAlias.toLowerCase(), port: 22, way: '' }
  return { host, port, way: jump === undefined ? '' : wayThrough(placeOf(jump)) }
}

function wayThrough({ host, port, way }: Place): string {
  const name = knownName(host, port)
  return way === '' ? name : `${way},${name}`
}

/**
 * The pins that speak about a target: `own` were accepted for exactly its place. `old` ones were accepted at its host and port
 * when no way was kept: for this machine or for another one at the same address, nobody knows which. Where there are own ones,
 * the old ones have nothing to say.
 */
export function pinsFor<P extends PinnedKey>(
  target: SshTarget,
  pins: (host: string, port: number) => readonly P[],
): { own: readonly P[]; old: readonly P[] } {
  const place = placeOf(target)
  const own = pins(place.host, place.port).filter(({ way }) => way === place.way)
  const old = own.length > 0 ? [] : pins(target.host, target.port).filter(({ way }) => way === null)
  return { own, old }
}
