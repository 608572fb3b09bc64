import { passphraseReference } from '#engine/vault/tools.ts'
import type { Context, Handlers } from './context.ts'

/** References are `server:<id>:password:<account>`, `key:<file>` and `vault:…`; what they guard can be named without showing it. */
export function keychainHandlers({
  catalogue,
  keychain,
}: Context): Pick<Handlers, 'keychain.list' | 'keychain.forget'> {
  const subjectOf = (reference: string): string => {
    const [kind, id] = reference.split(':')
    if (kind === 'vault') return reference === passphraseReference ? 'vault' : 'vault (fingerprints)'
    if (kind === 'server' && id !== undefined) return catalogue.servers.get(id)?.name ?? reference
    return reference.slice(reference.indexOf(':') + 1)
  }
  return {
    'keychain.list': async () =>
      (await keychain.list()).map((reference) => ({ reference, subject: subjectOf(reference) })),
    'keychain.forget': async ({ reference }) => {
      await keychain.delete(reference)
      return {}
    },
  }
}
