import { useTranslation } from 'react-i18next'
import { printable } from '#shared/name.ts'
import { settingsChangeSchema, type Settings } from '#shared/settings.ts'
import { changeSettings } from '../../actions/settings.ts'
import { Panel } from '../../parts/panel.tsx'
import { useVaultState } from '../../stores/seals.ts'
import { LockButton } from '../vault/lock-control.tsx'
import { NumberSetting } from './number-setting.tsx'
import { Setting } from './setting.tsx'

/** When the vault locks itself, and what opens it. */
export function VaultSettings({ settings }: { settings: Settings }) {
  const { t } = useTranslation()
  const state = useVaultState((store) => store.value)
  if (!state) return null
  return (
    <Panel flush>
      <Setting
        title={t('settings.vault')}
        text={
          <>
            {t('settings.vaultText', { count: settings.vaultIdleMinutes })}
            {state.remembered && <> {t('settings.vaultRemembered')}</>}{' '}
            {state.gpg === null ? t('settings.vaultNoGpg') : t('settings.vaultGpg', { version: printable(state.gpg) })}
          </>
        }
      >
        {state.unlocked && <LockButton />}
      </Setting>
      <Setting name="vaultIdle" title={t('settings.vaultIdle')} text={t('settings.vaultIdleText')}>
        <NumberSetting
          label={t('settings.vaultIdle')}
          unit={t('settings.minutes')}
          value={settings.vaultIdleMinutes}
          schema={settingsChangeSchema.shape.vaultIdleMinutes}
          onKeep={(vaultIdleMinutes) => void changeSettings({ vaultIdleMinutes })}
        />
      </Setting>
    </Panel>
  )
}
