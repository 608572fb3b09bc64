import { create } from 'zustand'
import type { Pin } from '#shared/server.ts'
import { call } from '../bridge.ts'

interface PinsStore {
  /** host keys that are pinned, by server id */
  pins: Readonly<Record<string, readonly Pin[]>>
  read: (serverId: string) => Promise<void>
}

export const usePins = create<PinsStore>((set) => ({
  pins: {},
  read: async (serverId) => {
    const pins = await call('pin.list', { serverId })
    set((state) => ({ pins: { ...state.pins, [serverId]: pins } }))
  },
}))
