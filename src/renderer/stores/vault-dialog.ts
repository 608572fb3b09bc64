import { create } from 'zustand'

/** A dialog of the vault, wherever the operator is. */
export type VaultDialog =
  | { kind: 'seal'; databaseId: string | null }
  | { kind: 'sheet' }
  | { kind: 'put'; sealId: string }
  | { kind: 'export'; sealId: string }

interface VaultDialogStore {
  dialog: VaultDialog | null
  show: (dialog: VaultDialog) => void
  /** Closes this one; another that was opened in its place meanwhile stays. */
  close: (dialog: VaultDialog) => void
}

export const useVaultDialog = create<VaultDialogStore>((set) => ({
  dialog: null,
  show: (dialog) => set({ dialog }),
  close: (dialog) => set((state) => (state.dialog === dialog ? { dialog: null } : state)),
}))
