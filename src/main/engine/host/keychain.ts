import { LifeboatFailure } from '#shared/failure.ts'
import type { KeychainStatus } from '#shared/wire.ts'

/** Where secrets are kept: the desktop's keychain in the app, nowhere in a terminal. */
export type Keychain = {
  status(): Promise<KeychainStatus>
  get(reference: string): Promise<string | null>
  set(reference: string, secret: string): Promise<void>
  delete(reference: string): Promise<void>
  list(): Promise<string[]>
}

/** The terminal's keychain: it keeps nothing, so that every secret is asked for each time. */
export const noKeychain: Keychain = {
  status: async () => 'absent',
  get: async () => null,
  set: async () => {
    throw new LifeboatFailure('keychain-absent', 'There is no keychain here to keep a secret in.')
  },
  delete: async () => {},
  list: async () => [],
}
