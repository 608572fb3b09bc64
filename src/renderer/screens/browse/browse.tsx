import { Fragment, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SandboxRow } from '#shared/sandbox.ts'
import { stopSandbox } from '../../actions/verify.ts'
import { call } from '../../bridge.ts'
import { Button } from '../../parts/button.tsx'
import { FailureNote } from '../../parts/failure-note.tsx'
import { JobSubject } from '../../parts/job-subject.tsx'
import { CopyTrail, Page, Trail } from '../../parts/page.tsx'
import { Empty, Panel, Waiting } from '../../parts/panel.tsx'
import { useBrowse } from '../../stores/browse.ts'
import { useSandboxes } from '../../stores/sandboxes.ts'
import { useView } from '../../stores/view.ts'
import { useFormat } from '../../words/format.ts'
import { SandboxTime } from '../activity/sandbox-time.tsx'
import { engineWords } from '../verification/engine-words.ts'
import { TableList } from './table-list.tsx'
import { TableView } from './table-view.tsx'

/** The data of a restored copy, as its sandbox holds it: to look at, never to change. */
export function Browse({ sandboxId }: { sandboxId: string }) {
  const { t } = useTranslation()
  const sandboxes = useSandboxes((state) => state.value)
  useEffect(() => {
    void useSandboxes.getState().refresh()
    void useBrowse.getState().open(sandboxId)
    return () => useBrowse.getState().leave()
  }, [sandboxId])
  const sandbox = sandboxes?.find(({ id }) => id === sandboxId)
  return (
    <Page
      fixed
      title={t('browse.title')}
      trail={sandbox?.copyId ? <CopyTrail id={sandbox.copyId} /> : <Trail to="copies">{t('nav.copies')}</Trail>}
      under={sandbox && <Banner sandbox={sandbox} />}
      actions={sandbox && <Button onClick={() => stopSandbox(sandbox.id)}>{t('action.stopSandbox')}</Button>}
    >
      {sandboxes && !sandbox ? <Gone /> : <Tables />}
    </Page>
  )
}

/** Which copy this is, what it stands in, and until when. */
function Banner({ sandbox }: { sandbox: SandboxRow }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { subject, copyId, engine } = sandbox
  const takenAt = useTakenAt(copyId)
  const facts = [
    ...(takenAt === null ? [] : [t('compare.copyOf', { when: format.dateTime(takenAt) })]),
    engineWords(engine, t),
    t('browse.readOnly'),
  ]
  return (
    <div className="flex flex-wrap items-center gap-x-2">
      <JobSubject job={{ subject, databaseId: null, copyIds: copyId === null ? [] : [copyId] }} />
      {facts.map((fact) => (
        <Fragment key={fact}>
          <span>{fact}</span>
          <Dot />
        </Fragment>
      ))}
      <SandboxTime sandbox={sandbox} />
    </div>
  )
}

function Dot() {
  return (
    <span aria-hidden className="text-ink-3">
      ·
    </span>
  )
}

/** When the copy was taken that stands in the sandbox; null while it is not known, and for a file. */
function useTakenAt(copyId: string | null): string | null {
  const [takenAt, setTakenAt] = useState<string | null>(null)
  useEffect(() => {
    if (copyId === null) return
    // without it the page still says which database it is
    call('copy.show', { id: copyId }).then(
      (copy) => setTakenAt(copy.takenAt),
      () => setTakenAt(null),
    )
  }, [copyId])
  return takenAt
}

function Gone() {
  const { t } = useTranslation()
  const go = useView((state) => state.go)
  return (
    <Panel>
      <Empty
        title={t('browse.gone')}
        actions={<Button onClick={() => go({ screen: 'copies' })}>{t('browse.toCopies')}</Button>}
      >
        {t('browse.goneText')}
      </Empty>
    </Panel>
  )
}

function Tables() {
  const { t } = useTranslation()
  const { tables, failure, reading, sandboxId, open } = useBrowse()
  if (failure) return <FailureNote failure={failure} retry={() => void open(sandboxId ?? '')} />
  return (
    <div className="@container flex min-h-0 flex-1">
      <div className="flex min-w-0 flex-1 overflow-hidden rounded-panel border bg-panel">
        {tables === null ? (
          <div className="flex-1 p-4">
            <Waiting text={t('state.loading')} />
          </div>
        ) : tables.length === 0 ? (
          <div className="flex-1">
            <Empty title={t('browse.noTables')}>{t('browse.noTablesText')}</Empty>
          </div>
        ) : (
          <>
            <TableList tables={tables} />
            {reading ? (
              <TableView
                key={`${reading.table.database}\0${reading.table.schema}\0${reading.table.name}`}
                reading={reading}
              />
            ) : (
              <div className="flex flex-1 items-center justify-center">
                <Empty title={t('browse.choose')}>{t('browse.chooseText')}</Empty>
              </div>
            )}
          </>
        )}
      </div>
    </div>
  )
}
