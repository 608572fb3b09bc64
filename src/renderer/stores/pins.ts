import { create } from 'zustand'
import type { Pin } from '#shared/server.ts'
import { toFailure, type Failure } from '#shared/failure.ts'
import { call } from '../bridge.ts'

interface PinsStore {
  /** host keys that are pinned, by server id; none of one that was not read yet */
  pins: Readonly<Record<string, readonly Pin[]>>
  /** why the last reading failed, by server id */
  failures: Readonly<Record<string, Failure | null>>
  read: (serverId: string) => Promise<void>
}

export const usePins = create<PinsStore>((set) => ({
  pins: {},
  failures: {},
  read: async (serverId) => {
    try {
      const pins = await call('pin.list', { serverId })
      set((state) => ({
        pins: { ...state.pins, [serverId]: pins },
        failures: { ...state.failures, [serverId]: null },
      }))
    } catch (error) {
      set((state) => ({ failures: { ...state.failures, [serverId]: toFailure(error) } }))
    }
  },
}))
