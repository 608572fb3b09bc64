import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Seal } from '#shared/vault.ts'
import { printable } from '#shared/name.ts'
import { putOnServer } from '../../actions/vault.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog, DialogActions } from '../../parts/dialog.tsx'
import { TextField } from '../../parts/field.tsx'
import { Select } from '../../parts/select.tsx'
import { Subject } from '../../parts/label.tsx'
import { useDatabases } from '../../stores/databases.ts'
import { namesIn, useOpenSeal } from '../../stores/open-seal.ts'
import { useSeals } from '../../stores/seals.ts'

/** One file of a seal back to its server. What lies there is sealed first; the last question comes from the shell. */
export function PutDialog({ sealId, onClose }: { sealId: string; onClose: () => void }) {
  const seal = useSeals((state) => state.value?.find(({ id }) => id === sealId))
  const databaseId = useDatabases(
    (state) => state.value?.find(({ serverName, label }) => serverName === seal?.server && label === seal?.label)?.id,
  )
  if (!seal || databaseId === undefined) return null
  return <PutForm seal={seal} databaseId={databaseId} onClose={onClose} />
}

interface PutFormProps {
  seal: Seal
  databaseId: string
  onClose: () => void
}

function PutForm({ seal, databaseId, onClose }: PutFormProps) {
  const { t } = useTranslation()
  // as they were when it was asked for: a vault that locks meanwhile takes none of them away
  const [names] = useState(() => namesIn(useOpenSeal.getState(), seal))
  const [file, setFile] = useState(names[0] ?? '')
  const [typed, setTyped] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const path = typed ?? (seal.from === 'server' ? (seal.files.find(({ name }) => name === file)?.path ?? '') : '')
  const isAbsolute = path.startsWith('/') && !path.endsWith('/')
  const fits = isAbsolute && file !== ''
  async function put(): Promise<void> {
    setBusy(true)
    if (await putOnServer({ id: seal.id, databaseId, file, path })) onClose()
    else setBusy(false)
  }
  return (
    <Dialog insists title={t('vault.putTitle')} description={t('vault.putText')} onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (fits) void put()
        }}
      >
        <Subject server={seal.server} label={seal.label} strong />
        <Select
          label={t('vault.file')}
          value={file}
          onChange={(next) => {
            setFile(next)
            setTyped(null)
          }}
          choices={names.map((name) => ({ value: name, label: printable(name) }))}
        />
        <TextField
          code
          label={t('vault.putPath')}
          value={path}
          error={path === '' || isAbsolute ? undefined : t('fault.absolute')}
          hint={t('vault.putHint')}
          onChange={(event) => setTyped(event.target.value)}
        />
        <DialogActions>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" variant="primary" busy={busy} disabled={!fits}>
            {t('vault.putGo')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
