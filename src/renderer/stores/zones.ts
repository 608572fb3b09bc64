import { useMemo } from 'react'
import type { ServerTest } from '#shared/contract.ts'
import type { Server } from '#shared/server.ts'
import { useServers } from './servers.ts'
import { useTests } from './tests.ts'

/** The zone of each server as `zonesOf` knows it. */
export function useServerZones(): ReadonlyMap<string, string> {
  const servers = useServers((state) => state.value)
  const tests = useTests((state) => state.tests)
  return useMemo(() => zonesOf(servers ?? [], tests), [servers, tests])
}

/**
 * How far from UTC each server's clock was at its last connection test, such as `+08:00`, by the server's name. Servers
 * whose clock nobody has read are not in it.
 */
export function zonesOf(
  servers: readonly Pick<Server, 'id' | 'name'>[],
  tests: Readonly<Record<string, ServerTest | null>>,
): ReadonlyMap<string, string> {
  const found = servers.flatMap(({ id, name }): [string, string][] => {
    const zone = tests[id]?.checks.find((check) => check.name === 'clock')?.facts['zone']
    const parts = typeof zone === 'string' ? /^([+-]\d\d):?(\d\d)$/.exec(zone) : null
    return parts ? [[name, `${parts[1]}:${parts[2]}`]] : []
  })
  return new Map(found)
}
