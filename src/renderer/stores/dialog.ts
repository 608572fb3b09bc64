import { create } from 'zustand'
import type { Copy } from '#shared/copy.ts'

/** A dialog that opens over whatever the operator looks at: from a screen, from a failure, from the commands. */
export type OpenDialog =
  | { kind: 'server'; serverId: string }
  | { kind: 'add-database'; serverId: string }
  | { kind: 'database'; databaseId: string }
  | { kind: 'verify'; copy: Copy }

interface DialogStore {
  dialog: OpenDialog | null
  show: (dialog: OpenDialog) => void
  /** Closes this one; another that was opened in its place meanwhile stays. */
  close: (dialog: OpenDialog) => void
}

export const useDialog = create<DialogStore>((set) => ({
  dialog: null,
  show: (dialog) => set({ dialog }),
  close: (dialog) => set((state) => (state.dialog === dialog ? { dialog: null } : state)),
}))
