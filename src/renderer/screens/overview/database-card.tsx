import { useTranslation } from 'react-i18next'
import type { DatabaseState } from '#shared/overview.ts'
import { backUpNow, pull } from '../../actions/jobs.ts'
import { verifyCopy } from '../../actions/verify.ts'
import { Button } from '../../parts/button.tsx'
import { Ladder } from '../../parts/ladder.tsx'
import { LabelTag, Name } from '../../parts/label.tsx'
import { OutcomeText } from '../../parts/outcome.tsx'
import { Ago } from '../../parts/time.tsx'
import { underWay, useJobs } from '../../stores/jobs.ts'
import { useServerZones } from '../../stores/zones.ts'
import { useView } from '../../stores/view.ts'
import { useCopies } from '../../stores/copies.ts'
import { Calendar } from './calendar.tsx'
import { SizeTrend } from './size-trend.tsx'
import { toVerify } from './standing.ts'
import { StandingSentence } from './standing-sentence.tsx'
import { useFormat } from '../../words/format.ts'

/** One database: what would be lost, how far its newest copy is proven, and how it went lately. */
export function DatabaseCard({ state }: { state: DatabaseState }) {
  const { t } = useTranslation()
  const { database, newest } = state
  return (
    <article
      aria-label={`${database.serverName} ${database.label}`}
      className="@container rounded-panel border bg-panel px-4.5 py-4"
    >
      <div className="grid grid-cols-[128px_minmax(0,1fr)_156px] gap-x-6 gap-y-4 @[760px]:grid-cols-[minmax(0,1fr)_124px_208px_156px]">
        <div className="col-span-full flex min-w-0 flex-col gap-1.5 @[760px]:col-span-1">
          <h2 className="flex min-w-0 items-center gap-2 text-lg font-bold">
            <Name text={database.serverName} />
            <LabelTag label={database.label} />
          </h2>
          <StandingSentence state={state} />
          <CardActions state={state} />
        </div>
        <Figure title={t('overview.newestCopy')}>
          <div className="flex gap-3">
            <Ladder proofs={newest?.proofs ?? []} />
            <NewestWords state={state} />
          </div>
        </Figure>
        <Figure title={t('overview.calendar')}>
          <Calendar days={state.days} />
        </Figure>
        <Figure title={t('overview.size')}>
          <SizeTrend sizes={state.sizes} />
        </Figure>
      </div>
    </article>
  )
}

function Figure({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div className="min-w-0">
      <p className="mb-1.5 truncate text-xs text-ink-3">{title}</p>
      {children}
    </div>
  )
}

function NewestWords({ state }: { state: DatabaseState }) {
  const { t } = useTranslation()
  const { newest } = state
  const zone = useServerZones().get(state.database.serverName) ?? null
  if (!newest) return <p className="text-sm text-ink-3">{t('overview.none')}</p>
  return (
    <p className="flex min-w-0 flex-col items-start text-sm leading-5">
      {newest.face === 'proven' && newest.rung ? (
        <span className="font-semibold">{t(`rung.${newest.rung}`)}</span>
      ) : (
        <OutcomeText outcome={newest.face} />
      )}
      <span className="text-ink-3">
        <Ago iso={newest.takenAt} zone={zone} />
      </span>
      <CopiesLink state={state} />
    </p>
  )
}

/** The way to all copies of this database. */
function CopiesLink({ state: { database, copies } }: { state: DatabaseState }) {
  const { t } = useTranslation()
  const go = useView((store) => store.go)
  return (
    <button
      type="button"
      onClick={() => {
        useCopies.getState().setFilter({ server: database.serverName, label: database.label, text: '' })
        go({ screen: 'copies' })
      }}
      className="rounded-[4px] text-accent hover:underline"
    >
      {t('overview.copies', { count: copies })}
    </button>
  )
}

function CardActions({ state }: { state: DatabaseState }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { database } = state
  const copy = toVerify(state)
  const backingUp = useJobs((store) => underWay(store.jobs, 'backup', { databaseId: database.id }) !== undefined)
  const pulling = useJobs((store) => underWay(store.jobs, 'pull', { databaseId: database.id }) !== undefined)
  const verifying = useJobs(
    (store) => copy !== null && underWay(store.jobs, 'verify', { copyId: copy.id }) !== undefined,
  )
  return (
    <div className="mt-1 flex flex-wrap gap-2">
      <Button
        busy={backingUp}
        onClick={() => backUpNow(database)}
        title={
          state.lastBackupSeconds === null
            ? undefined
            : t('job.lastTook', { span: format.duration(state.lastBackupSeconds) })
        }
      >
        {backingUp ? t('action.backingUp') : t('action.backUpNow')}
      </Button>
      {database.backups !== null && (
        <Button busy={pulling} onClick={() => pull(database, { kind: 'newest' })}>
          {t('action.pullNewest')}
        </Button>
      )}
      {copy && (
        <Button busy={verifying} onClick={() => verifyCopy(copy)}>
          {verifying ? t('action.verifying') : t('action.verify')}
        </Button>
      )}
    </div>
  )
}
