import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Job } from '#shared/job.ts'
import type { Care } from '#shared/overview.ts'
import { printable } from '#shared/name.ts'
import { backUpNow, sealNow } from '../../actions/jobs.ts'
import { verifyCopy } from '../../actions/verify.ts'
import { Button } from '../../parts/button.tsx'
import { Subject } from '../../parts/label.tsx'
import { OutcomeMark } from '../../parts/outcome.tsx'
import { underWay, useJobs } from '../../stores/jobs.ts'
import { useView } from '../../stores/view.ts'
import { useFormat } from '../../words/format.ts'
import { driftParts } from './drift-words.ts'

const shownAtMost = 6

/** What needs care, as sentences with one button each. The first button is the screen's one primary action. */
export function CareList({ care }: { care: readonly Care[] }) {
  const { t } = useTranslation()
  const [all, setAll] = useState(false)
  if (care.length === 0) return null
  const shown = all ? care : care.slice(0, shownAtMost)
  const rest = care.length - shown.length
  return (
    <section aria-label={t('overview.care')} className="rounded-panel border bg-panel">
      <ul>
        {shown.map((item, index) => (
          <li
            key={`${item.kind}-${item.kind === 'failed' ? item.what : item.kind === 'damaged' ? item.copyId : ''}-${item.server}-${item.label}`}
            className="flex items-center gap-3 border-t px-3.5 py-2.5 first:border-t-0"
          >
            <OutcomeMark outcome={item.kind === 'damaged' || item.kind === 'failed' ? item.kind : 'care'} size={14} />
            <p className="min-w-0 flex-1 leading-6">
              <Subject server={item.server} label={item.label} strong />
              {t('sentence.colon')}
              <CareWords item={item} />
            </p>
            <CareButton item={item} primary={index === 0} />
          </li>
        ))}
      </ul>
      {rest > 0 && (
        <button
          type="button"
          onClick={() => setAll(true)}
          className="w-full border-t px-3.5 py-2 text-left text-sm text-accent hover:underline focus-visible:-outline-offset-2"
        >
          {t('overview.moreCare', { count: rest })}
        </button>
      )}
    </section>
  )
}

function CareWords({ item }: { item: Care }) {
  const { t } = useTranslation()
  const format = useFormat()
  switch (item.kind) {
    case 'no-copy':
      return t('care.noCopy')
    case 'damaged': {
      const text = item.origin === 'backup' ? 'care.damagedBackup' : 'care.damagedDump'
      return (
        <>
          {t(text, { when: format.dateTime(item.takenAt) })}{' '}
          <span className="text-ink-2">{printable(item.detail)}</span>
        </>
      )
    }
    case 'old':
      return t('care.old', { when: format.dateTime(item.newestAt) })
    case 'ahead':
      return t('care.ahead', { when: format.dateTime(item.takenAt) })
    case 'unsealed':
      return t('care.unsealed', { count: item.files })
    case 'unproven':
      return item.provenAt === null
        ? t('care.neverRestored')
        : t('care.restoredLongAgo', { when: format.dateTime(item.provenAt) })
    case 'drift':
      return t('care.drift', { when: format.dateTime(item.at), what: format.list(driftParts(item, t)) })
    case 'failed':
      return (
        <>
          {t(`care.failed-${item.what}`, { when: format.dateTime(item.at) })}{' '}
          <span className="text-ink-2">{printable(item.message)}</span>
        </>
      )
  }
}

function CareButton({ item, primary }: { item: Care; primary: boolean }) {
  const { t } = useTranslation()
  const go = useView((state) => state.go)
  const busy = useJobs((state) => isUnderWay(state.jobs, item))
  const { server, label } = item
  const button = (text: string, onClick: () => void, busyText = text) => (
    <Button variant={primary ? 'primary' : 'plain'} busy={busy} onClick={onClick}>
      {busy ? busyText : text}
    </Button>
  )
  switch (item.kind) {
    case 'no-copy':
    case 'old':
      return button(
        t('action.backUpNow'),
        () => backUpNow({ id: item.databaseId, serverName: server, label }),
        t('action.backingUp'),
      )
    case 'drift':
    case 'unsealed':
      return button(
        t('action.sealNow'),
        () => sealNow({ id: item.databaseId, serverName: server, label }),
        t('job.step.seal'),
      )
    case 'ahead':
      return button(t('action.showCopy'), () => go({ screen: 'copy', id: item.copyId }))
    case 'failed':
      return button(t('action.show'), () => go({ screen: 'activity', jobId: item.jobId }))
    case 'unproven':
      return button(t('action.verify'), () => verifyCopy({ id: item.copyId, server, label }), t('action.verifying'))
    case 'damaged':
      return button(t('action.showDamage'), () => go({ screen: 'copy', id: item.copyId }))
  }
}

/** What its button would do is being done: a second press would do all of it a second time. */
function isUnderWay(jobs: readonly Job[] | null, item: Care): boolean {
  switch (item.kind) {
    case 'no-copy':
    case 'old':
      return underWay(jobs, 'backup', item) !== undefined
    case 'drift':
    case 'unsealed':
      return underWay(jobs, 'seal', item) !== undefined
    case 'unproven':
      return underWay(jobs, 'verify', item) !== undefined
    case 'ahead':
    case 'failed':
    case 'damaged':
      return false
  }
}
