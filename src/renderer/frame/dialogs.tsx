import { ServerDialog } from '../screens/add-server/server-dialog.tsx'
import { VerifyDialog } from '../screens/copy/verify-dialog.tsx'
import { DatabaseDialog } from '../screens/server/database-dialog.tsx'
import { useDatabases } from '../stores/databases.ts'
import { useDialog } from '../stores/dialog.ts'
import { useServers } from '../stores/servers.ts'

/** The dialog that is open, wherever it was asked for; none where its subject is gone. */
export function Dialogs() {
  const dialog = useDialog((state) => state.dialog)
  if (!dialog) return null
  const close = (): void => useDialog.getState().close(dialog)
  switch (dialog.kind) {
    case 'server':
      return <EditServer key={dialog.serverId} serverId={dialog.serverId} onClose={close} />
    case 'add-database':
      return <DatabaseDialog key={dialog.serverId} id={null} initial={{ server: dialog.serverId }} onClose={close} />
    case 'database':
      return <EditDatabase key={dialog.databaseId} databaseId={dialog.databaseId} onClose={close} />
    case 'verify':
      return <VerifyDialog key={dialog.copy.id} copy={dialog.copy} onClose={close} />
  }
}

function EditServer({ serverId, onClose }: { serverId: string; onClose: () => void }) {
  const server = useServers((state) => state.value?.find(({ id }) => id === serverId))
  return server && <ServerDialog server={server} onClose={onClose} />
}

function EditDatabase({ databaseId, onClose }: { databaseId: string; onClose: () => void }) {
  const database = useDatabases((state) => state.value?.find(({ id }) => id === databaseId))
  return database && <DatabaseDialog id={database.id} initial={database} onClose={onClose} />
}
