import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Input } from '#shared/contract.ts'
import type { Database } from '#shared/database.ts'
import type { Seal } from '#shared/vault.ts'
import { sealFiles } from '../../actions/vault.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog, DialogActions } from '../../parts/dialog.tsx'
import { Segments, Select } from '../../parts/select.tsx'
import { useDatabases } from '../../stores/databases.ts'
import { useSeals } from '../../stores/seals.ts'
import { LocalFiles, ServerFiles } from './files-to-seal.tsx'
import { Recipients } from './recipients.tsx'

interface SealDialogProps {
  databaseId: string | null
  onClose: () => void
}

/** Files of a server or of this computer into a new seal: which, and how it is closed. */
export function SealDialog({ databaseId, onClose }: SealDialogProps) {
  const { t } = useTranslation()
  const databases = useDatabases((state) => state.value) ?? []
  const [chosen, setChosen] = useState(databaseId ?? firstToSeal(databases)?.id ?? '')
  const database = databases.find(({ id }) => id === chosen)
  return (
    <Dialog wide insists title={t('vault.sealTitle')} description={t('vault.sealText')} onClose={onClose}>
      <div className="flex flex-col gap-4">
        {databases.length > 1 && (
          <Select
            label={t('database.one')}
            value={chosen}
            onChange={setChosen}
            choices={databases.map(({ id, serverName, label }) => ({ value: id, label: serverName, tag: label }))}
          />
        )}
        {database && <SealForm key={database.id} database={database} onClose={onClose} />}
      </div>
    </Dialog>
  )
}

/** The one that names files, when nobody said which. */
const firstToSeal = (databases: readonly Database[]): Database | undefined =>
  databases.find(({ env }) => env.length > 0) ?? databases[0]

type From = 'server' | 'local'
type Closing = 'as-before' | 'passphrase' | 'keys'

function SealForm({ database, onClose }: { database: Database; onClose: () => void }) {
  const { t } = useTranslation()
  const newest = useSeals((state) => newestOf(state.value, database))
  const [from, setFrom] = useState<From>(database.env.length > 0 ? 'server' : 'local')
  const [remote, setRemote] = useState<readonly string[]>(database.env)
  const [local, setLocal] = useState<readonly string[]>([])
  const [closing, setClosing] = useState<Closing>('as-before')
  const [recipients, setRecipients] = useState<readonly string[]>([])
  const [busy, setBusy] = useState(false)
  const files = from === 'server' ? remote : local
  const ready = files.length > 0 && (closing !== 'keys' || recipients.length > 0)

  async function seal(): Promise<void> {
    setBusy(true)
    const { serverName: server, label, id } = database
    const how = { files: [...files], local: from === 'local', with: withOf(closing, recipients) }
    if (await sealFiles({ server, label, databaseId: id }, how)) onClose()
    else setBusy(false)
  }

  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (ready) void seal()
      }}
    >
      <Segments
        label={t('vault.from')}
        value={from}
        onChange={setFrom}
        choices={[
          { value: 'server', label: t('vault.fromWhere.server') },
          { value: 'local', label: t('vault.fromWhere.local') },
        ]}
      />
      {from === 'server' ? (
        <ServerFiles paths={database.env} chosen={remote} onChange={setRemote} />
      ) : (
        <LocalFiles files={local} onChange={setLocal} />
      )}
      <div className="flex flex-col gap-1.5">
        <Segments
          label={t('vault.sealedWith')}
          value={closing}
          onChange={setClosing}
          choices={[
            {
              value: 'as-before',
              label: t(newest?.kind === 'keys' ? 'vault.with.sameKeys' : 'vault.with.vaultPassphrase'),
            },
            { value: 'passphrase', label: t('vault.with.newPassphrase') },
            { value: 'keys', label: t('vault.with.keys') },
          ]}
        />
        <p className="text-xs text-ink-3">{t(hintOf(closing, newest))}</p>
      </div>
      {closing === 'keys' && <Recipients chosen={recipients} onChange={setRecipients} />}
      <DialogActions>
        <Button onClick={onClose}>{t('action.cancel')}</Button>
        <Button type="submit" variant="primary" busy={busy} disabled={!ready}>
          {t('vault.seal')}
        </Button>
      </DialogActions>
    </form>
  )
}

function newestOf(seals: readonly Seal[] | null, { serverName, label }: Database): Seal | undefined {
  return seals?.find((seal) => seal.server === serverName && seal.label === label && seal.kind !== 'unknown')
}

function withOf(closing: Closing, recipients: readonly string[]): Input<'vault.seal'>['with'] {
  return closing === 'keys' ? { kind: 'keys', recipients: [...recipients] } : { kind: closing }
}

function hintOf(closing: Closing, newest: Seal | undefined) {
  if (closing === 'keys') return 'vault.hint.keys'
  if (closing === 'passphrase') return 'vault.hint.newPassphrase'
  return newest?.kind === 'keys' ? 'vault.hint.sameKeys' : 'vault.hint.vaultPassphrase'
}
