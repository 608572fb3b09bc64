import { useTranslation } from 'react-i18next'
import { settingsChangeSchema, type Settings as Values } from '#shared/settings.ts'
import { chooseFolder } from '../../actions/desktop.ts'
import { perform } from '../../actions/perform.ts'
import { changeSettings } from '../../actions/settings.ts'
import { printable } from '#shared/name.ts'
import { Button } from '../../parts/button.tsx'
import { FailureNote } from '../../parts/failure-note.tsx'
import { Page } from '../../parts/page.tsx'
import { Panel, Waiting } from '../../parts/panel.tsx'
import { Segments } from '../../parts/select.tsx'
import { useAppFacts } from '../../stores/facts.ts'
import { useSettings } from '../../stores/settings.ts'
import { About } from './about.tsx'
import { Keychain } from './keychain.tsx'
import { NumberSetting } from './number-setting.tsx'
import { SandboxSettings } from './sandbox-settings.tsx'
import { Setting } from './setting.tsx'
import { Upkeep } from './upkeep.tsx'
import { VaultSettings } from './vault-settings.tsx'

export function Settings() {
  const { t } = useTranslation()
  const { value, failure, refresh } = useSettings()
  return (
    <Page title={t('nav.settings')}>
      {failure && <FailureNote failure={failure} retry={() => void refresh()} />}
      {value ? (
        <>
          <Looks settings={value} />
          <Copies settings={value} />
          <SandboxSettings settings={value} />
          <VaultSettings settings={value} />
          <Keychain />
          <Upkeep />
          <About />
        </>
      ) : (
        !failure && (
          <Panel>
            <Waiting text={t('state.loading')} />
          </Panel>
        )
      )}
    </Page>
  )
}

function Looks({ settings }: { settings: Values }) {
  const { t } = useTranslation()
  return (
    <Panel flush>
      <Setting title={t('settings.language')}>
        <Segments
          silent
          label={t('settings.language')}
          value={settings.language}
          onChange={(language) => void changeSettings({ language })}
          choices={[
            { value: 'system', label: t('settings.system') },
            // Each language under its own name, whatever is shown now.
            { value: 'en', label: 'English' },
            { value: 'zh-CN', label: '简体中文' },
          ]}
        />
      </Setting>
      <Setting title={t('settings.theme')}>
        <Segments
          silent
          label={t('settings.theme')}
          value={settings.theme}
          onChange={(theme) => void changeSettings({ theme })}
          choices={[
            { value: 'system', label: t('settings.system') },
            { value: 'light', label: t('settings.light') },
            { value: 'dark', label: t('settings.dark') },
          ]}
        />
      </Setting>
    </Panel>
  )
}

function Copies({ settings }: { settings: Values }) {
  const { t } = useTranslation()
  const facts = useAppFacts((state) => state.value)
  const folder = settings.copiesDir ?? facts?.copiesDir ?? null
  const choose = (): void =>
    void perform(t('settings.copiesDir'), async () => {
      const chosen = await chooseFolder(folder)
      if (chosen === null) return
      await changeSettings({ copiesDir: chosen })
      await useAppFacts.getState().refresh()
    })
  return (
    <Panel flush>
      <Setting
        name="copiesDir"
        title={t('settings.copiesDir')}
        text={<span className="font-mono text-xs break-all">{printable(folder ?? '')}</span>}
      >
        <Button onClick={choose}>{t('action.choose')}</Button>
      </Setting>
      <Setting name="ageLimit" title={t('settings.ageLimit')} text={t('settings.ageLimitText')}>
        <NumberSetting
          label={t('settings.ageLimit')}
          unit={t('settings.hours')}
          value={settings.ageLimitHours}
          schema={settingsChangeSchema.shape.ageLimitHours}
          onKeep={(ageLimitHours) => void changeSettings({ ageLimitHours })}
        />
      </Setting>
    </Panel>
  )
}
