import { useTranslation } from 'react-i18next'
import { Fact, Facts, Panel } from '../../parts/panel.tsx'
import { useAppFacts, useShellFacts } from '../../stores/facts.ts'

/** What this is and what it stands on. */
export function About() {
  const { t } = useTranslation()
  const app = useAppFacts((state) => state.value)
  const shell = useShellFacts((state) => state.value)
  if (!app) return null
  return (
    <Panel title={t('about.title')}>
      <Facts>
        <Fact name="Lifeboat">{app.version}</Fact>
        <Fact name={t('about.data')}>
          <span className="font-mono text-xs break-all">{app.dataDir}</span>
        </Fact>
        {shell && <Fact name="Electron">{shell.electron}</Fact>}
        <Fact name="Node · SQLite">{`${app.node} · ${app.sqlite}`}</Fact>
      </Facts>
    </Panel>
  )
}
