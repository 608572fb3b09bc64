import { useTranslation } from 'react-i18next'
import type { Overview as State } from '#shared/overview.ts'
import { defaultSettings } from '#shared/settings.ts'
import { Button } from '../../parts/button.tsx'
import { FailureNote } from '../../parts/failure-note.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty, Panel, Waiting } from '../../parts/panel.tsx'
import { useNow } from '../../stores/now.ts'
import { useOverview } from '../../stores/overview.ts'
import { useServers } from '../../stores/servers.ts'
import { useSettings } from '../../stores/settings.ts'
import { useView } from '../../stores/view.ts'
import { FirstStart } from '../first-start/first-start.tsx'
import { Legend } from './calendar.tsx'
import { CareList } from './care-list.tsx'
import { DatabaseCard } from './database-card.tsx'
import { headlineOf } from './headline.ts'
import { byUrgency } from './standing.ts'

/** Are we safe? Answered in sentences, worst first, and never better than it was proven. */
export function Overview() {
  const { t } = useTranslation()
  const { value, failure, refresh } = useOverview()
  const servers = useServers((state) => state.value)
  if (value && servers?.length === 0 && value.databases.length === 0) return <FirstStart />
  if (!value) {
    return (
      <Page title={t('nav.overview')}>
        {failure ? (
          <FailureNote failure={failure} retry={() => void refresh()} />
        ) : (
          <Panel>
            <Waiting text={t('state.loading')} />
          </Panel>
        )}
      </Page>
    )
  }
  return <Known overview={value} />
}

function Known({ overview }: { overview: State }) {
  const { t } = useTranslation()
  const failure = useOverview((state) => state.failure)
  const limit = useSettings((state) => state.value?.ageLimitHours ?? defaultSettings.ageLimitHours)
  const now = useNow((state) => state.now)
  const { databases, care } = overview
  if (databases.length === 0) return <NoDatabase />
  const headline = headlineOf(databases, limit, now, t)
  return (
    <Page title={headline.title} under={headline.meaning}>
      {failure && <FailureNote failure={failure} />}
      <CareList care={care} />
      <div className="flex flex-col gap-3.5">
        {byUrgency(databases, limit, now).map((state) => (
          <DatabaseCard key={state.database.id} state={state} />
        ))}
      </div>
      <Legend />
    </Page>
  )
}

function NoDatabase() {
  const { t } = useTranslation()
  const go = useView((state) => state.go)
  return (
    <Page title={t('overview.noDatabaseTitle')}>
      <Panel>
        <Empty
          title={t('overview.noDatabase')}
          actions={
            <Button variant="primary" onClick={() => go({ screen: 'servers' })}>
              {t('action.showServers')}
            </Button>
          }
        >
          {t('overview.noDatabaseText')}
        </Empty>
      </Panel>
    </Page>
  )
}
