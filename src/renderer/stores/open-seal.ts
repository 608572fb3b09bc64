import { create } from 'zustand'
import type { Output } from '#shared/contract.ts'
import { toFailure, type Failure } from '#shared/failure.ts'
import type { Seal } from '#shared/vault.ts'
import { call } from '../bridge.ts'

interface OpenSealStore {
  id: string | null
  /** keys in their order, no values; null while it is closed */
  seal: Output<'vault.show'> | null
  opening: boolean
  failure: Failure | null
  /** Opens it; the engine asks for the passphrase where it needs one. */
  open: (id: string) => Promise<void>
  /** Forgets what was opened: the vault was locked, or the operator has left. */
  shut: () => void
}

const closed = { seal: null, opening: false, failure: null }

/** The one seal that is looked at. */
export const useOpenSeal = create<OpenSealStore>((set) => {
  let turn = 0
  return {
    id: null,
    ...closed,
    open: async (id) => {
      turn += 1
      const mine = turn
      set({ id, ...closed, opening: true })
      const answer = await call('vault.show', { id }).then(
        (seal) => ({ seal }),
        (error: unknown) => ({ failure: toFailure(error) }),
      )
      // An answer that comes after the lock was turned, or for another seal, is let go.
      if (mine === turn) set({ opening: false, ...answer })
    },
    shut: () => {
      turn += 1
      set({ ...closed })
    },
  }
})

/** The files in a seal. Of one that somebody made by hand they are known only while it is open. */
export function namesIn({ id, seal: open }: Pick<OpenSealStore, 'id' | 'seal'>, seal: Seal): readonly string[] {
  return id === seal.id && open ? open.names : seal.names
}
