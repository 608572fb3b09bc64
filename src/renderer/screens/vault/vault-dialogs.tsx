import { useVaultDialog } from '../../stores/vault-dialog.ts'
import { ExportDialog } from './export-dialog.tsx'
import { PutDialog } from './put-dialog.tsx'
import { SealDialog } from './seal-dialog.tsx'
import { SheetDialog } from './sheet-dialog.tsx'

/** The dialogs of the vault: they open from its screens and from the commands. */
export function VaultDialogs() {
  const dialog = useVaultDialog((state) => state.dialog)
  if (!dialog) return null
  const close = (): void => useVaultDialog.getState().close(dialog)
  switch (dialog.kind) {
    case 'seal':
      return <SealDialog key={dialog.databaseId} databaseId={dialog.databaseId} onClose={close} />
    case 'sheet':
      return <SheetDialog onClose={close} />
    case 'put':
      return <PutDialog key={dialog.sealId} sealId={dialog.sealId} onClose={close} />
    case 'export':
      return <ExportDialog key={dialog.sealId} sealId={dialog.sealId} onClose={close} />
  }
}
