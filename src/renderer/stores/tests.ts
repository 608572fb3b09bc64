import { create } from 'zustand'
import type { ServerTest } from '#shared/contract.ts'
import { toFailure, type Failure } from '#shared/failure.ts'
import { call } from '../bridge.ts'

interface TestsStore {
  /** the last connection test of each server, by its id; null: none was ever made; none of one that was not read yet */
  tests: Readonly<Record<string, ServerTest | null>>
  /** why the last reading failed, by server id */
  failures: Readonly<Record<string, Failure | null>>
  take: (test: ServerTest) => void
  read: (serverId: string) => Promise<void>
}

export const useTests = create<TestsStore>((set, get) => ({
  tests: {},
  failures: {},
  take: (test) => set((state) => ({ tests: { ...state.tests, [test.serverId]: test } })),
  read: async (serverId) => {
    const before = get().tests[serverId]
    try {
      const test = await call('server.lastTest', { id: serverId })
      // What came by event while this was on its way is newer.
      set(({ tests, failures }) => ({
        tests: tests[serverId] === before ? { ...tests, [serverId]: test } : tests,
        failures: { ...failures, [serverId]: null },
      }))
    } catch (error) {
      set(({ failures }) => ({ failures: { ...failures, [serverId]: toFailure(error) } }))
    }
  },
}))
