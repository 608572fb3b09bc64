import { LifeboatFailure } from '#shared/failure.ts'
import { passphraseReference, type VaultTools } from './tools.ts'

const longestBytes = 4096

/** Why nothing may be sealed with a passphrase; null when it may. Opening knows no such rules. */
function whyNoPassphrase(passphrase: string): string | null {
  if (passphrase === '') return 'An empty passphrase protects nothing.'
  if (/[\p{Cc}\p{Cs}]/u.test(passphrase))
    return 'A passphrase with a line break or another control character can not be typed when gpg asks for it.'
  if (Buffer.byteLength(passphrase) > longestBytes) return `A passphrase has at most ${longestBytes} bytes.`
  return null
}

/**
 * A passphrase to seal with: the one that the vault is unlocked with, or that the keychain holds, when `reuse`; else the
 * operator is asked for a new one, twice.
 * @throws LifeboatFailure passphrase-refused · answer-needed
 */
export async function passphraseToSealWith(
  subject: { server: string; label: string },
  reuse: boolean,
  tools: VaultTools,
  signal: AbortSignal,
): Promise<string> {
  const available = (await tools.keychain.status()) === 'available'
  if (reuse) {
    const held = tools.lock.passphrases()[0] ?? (available ? await tools.keychain.get(passphraseReference) : null)
    if (held !== null && whyNoPassphrase(held) === null) return held
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
