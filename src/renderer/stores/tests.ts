import { create } from 'zustand'
import type { ServerTest } from '#shared/contract.ts'
import { call } from '../bridge.ts'

interface TestsStore {
  /** the last connection test of each server, by its id; null: none was ever made */
  tests: Readonly<Record<string, ServerTest | null>>
  take: (test: ServerTest) => void
  read: (serverId: string) => Promise<void>
}

export const useTests = create<TestsStore>((set) => ({
  tests: {},
  take: (test) => set((state) => ({ tests: { ...state.tests, [test.serverId]: test } })),
  read: async (serverId) => {
    const test = await call('server.lastTest', { id: serverId })
    set((state) => {
      const live = state.tests[serverId]
      // What came by event while this was on its way is newer.
      if (live && test && live.at >= test.at) return state
      if (live && !test) return state
      return { tests: { ...state.tests, [serverId]: test } }
    })
  },
}))
