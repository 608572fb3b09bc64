import { create } from 'zustand'

interface ModalsStore {
  /** dialogs that are open, one over the other */
  open: number
  /** Tells that one has opened. Gives the function that tells that it is closed. */
  enter: () => () => void
}

/** Whether a question is open: until it is answered nothing beside it may take its place. */
export const useModals = create<ModalsStore>((set) => ({
  open: 0,
  enter: () => {
    set(({ open }) => ({ open: open + 1 }))
    return () => set(({ open }) => ({ open: open - 1 }))
  },
}))
