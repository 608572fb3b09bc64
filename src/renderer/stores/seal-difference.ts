import { create } from 'zustand'
import { toFailure, type Failure } from '#shared/failure.ts'
import type { Difference } from '#shared/vault.ts'
import { call } from '../bridge.ts'

interface SealDifferenceStore {
  difference: Difference | null
  comparing: boolean
  failure: Failure | null
  /** The older one is on the left. Asks for the passphrase where the vault is locked. */
  compare: (left: string, right: string) => Promise<void>
  /** Forgets it: the vault was locked. */
  shut: () => void
}

const closed = { difference: null, comparing: false, failure: null }

/** Two seals, key by key. Names of keys only, and yet they came out of the vault: they go when it is locked. */
export const useSealDifference = create<SealDifferenceStore>((set) => {
  let turn = 0
  return {
    ...closed,
    compare: async (left, right) => {
      turn += 1
      const mine = turn
      set({ ...closed, comparing: true })
      const answer = await call('vault.diff', { left, right }).then(
        (difference) => ({ difference }),
        (error: unknown) => ({ failure: toFailure(error) }),
      )
      if (mine === turn) set({ comparing: false, ...answer })
    },
    shut: () => {
      turn += 1
      set(closed)
    },
  }
})
