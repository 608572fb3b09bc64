import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Copy } from '#shared/copy.ts'
import { printable } from '#shared/name.ts'
import { showInFolder } from '../../actions/desktop.ts'
import { checkCopy, removeCopy } from '../../actions/jobs.ts'
import { Button } from '../../parts/button.tsx'
import { FailureNote } from '../../parts/failure-note.tsx'
import { LabelTag, Name } from '../../parts/label.tsx'
import { Page, Trail } from '../../parts/page.tsx'
import { Panel, Waiting } from '../../parts/panel.tsx'
import { Ago, Moment } from '../../parts/time.tsx'
import { underWay, useJobs } from '../../stores/jobs.ts'
import { useCopy } from '../../stores/copy.ts'
import { useView } from '../../stores/view.ts'
import { ChangesPanel } from './changes-panel.tsx'
import { CopyFacts } from './copy-facts.tsx'
import { Evidence } from './evidence.tsx'
import { Findings } from './findings.tsx'
import { Tables } from './tables.tsx'
import { VerifyButton } from './verify-button.tsx'

/** Everything about one copy: how far it is proven and by what, what is in it, where it came from. */
export function CopyPage({ id }: { id: string }) {
  const { t } = useTranslation()
  const copy = useCopy((state) => (state.id === id ? state.copy : null))
  const failure = useCopy((state) => state.failure)
  useEffect(() => void useCopy.getState().open(id), [id])
  if (copy) return <Known copy={copy} />
  return (
    <Page title={t('copy.one')} trail={<Trail to="copies">{t('nav.copies')}</Trail>}>
      {failure ? (
        <FailureNote failure={failure} retry={() => void useCopy.getState().refresh()} />
      ) : (
        <Panel>
          <Waiting text={t('state.loading')} />
        </Panel>
      )}
    </Page>
  )
}

function Known({ copy }: { copy: Copy }) {
  const { t } = useTranslation()
  const changes = useCopy((state) => state.changes)
  const failure = useCopy((state) => state.failure)
  return (
    <Page
      wideTitle
      title={printable(fileName(copy.file))}
      under={<UnderTitle copy={copy} />}
      trail={
        <span className="flex items-center gap-2">
          <Trail to="copies">{t('nav.copies')}</Trail>
          <Name text={copy.server} className="text-ink-1" />
          <LabelTag label={copy.label} />
        </span>
      }
      actions={<CopyActions copy={copy} />}
    >
      {failure && <FailureNote failure={failure} />}
      <div className="@container">
        <div className="grid gap-4 @[760px]:grid-cols-[minmax(0,1fr)_300px]">
          <Evidence copy={copy} />
          <ChangesPanel />
        </div>
      </div>
      {copy.findings.length > 0 && <Findings findings={copy.findings} />}
      <Tables copy={copy} changes={changes} />
      <CopyFacts copy={copy} />
    </Page>
  )
}

/** The file's own name, whatever the system's separator. */
export function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}

function UnderTitle({ copy }: { copy: Copy }) {
  const { t } = useTranslation()
  const zone = copy.source.timeZone
  return (
    <p className="flex flex-wrap gap-x-2">
      <span>
        {t('copy.takenAt')} <Moment iso={copy.takenAt} zone={zone} />
      </span>
      <Dot />
      <Ago iso={copy.takenAt} zone={zone} />
      <Dot />
      <span>{t(`originLong.${copy.origin}`)}</span>
      {copy.serverVersion && (
        <>
          <Dot />
          <span>PostgreSQL {printable(copy.serverVersion)}</span>
        </>
      )}
    </p>
  )
}

function Dot() {
  return (
    <span aria-hidden className="text-ink-3">
      ·
    </span>
  )
}

function CopyActions({ copy }: { copy: Copy }) {
  const { t } = useTranslation()
  const go = useView((state) => state.go)
  const checking = useJobs((state) => underWay(state.jobs, 'check', { copyId: copy.id }) !== undefined)
  return (
    <>
      <VerifyButton copy={copy} />
      <Button busy={checking} onClick={() => checkCopy(copy)}>
        {checking ? t('action.checking') : t('action.checkAgain')}
      </Button>
      <Button onClick={() => go({ screen: 'compare', copyId: copy.id })}>{t('compare.compareWith')}</Button>
      <Button onClick={() => showInFolder(copy.id)}>{t('action.showInFolder')}</Button>
      <Button variant="danger" onClick={() => removeCopy(copy.id)}>
        {t('action.remove')}
      </Button>
    </>
  )
}
