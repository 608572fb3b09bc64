import { LifeboatFailure } from '#shared/failure.ts'
import type { Context, Handlers } from './context.ts'

type Words = Extract<keyof Handlers, `vault.${string}`>

export function vaultHandlers({ keychain }: Context): Pick<Handlers, Words> {
  const notYet = async (): Promise<never> => {
    throw new LifeboatFailure('not-checkable', 'This version can not open the vault.')
  }
  const locked = async () => ({
    unlocked: false,
    locksAt: null,
    idleMinutes: 10,
    keychain: await keychain.status(),
    remembered: false,
    gpg: null,
  })
  return {
    'vault.list': async () => [],
    'vault.state': locked,
    'vault.lock': locked,
    'vault.unlock': notYet,
    'vault.show': notYet,
    'vault.reveal': notYet,
    'vault.diff': notYet,
    'vault.seal': notYet,
    'vault.drift': notYet,
    'vault.result': async () => null,
    'vault.open': notYet,
    'vault.put': notYet,
    'vault.export': notYet,
    'vault.recoverySheet': notYet,
    'vault.recipients': async () => [],
    'vault.importRecipient': notYet,
    'vault.removeRecipient': notYet,
  }
}
