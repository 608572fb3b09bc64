import type { Answer } from '#shared/prompt.ts'
import type { OpenPgp } from '#engine/openpgp/thread.ts'
import type { Question } from '#engine/jobs/prompts.ts'
import type { VaultLock } from './lock.ts'

/** The keychain, by reference. `status` other than available: nothing may be kept. */
export type VaultKeychain = {
  status(): Promise<'available' | 'absent' | 'basic_text'>
  get(reference: string): Promise<string | null>
  set(reference: string, secret: string): Promise<void>
}

/** What the work of the vault is done with. */
export type VaultTools = {
  readonly openPgp: OpenPgp
  readonly lock: VaultLock
  readonly keychain: VaultKeychain
  ask(question: Question, signal: AbortSignal): Promise<Answer>
  now(): Date
}

/** Where the passphrase of the vault is kept when the operator wants that. */
export const passphraseReference = 'vault:passphrase'
