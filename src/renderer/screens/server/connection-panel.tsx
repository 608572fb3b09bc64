import { useTranslation } from 'react-i18next'
import { testServer } from '../../actions/servers.ts'
import { Button } from '../../parts/button.tsx'
import { FailureNote } from '../../parts/failure-note.tsx'
import { Empty, Panel, Waiting } from '../../parts/panel.tsx'
import { Ago } from '../../parts/time.tsx'
import { useTests } from '../../stores/tests.ts'
import { Checks } from './checks.tsx'

export function ConnectionPanel({ serverId }: { serverId: string }) {
  const { t } = useTranslation()
  const test = useTests((state) => state.tests[serverId])
  const failure = useTests((state) => state.failures[serverId])
  const when = test ? (
    <span className="text-sm text-ink-3">{test.running ? t('test.running') : <Ago iso={test.at} />}</span>
  ) : undefined
  return (
    <Panel flush title={t('test.title')} aside={when}>
      {test ? (
        <Checks test={test} />
      ) : failure ? (
        <div className="p-3.5">
          <FailureNote failure={failure} retry={() => void useTests.getState().read(serverId)} />
        </div>
      ) : test === undefined ? (
        <div className="px-4.5 py-4">
          <Waiting text={t('state.loading')} />
        </div>
      ) : (
        <Empty
          title={t('test.never')}
          actions={<Button onClick={() => testServer(serverId)}>{t('action.testConnection')}</Button>}
        >
          {t('test.neverText')}
        </Empty>
      )}
    </Panel>
  )
}
