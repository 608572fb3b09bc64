import { useTranslation } from 'react-i18next'
import type { Server } from '#shared/server.ts'
import { call } from '../../bridge.ts'
import { perform } from '../../actions/perform.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog, DialogActions } from '../../parts/dialog.tsx'
import { useServers } from '../../stores/servers.ts'
import { ServerFields, useServerForm } from './server-fields.tsx'
import { serverFormOf, serverOf } from './server-form.ts'

interface ServerDialogProps {
  server: Server
  onClose: () => void
}

/** How to reach a server that is known already. */
export function ServerDialog({ server, onClose }: ServerDialogProps) {
  const { t } = useTranslation()
  const form = useServerForm(serverFormOf(server), server.name)
  const save = form.handleSubmit(async (values) => {
    const done = await perform(t('action.saveServer'), async () => {
      await call('server.update', { id: server.id, server: serverOf(values) })
      await useServers.getState().refresh()
    })
    if (done) onClose()
  })
  return (
    <Dialog wide insists title={t('server.editTitle')} onClose={onClose}>
      <form onSubmit={(event) => void save(event)} noValidate>
        <ServerFields form={form} own={server.name} />
        <DialogActions>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button variant="primary" type="submit" busy={form.formState.isSubmitting}>
            {t('action.save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
