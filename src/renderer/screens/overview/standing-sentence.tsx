import { useTranslation } from 'react-i18next'
import { isAhead, type DatabaseState } from '#shared/overview.ts'
import { useNow } from '../../stores/now.ts'
import { atMost, useFormat } from '../../words/format.ts'
import { Sentence } from '../../words/sentence.tsx'
import { ageSeconds, newerIsDamaged } from './standing.ts'

/** What would be lost if the server vanished now, and what is known about getting back. */
export function StandingSentence({ state }: { state: DatabaseState }) {
  const { t } = useTranslation()
  const format = useFormat()
  const now = useNow((store) => store.now)
  const { newest, newestGood } = state
  if (!newest) return <p className="text-ink-2">{t('overview.loseAll')}</p>
  if (!newestGood) {
    return (
      <p className="text-ink-2">{newest.face === 'damaged' ? t('overview.onlyDamaged') : t('overview.onlyUnread')}</p>
    )
  }
  if (isAhead(newestGood.takenAt, now)) return <p className="text-ink-2">{t('overview.loseUnknown')}</p>
  const span = (
    <b className="font-semibold whitespace-nowrap text-ink-1">
      {format.duration(atMost(ageSeconds(newestGood.takenAt, now)))}
    </b>
  )
  return (
    <p className="text-ink-2">
      <Sentence k={newestGood.origin === 'dump' ? 'overview.lose' : 'overview.loseAbout'} values={{ span }} />
      {t('sentence.gap')}
      {newerIsDamaged(state) && t('overview.newerDamaged') + t('sentence.gap')}
      <LastRestore restore={state.lastRestore} />
    </p>
  )
}

/** Only what was measured: how long the last restore took, or that there was none. */
function LastRestore({ restore }: { restore: DatabaseState['lastRestore'] }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (!restore) return t('overview.notRestored')
  const span = (
    <b className="font-semibold whitespace-nowrap text-ink-1" title={format.exactTime(restore.at)}>
      {format.duration(restore.seconds)}
    </b>
  )
  return <Sentence k="overview.restoreTook" values={{ span }} />
}
