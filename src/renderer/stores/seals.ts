import { call } from '../bridge.ts'
import { createResource } from './resource.ts'

/** Every seal, newest first. */
export const useSeals = createResource(() => call('vault.list', {}))

/** What was last seen of each database's server beside its seal, in numbers: also before a backup, also before a reload. */
export const useDriftsSeen = createResource(() => call('vault.drifts', {}))

/** Whether the vault is open, and until when. */
export const useVaultState = createResource(() => call('vault.state', {}))

/** The public keys that can be sealed for. Asking starts the operator's gpg, so it happens when somebody looks. */
export const useRecipients = createResource(() => call('vault.recipients', {}))
