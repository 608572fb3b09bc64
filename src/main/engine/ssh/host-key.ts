import { createHash } from 'node:crypto'
import { LifeboatFailure } from '#shared/failure.ts'
import { keyType, knownName, namesMatch, readKnownHosts, type KnownHost } from './known-hosts.ts'
import { pinsFor, placeOf } from './pins.ts'
import type { HostKey, HostTrust, Place, SshTarget } from './target.ts'

/** A host key as the server presented it. */
export type PresentedHostKey = HostKey & {
  readonly host: string
  readonly port: number
  /** the jump hosts before it, as in `Place` */
  readonly way: string
  /** `SHA256:…` as ssh-keygen -l prints it */
  readonly fingerprint: string
}

export type HostVerdict =
  | { readonly verdict: 'trusted'; readonly by: 'pin' | 'old-pin' | 'known_hosts' | 'expected' }
  /** nobody vouches for it; `otherTypes`: keys of other types that known_hosts holds for this host */
  | { readonly verdict: 'unknown'; readonly otherTypes: readonly string[] }
  /** `old`: what it differs from is a pin without a way, which may be another machine's */
  | { readonly verdict: 'changed'; readonly expected: readonly string[]; readonly old?: true }
  | { readonly verdict: 'revoked' }

/** `host-key-unknown` or `host-key-changed`, with the key, so that a person can be shown it and accept it. */
export class HostKeyFailure extends LifeboatFailure {
  readonly presented: PresentedHostKey
  /** the machine whose key it is, which may be one on the way */
  readonly label: string
  /** where the key is pinned once it is accepted */
  readonly place: Place
  /** types of other keys that are known for this host */
  readonly knownTypes: readonly string[]
  constructor(
    kind: 'host-key-unknown' | 'host-key-changed',
    message: string,
    target: SshTarget,
    presented: PresentedHostKey,
    knownTypes: readonly string[],
    detail: string,
  ) {
    super(kind, message, { detail })
    this.presented = presented
    this.label = target.label
    this.place = placeOf(target)
    this.knownTypes = knownTypes
  }
}

/** Everything that is known about one host, collected before the handshake so that the decision itself needs no waiting. */
export type HostKnowledge = {
  readonly expected: string | undefined
  /** accepted for this machine as it is reached */
  readonly pins: readonly HostKey[]
  /** accepted at its host and port when no way was kept, and not yet seen to belong to another way */
  readonly oldPins: readonly HostKey[]
  readonly known: readonly HostKey[]
  /**
   * known_hosts lines for the host without its port, which speak where none does for the port: a match there is trusted, as
   * ssh does, a difference proves nothing
   */
  readonly knownWithoutPort: readonly HostKey[]
  readonly revoked: readonly HostKey[]
  /** a @cert-authority line speaks about this host; host certificates are not supported */
  readonly hasAuthority: boolean
}

export async function hostKnowledge(target: SshTarget, trust: HostTrust): Promise<HostKnowledge> {
  const entries = await readKnownHosts(trust.knownHostsFiles)
  const name = target.hostKeyAlias?.toLowerCase() ?? knownName(target.host, target.port)
  const about = (mark: KnownHost['mark'], host = name) =>
    entries.filter((entry) => entry.mark === mark && namesMatch(entry.names, host))
  const { own, old } = pinsFor(target, (host, port) => trust.pins(host, port))
  return {
    expected: target.expectedHostKey,
    pins: own,
    oldPins: old,
    known: about('known'),
    knownWithoutPort: target.hostKeyAlias === undefined ? about('known', target.host.toLowerCase()) : [],
    revoked: about('revoked'),
    hasAuthority: about('authority').length > 0,
  }
}

/**
 * Is this the host's key? Revoked beats everything; then the fingerprint given in advance, then our own pins, then known_hosts.
 * Where we hold a pin, a key of another type is a change too: a pin is a promise about this very host. A pin and a fingerprint
 * given in advance that contradict each other let nothing pass, until the pin is taken away.
 *
 * An old pin, kept without its way, is judged as if it were this machine's: its key was accepted by the operator, so it is
 * trusted, and another key is a change. That may stop a second machine behind another jump host; to ask there instead would
 * offer a question with a yes in it to whoever listens in at the first one. The stop ends by itself: once the machine that has
 * the key was reached, the pin has a way (`settle`) and says nothing about other ways any more, which are then asked about.
 *
 * Where only known_hosts has other types, the key is unknown, as for ssh, and the other types are named.
 */
