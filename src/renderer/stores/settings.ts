import { call } from '../bridge.ts'
import { createResource } from './resource.ts'

export const useSettings = createResource(() => call('settings.get', {}))

/** What the keychain remembers for Lifeboat: names only, never the secrets. */
export const useKeychain = createResource(() => call('keychain.list', {}))
