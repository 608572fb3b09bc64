import { useCallback, useMemo } from 'react'
import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../parts/button.tsx'
import { DataGrid } from '../../parts/data-grid.tsx'
import { FailureNote } from '../../parts/failure-note.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty, Panel, Waiting } from '../../parts/panel.tsx'
import { useDatabases } from '../../stores/databases.ts'
import { useSeals } from '../../stores/seals.ts'
import { useVaultDialog } from '../../stores/vault-dialog.ts'
import { useView } from '../../stores/view.ts'
import { groupsOf, type Group } from './groups.ts'
import { useGroupColumns } from './group-columns.tsx'
import { LockButton, LockState } from './lock-control.tsx'

/** Every database with what is sealed of it. */
export function Vault() {
  const { t } = useTranslation()
  const seals = useSeals((state) => state.value)
  const failure = useSeals((state) => state.failure)
  const refresh = useSeals((state) => state.refresh)
  const databases = useDatabases((state) => state.value)
  const show = useVaultDialog((state) => state.show)
  const groups = useMemo(() => seals && groupsOf(seals, databases ?? []), [seals, databases])
  const any = seals !== null && seals.length > 0
  return (
    <Page
      fixed
      title={t('nav.vault')}
      under={
        <span className="flex flex-wrap gap-x-4">
          {t('vault.under')}
          {any && <LockState />}
        </span>
      }
      actions={
        <>
          {any && <LockButton />}
          {any && <Button onClick={() => show({ kind: 'sheet' })}>{t('vault.sheetOpen')}</Button>}
          {databases && databases.length > 0 && (
            <Button
              variant="primary"
              icon={<Plus size={15} aria-hidden />}
              onClick={() => show({ kind: 'seal', databaseId: null })}
            >
              {t('vault.sealOpen')}
            </Button>
          )}
        </>
      }
    >
      {failure && <FailureNote failure={failure} retry={() => void refresh()} />}
      {groups && groups.length > 0 && <Groups groups={groups} />}
      {groups?.length === 0 && <Nothing />}
      {!groups && !failure && (
        <Panel>
          <Waiting text={t('state.loading')} />
        </Panel>
      )}
    </Page>
  )
}

function Groups({ groups }: { groups: readonly Group[] }) {
  const { t } = useTranslation()
  const go = useView((state) => state.go)
  const columns = useGroupColumns()
  const rowAt = useCallback((index: number) => groups[index], [groups])
  return (
    <div className="flex min-h-40 flex-col overflow-hidden rounded-panel border bg-panel">
      <DataGrid
        label={t('vault.groups')}
        columns={columns}
        count={groups.length}
        rowAt={rowAt}
        rowHeight={60}
        onOpen={({ server, label }) => go({ screen: 'sealed', server, label })}
      />
    </div>
  )
}

/** No database is known: files belong to one. */
function Nothing() {
  const { t } = useTranslation()
  const go = useView((state) => state.go)
  return (
    <Panel>
      <Empty
        title={t('vault.empty')}
        actions={
          <Button variant="primary" onClick={() => go({ screen: 'servers' })}>
            {t('action.showServers')}
          </Button>
        }
      >
        {t('vault.emptyText')}
      </Empty>
    </Panel>
  )
}
