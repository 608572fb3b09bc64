import { useTranslation } from 'react-i18next'
import { printable } from '#shared/name.ts'
import { Panel } from '../../parts/panel.tsx'
import { useVaultState } from '../../stores/seals.ts'
import { LockButton } from '../vault/lock-control.tsx'
import { Setting } from './setting.tsx'

/** When the vault locks itself, and what opens it. */
export function VaultSettings() {
  const { t } = useTranslation()
  const state = useVaultState((store) => store.value)
  if (!state) return null
  return (
    <Panel flush>
      <Setting
        title={t('settings.vault')}
        text={
          <>
            {t('settings.vaultText', { count: state.idleMinutes })}
            {state.remembered && <> {t('settings.vaultRemembered')}</>}{' '}
            {state.gpg === null ? t('settings.vaultNoGpg') : t('settings.vaultGpg', { version: printable(state.gpg) })}
          </>
        }
      >
        {state.unlocked && <LockButton />}
      </Setting>
    </Panel>
  )
}
