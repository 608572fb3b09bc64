import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { settingsChangeSchema, type Settings } from '#shared/settings.ts'
import { changeSettings } from '../../actions/settings.ts'
import { Button } from '../../parts/button.tsx'
import { FailureNote } from '../../parts/failure-note.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Segments } from '../../parts/select.tsx'
import { useEngines } from '../../stores/sandboxes.ts'
import { EngineStatus } from './engine-status.tsx'
import { NumberSetting } from './number-setting.tsx'
import { Setting } from './setting.tsx'

/** What copies are restored in: the choice, and what can be had on this computer. */
export function SandboxSettings({ settings }: { settings: Settings }) {
  const { t } = useTranslation()
  return (
    <Panel flush>
      <Setting name="sandbox" title={t('settings.sandbox')} text={t('settings.sandboxText')}>
        <Segments
          silent
          label={t('settings.sandbox')}
          value={settings.sandbox}
          onChange={(sandbox) => void changeSettings({ sandbox })}
          choices={[
            { value: 'auto', label: t('sandbox.auto') },
            { value: 'docker', label: 'Docker' },
            { value: 'embedded', label: t('sandbox.embedded') },
          ]}
        />
      </Setting>
      <Engines />
      <Setting name="keepSandbox" title={t('settings.keepSandbox')} text={t('settings.keepSandboxText')}>
        <NumberSetting
          label={t('settings.keepSandbox')}
          unit={t('settings.minutes')}
          value={settings.keepSandboxMinutes}
          schema={settingsChangeSchema.shape.keepSandboxMinutes}
          onKeep={(keepSandboxMinutes) => void changeSettings({ keepSandboxMinutes })}
        />
      </Setting>
    </Panel>
  )
}

function Engines() {
  const { t } = useTranslation()
  const { value, failure, loading, refresh } = useEngines()
  useEffect(() => void refresh(), [refresh])
  return (
    <div className="flex items-start gap-4 border-t bg-sunken px-4.5 py-3">
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        {failure && <FailureNote bare failure={failure} />}
        {value === null && !failure && <p className="text-ink-3">{t('sandbox.looking')}</p>}
        {(value ?? []).map((facts) => (
          <EngineStatus key={facts.kind} facts={facts} />
        ))}
      </div>
      <Button small busy={loading} onClick={() => void refresh()}>
        {t('action.lookAgain')}
      </Button>
    </div>
  )
}