export function judgeHostKey(key: HostKey, knowledge: HostKnowledge): HostVerdict {
  const { expected, pins, oldPins, known, knownWithoutPort, revoked } = knowledge
  const among = (keys: readonly HostKey[]) => keys.some((other) => other.type === key.type && other.key === key.key)
  if (among(revoked)) return { verdict: 'revoked' }
  if (expected !== undefined && expected !== fingerprint(key.key)) return { verdict: 'changed', expected: [expected] }
  if (among(pins)) return { verdict: 'trusted', by: 'pin' }
  if (pins.length > 0) return { verdict: 'changed', expected: pins.map((pin) => fingerprint(pin.key)) }
  if (among(oldPins)) return { verdict: 'trusted', by: 'old-pin' }
  if (oldPins.length > 0) return { verdict: 'changed', expected: oldPins.map((pin) => fingerprint(pin.key)), old: true }
  if (expected !== undefined) return { verdict: 'trusted', by: 'expected' }
  if (among(known) || (known.length === 0 && among(knownWithoutPort))) return { verdict: 'trusted', by: 'known_hosts' }
  const sameType = known.filter((other) => other.type === key.type)
  if (sameType.length > 0) return { verdict: 'changed', expected: sameType.map((other) => fingerprint(other.key)) }
  return { verdict: 'unknown', otherTypes: [...new Set(known.map((other) => other.type))] }
}

/**
 * The one gate through which ssh2 asks about a host key. ssh2 takes anything but exactly `false` for a yes, even a promise
 * of false; so whatever the check gives or throws, only exactly `true` comes out as true.
 */
export function strictVerifier(check: (key: Buffer) => unknown): (key: Buffer) => boolean {
  return (key) => {
    try {
      return check(key) === true
    } catch {
      return false
    }
  }
}

/** Types of keys that would be trusted: they are asked for first, or a server with several keys would show one we do not know. */
export function preferredTypes({ pins, oldPins, known }: HostKnowledge): string[] {
  return [...new Set([...pins, ...oldPins, ...known].map((key) => key.type))]
}

/** `SHA256:` and base64 without padding, as OpenSSH shows it. */
export function fingerprint(key: string): string {
  return `SHA256:${createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64').replace(/=+$/, '')}`
}

export function presentedKey(target: SshTarget, blob: Buffer): PresentedHostKey {
  const key = blob.toString('base64')
  // the way as it is, also where an alias makes it meaningless for the pin
  const { hostKeyAlias: _, ...reached } = target
  const { host, port, way } = placeOf(reached)
  return { host, port, way, type: keyType(key) ?? 'unknown', key, fingerprint: fingerprint(key) }
}

/** The failure that a verdict other than trusted stands for. */
export function hostKeyFailure(
  target: SshTarget,
  key: PresentedHostKey,
  verdict: Exclude<HostVerdict, { verdict: 'trusted' }>,
  knowledge: HostKnowledge,
): HostKeyFailure {
  const shown = `${key.type} ${key.fingerprint}`
  switch (verdict.verdict) {
    case 'revoked':
      return new HostKeyFailure(
        'host-key-changed',
        `${target.label} uses a host key that known_hosts marks as revoked.`,
        target,
        key,
        [],
        `presented: ${shown}`,
      )
    case 'changed':
      return new HostKeyFailure(
        'host-key-changed',
        `${target.label} has not the host key that is known for it. Somebody may be listening in.${verdict.old ? perhapsAnother(target) : ''}`,
        target,
        key,
        [],
        `presented: ${shown}\nknown: ${verdict.expected.join(', ')}`,
      )
    case 'unknown': {
      const others = verdict.otherTypes
      const also =
        others.length > 0 ? ` Other types are known for this host (${others.join(', ')}), this one is not.` : ''
      const authority = knowledge.hasAuthority
        ? '\nknown_hosts names a certificate authority for it; host certificates are not supported.'
        : ''
      return new HostKeyFailure(
        'host-key-unknown',
        `Nobody has vouched for the host key of ${target.label} yet.${also}`,
        target,
        key,
        others,
        `presented: ${shown}${authority}`,
      )
    }
  }
}

function perhapsAnother({ host, port, jump, hostKeyAlias }: SshTarget): string {
  if (jump === undefined && hostKeyAlias === undefined) return ''
  return (
    ` That key was accepted before the way to a server was kept with it: it may belong to another machine at ${host}:${port}.` +
    ' If there is one in the list, test its connection first; this server is then asked about by itself.'
  )
}
