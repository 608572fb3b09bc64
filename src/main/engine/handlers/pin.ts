import type { Context, Handlers } from './context.ts'
import { machinesOf } from '#engine/servers/machines.ts'
import { requireServer } from './server.ts'

export function pinHandlers(context: Context): Pick<Handlers, 'pin.list' | 'pin.add' | 'pin.remove'> {
  const { pins } = context.catalogue
  return {
    'pin.list': async ({ serverId }) => {
      const server = requireServer(context, serverId)
      const machines = await machinesOf(server)
      return machines.flatMap(({ host, port }) => pins.forHost(host, port))
    },
    'pin.add': async (key) => {
      const pin = { ...key, addedAt: context.now().toISOString() }
      pins.add(pin)
      context.changed('pin')
      return pin
    },
    'pin.remove': async ({ host, port, type }) => {
      pins.remove(host, port, type)
      context.changed('pin')
      return {}
    },
  }
}
