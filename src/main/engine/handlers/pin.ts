import type { Context, Handlers } from './context.ts'
import { pinsFor } from '#engine/ssh/pins.ts'
import { machinesOf } from '#engine/servers/machines.ts'
import { requireServer } from './server.ts'

export function pinHandlers(context: Context): Pick<Handlers, 'pin.list' | 'pin.add' | 'pin.remove'> {
  const { pins } = context.catalogue
  return {
    'pin.list': async ({ serverId }) => {
      const server = requireServer(context, serverId)
      const machines = await machinesOf(server, context.catalogue.servers.list())
      return machines.flatMap((machine) => {
        const { own, old } = pinsFor(machine, (host, port) => pins.forHost(host, port))
        return [...own, ...old]
      })
    },
    'pin.add': async (key) => {
      const pin = { ...key, addedAt: context.now().toISOString() }
      pins.add(pin)
      context.changed('pin')
      return pin
    },
    'pin.remove': async (pin) => {
      pins.remove(pin)
      context.changed('pin')
      return {}
    },
  }
}
