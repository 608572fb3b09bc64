import { LifeboatFailure } from '#shared/failure.ts'
import type { FoundSeal } from './list.ts'
import { opensWith } from './open-seal.ts'
import { passphraseReference, type VaultTools } from './tools.ts'

const longestBytes = 4096

/** Why nothing may be sealed with a passphrase; null when it may. Opening knows no such rules. */
function whyNoPassphrase(passphrase: string): string | null {
  if (passphrase === '') return 'An empty passphrase protects nothing.'
  if (/[\p{Cc}\p{Cs}]/u.test(passphrase))
    return 'A passphrase with a line break or another control character can not be typed when gpg asks for it.'
  if (passphrase.includes('\uFFFD'))
    return 'A sign of this passphrase could not be read (U+FFFD): gpg would be given another one. Is the terminal set to UTF-8?'
  if (Buffer.byteLength(passphrase) > longestBytes) return `A passphrase has at most ${longestBytes} bytes.`
  return null
}

/** What a seal is made after: the newest one of its database; undefined where it is the first one. */
export type AsBefore = { readonly newest: FoundSeal | undefined }

/**
 * A passphrase to seal with. As before: the one that opens the newest seal, of those that the keychain holds and that the
 * vault is unlocked with; for the first seal of a database the first of them. Else the operator is asked for a new one, twice.
 * @param before null: a new one is wanted
 * @throws LifeboatFailure passphrase-refused · answer-needed
 */
export async function passphraseToSealWith(
  subject: { server: string; label: string },
  before: AsBefore | null,
  tools: VaultTools,
  signal: AbortSignal,
): Promise<string> {
  const available = (await tools.keychain.status()) === 'available'
  if (before !== null) {
    const kept = available ? await tools.keychain.get(passphraseReference) : null
    const held = new Set([...(kept === null ? [] : [kept]), ...tools.lock.passphrases()])
    for (const passphrase of held) {
      if (whyNoPassphrase(passphrase) !== null) continue
      // what opened some other seal last may be an old one, that others know
      if (!before.newest || (await opensWith(passphrase, before.newest, tools))) return passphrase
    }
  }
  const answer = await tools.ask(
    {
      kind: 'secret',
      what: 'new-vault-passphrase',
      server: subject.server,
      subject: `${subject.server}/${subject.label}`,
      questions: [
        { text: 'New passphrase of the vault:', echo: false },
        { text: 'The same once more:', echo: false },
      ],
      again: false,
      canRemember: available,
    },
    signal,
  )
  if (answer.kind !== 'secret' || answer.answers === null)
    throw new LifeboatFailure('answer-needed', 'A passphrase is needed to seal with.')
  const [passphrase = '', again] = answer.answers
  if (passphrase !== again) throw new LifeboatFailure('passphrase-refused', 'The two passphrases are not the same.')
  const why = whyNoPassphrase(passphrase)
  if (why !== null) throw new LifeboatFailure('passphrase-refused', why)
  if (answer.remember && available) await tools.keychain.set(passphraseReference, passphrase)
  return passphrase
}
