import { useTranslation } from 'react-i18next'
import { sealToCompare } from '#shared/vault.ts'
import { compareWithServer } from '../../actions/vault.ts'
import { Button } from '../../parts/button.tsx'
import { CancelButton } from '../../parts/cancel-button.tsx'
import { FailureNote } from '../../parts/failure-note.tsx'
import { OutcomeMark } from '../../parts/outcome.tsx'
import { Ago, Moment } from '../../parts/time.tsx'
import { useDrifts } from '../../stores/drifts.ts'
import { useJobs } from '../../stores/jobs.ts'
import { Sentence } from '../../words/sentence.tsx'
import { DifferenceTable } from './difference-table.tsx'
import { differentCount, sameCount } from './difference-rows.ts'
import type { Group } from './groups.ts'
import { seenCount, useGroupDrift, useGroupSeen } from './standing.tsx'

/** Is the newest seal still what the server has? Keys by name, never a value. */
export function DriftPanel({ group }: { group: Group }) {
  const { t } = useTranslation()
  const { databaseId } = group
  const known = useDrifts((state) => (databaseId === null ? undefined : state.drifts[databaseId]))
  const job = useJobs((state) => state.jobs?.find(({ id }) => id === known?.jobId))
  const drift = useGroupDrift(group)
  const seen = useGroupSeen(group)
  // not always the newest: one that holds all files of the database is
  const compared = group.seals.find(({ id }) => id === (drift ?? seen)?.sealId)
  const running = known?.running ?? false
  if (databaseId === null) return null
  const compare = (): void => compareWithServer(databaseId)
  const differs = drift !== null && !running && differentCount(drift) > 0
  // numbers alone where it was seen before a backup, or before this window was opened
  const count = drift !== null ? differentCount(drift) : seen !== null ? seenCount(seen) : null
  return (
    <section aria-label={t('vault.driftTitle')} className="flex flex-col overflow-hidden rounded-panel border bg-panel">
      <div className={`flex items-center gap-3 px-4.5 py-2.5 ${differs ? 'row-line' : ''}`}>
        <div className="flex min-w-0 flex-1 items-start gap-2.5" role="status">
          <span className="pt-0.5">
            <OutcomeMark outcome={running ? 'running' : markOf(count, known?.failure ?? null)} />
          </span>
          <div className="min-w-0 flex-1">
            <h2 className="font-semibold">{t('vault.driftTitle')}</h2>
            <p className="text-sm text-ink-2">
              {running ? (
                job ? (
                  t(`job.step.${job.step}`)
                ) : (
                  t('vault.comparing')
                )
              ) : drift ? (
                <>
                  {differs
                    ? t('vault.driftDiffers', { count: differentCount(drift) })
                    : t('vault.driftSame', { count: sameCount(drift) })}{' '}
                  <span className="text-ink-3">
                    <Ago iso={drift.at} />
                  </span>
                </>
              ) : seen && count !== null ? (
                <>
                  {count > 0 ? t('vault.driftSeen', { count }) : t('vault.seenSame')}{' '}
                  <span className="text-ink-3">
                    <Ago iso={seen.at} />
                  </span>
                </>
              ) : (
                t(sealToCompare(group.seals, group.env)?.driftReady ? 'vault.driftReady' : 'vault.driftText')
              )}
            </p>
            {compared && !running && (
              <p className="text-sm text-ink-3">
                <Sentence k="vault.comparedSeal" values={{ when: <Moment iso={compared.sealedAt} /> }} />
              </p>
            )}
          </div>
        </div>
        {running ? (
          job && <CancelButton small job={job} />
        ) : (
          <Button small onClick={compare}>
            {count !== null ? t('vault.compareAgain') : t('vault.compareNow')}
          </Button>
        )}
      </div>
      {known?.failure && !running && (
        <div className="px-4.5 pb-3">
          <FailureNote failure={known.failure} about={job} retry={compare} />
        </div>
      )}
      {differs && <DifferenceTable difference={drift} sides="server" maxHeight={324} />}
    </section>
  )
}

function markOf(count: number | null, failure: unknown): 'proven' | 'care' | 'not-checked' | 'failed' {
  if (failure) return 'failed'
  if (count === null) return 'not-checked'
  return count === 0 ? 'proven' : 'care'
}
