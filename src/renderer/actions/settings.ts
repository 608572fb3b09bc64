import type { Settings } from '#shared/settings.ts'
import { call } from '../bridge.ts'
import { useVaultState } from '../stores/seals.ts'
import { useKeychain, useSettings } from '../stores/settings.ts'
import { perform, words } from './perform.ts'

export async function changeSettings(change: Partial<Settings>): Promise<boolean> {
  return perform(words()('action.saveSettings'), async () => {
    useSettings.setState({ value: await call('settings.set', change) })
  })
}

export function forget(reference: string): void {
  void perform(words()('action.forget'), async () => {
    await call('keychain.forget', { reference })
    await Promise.all([useKeychain.getState().refresh(), useVaultState.getState().refresh()])
  })
}
