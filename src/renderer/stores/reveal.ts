import { create } from 'zustand'
import type { Input } from '#shared/contract.ts'
import { call } from '../bridge.ts'

export type Place = Input<'vault.reveal'>

interface RevealStore {
  /** the line whose value is asked for */
  place: Place | null
  /** what it says; null until it is here */
  value: string | null
  /** Shows one value until it is released. Throws as the call does. */
  hold: (place: Place) => Promise<void>
  /** Lets go of it: after this the window holds no value. */
  release: () => void
}

const nothing = { place: null, value: null }

/** The one value that is shown while a button or a key is held. */
export const useReveal = create<RevealStore>((set, get) => ({
  ...nothing,
  hold: async (place) => {
    set({ place, value: null })
    try {
      const { value } = await call('vault.reveal', place)
      // Whoever has let go by now sees nothing.
      if (get().place === place) set({ value })
    } catch (error) {
      if (get().place === place) set(nothing)
      throw error
    }
  },
  release: () => {
    if (get().place !== null) set(nothing)
  },
}))
