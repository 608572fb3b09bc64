import { generateKeyPairSync } from 'node:crypto'
import type { Algorithms, ServerHostKeyAlgorithm } from 'ssh2'

/** Host key algorithms of each type of key. SHA-1 signatures (`ssh-rsa` as an algorithm) are left out on purpose. */
const hostKeyAlgorithms: readonly (readonly [type: string, algorithms: readonly ServerHostKeyAlgorithm[]])[] = [
  ['ssh-ed25519', ['ssh-ed25519']],
  ['ecdsa-sha2-nistp256', ['ecdsa-sha2-nistp256']],
  ['ecdsa-sha2-nistp384', ['ecdsa-sha2-nistp384']],
  ['ecdsa-sha2-nistp521', ['ecdsa-sha2-nistp521']],
  ['ssh-rsa', ['rsa-sha2-512', 'rsa-sha2-256']],
]

/** Every type of host key that is accepted at all. */
export const hostKeyTypes: readonly string[] = hostKeyAlgorithms.map(([type]) => type)

/**
 * What we offer to a server: nothing with SHA-1, CBC or compression; host keys of the preferred types first.
 * ssh2's own key exchanges and ciphers hold neither SHA-1 nor CBC and put AES-GCM first; they also leave out what this
 * Node's crypto lacks (chacha20 under Electron, which throws when named), so they are taken as they are.
 */
export function modernAlgorithms(preferred: readonly string[], without: readonly string[] = []): Algorithms {
  const types = hostKeyAlgorithms.filter(
    ([type]) => !without.includes(type) && (type !== 'ssh-ed25519' || hasEd25519()),
  )
  const first = types.filter(([type]) => preferred.includes(type))
  const rest = types.filter(([type]) => !preferred.includes(type))
  return {
    hmac: { append: [], prepend: [], remove: ['hmac-sha1-etm@openssh.com', 'hmac-sha1'] },
    serverHostKey: [...first, ...rest].flatMap(([, algorithms]) => algorithms),
    compress: ['none'],
  }
}

let ed25519: boolean | undefined
function hasEd25519(): boolean {
  ed25519 ??= tries(() => generateKeyPairSync('ed25519'))
  return ed25519
}

function tries(attempt: () => unknown): boolean {
  try {
    attempt()
    return true
  } catch {
    return false
  }
}
