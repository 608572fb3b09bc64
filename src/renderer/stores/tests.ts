import { create } from 'zustand'
import type { ServerTest } from '#shared/contract.ts'
import { call } from '../bridge.ts'

interface TestsStore {
  /** the last connection test of each server, by its id; null: none was ever made */
  tests: Readonly<Record<string, ServerTest | null>>
  take: (test: ServerTest) => void
  read: (serverId: string) => Promise<void>
}

export const useTests = create<TestsStore>((set, get) => ({
  tests: {},
  take: (test) => set((state) => ({ tests: { ...state.tests, [test.serverId]: test } })),
  read: async (serverId) => {
    const before = get().tests[serverId]
    const test = await call('server.lastTest', { id: serverId })
    // What came by event while this was on its way is newer.
    set((state) => (state.tests[serverId] === before ? { tests: { ...state.tests, [serverId]: test } } : state))
  },
}))
