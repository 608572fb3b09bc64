import { useCallback, useMemo } from 'react'
import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { printable } from '#shared/name.ts'
import { Button } from '../../parts/button.tsx'
import { DataGrid } from '../../parts/data-grid.tsx'
import { FailureNote } from '../../parts/failure-note.tsx'
import { LabelTag } from '../../parts/label.tsx'
import { Page, Trail } from '../../parts/page.tsx'
import { Empty, Panel, Waiting } from '../../parts/panel.tsx'
import { useDatabases } from '../../stores/databases.ts'
import { useSeals } from '../../stores/seals.ts'
import { useVaultDialog } from '../../stores/vault-dialog.ts'
import { useView } from '../../stores/view.ts'
import { DriftPanel } from './drift-panel.tsx'
import { groupsOf, type Group } from './groups.ts'
import { LockButton, LockState } from './lock-control.tsx'
import { useSealColumns } from './seal-columns.tsx'

/** Every seal of one database, and whether the newest one is still what its server has. */
export function Sealed({ server, label }: { server: string; label: string }) {
  const { t } = useTranslation()
  const seals = useSeals((state) => state.value)
  const failure = useSeals((state) => state.failure)
  const refresh = useSeals((state) => state.refresh)
  const databases = useDatabases((state) => state.value)
  const show = useVaultDialog((state) => state.show)
  const group = useMemo(
    () =>
      groupsOf(
        (seals ?? []).filter((seal) => seal.server === server && seal.label === label),
        (databases ?? []).filter((each) => each.serverName === server && each.label === label),
      )[0],
    [seals, databases, server, label],
  )
  const databaseId = group?.databaseId ?? null
  return (
    <Page
      wideTitle
      trail={<Trail to="vault">{t('nav.vault')}</Trail>}
      title={
        <span className="inline-flex max-w-full items-center gap-2.5">
          <bdi className="min-w-0 break-words">{printable(server)}</bdi>
          <LabelTag label={label} />
        </span>
      }
      under={
        group &&
        group.seals.length > 0 && (
          <span className="flex flex-wrap gap-x-4">
            {t('vault.seals', { count: group.seals.length })}
            <LockState />
          </span>
        )
      }
      actions={
        <>
          {group?.seals[0] && <LockButton sealId={group.seals[0].id} />}
          {databaseId !== null && (
            <Button
              variant="primary"
              icon={<Plus size={15} aria-hidden />}
              onClick={() => show({ kind: 'seal', databaseId })}
            >
              {t('vault.sealOpen')}
            </Button>
          )}
        </>
      }
    >
      {failure && <FailureNote failure={failure} retry={() => void refresh()} />}
      {seals ? (
        group && group.seals.length > 0 ? (
          <>
            <DriftPanel group={group} />
            <Seals group={group} />
          </>
        ) : (
          <NoSeals group={group ?? null} />
        )
      ) : (
        !failure && (
          <Panel>
            <Waiting text={t('state.loading')} />
          </Panel>
        )
      )}
    </Page>
  )
}

function Seals({ group: { seals } }: { group: Group }) {
  const { t } = useTranslation()
  const go = useView((state) => state.go)
  const columns = useSealColumns()
  const rowAt = useCallback((index: number) => seals[index], [seals])
  return (
    <div className="overflow-hidden rounded-panel border bg-panel">
      <DataGrid
        label={t('vault.list')}
        columns={columns}
        count={seals.length}
        rowAt={rowAt}
        rowHeight={40}
        maxHeight={476}
        onOpen={({ id }) => go({ screen: 'seal', id })}
      />
    </div>
  )
}

function NoSeals({ group }: { group: Group | null }) {
  const { t } = useTranslation()
  const show = useVaultDialog((state) => state.show)
  const databaseId = group?.databaseId ?? null
  return (
    <Panel>
      <Empty
        title={t('vault.noSeals')}
        actions={
          databaseId !== null && (
            <Button variant="primary" onClick={() => show({ kind: 'seal', databaseId })}>
              {t('vault.sealOpen')}
            </Button>
          )
        }
      >
        {group && group.env.length > 0 ? t('vault.noSealsText') : t('vault.noEnvText')}
      </Empty>
    </Panel>
  )
}
