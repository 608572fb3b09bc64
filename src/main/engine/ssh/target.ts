/** How to log in at one host. Secrets are never part of it: they are asked for. */
export type SshAuth =
  | { readonly kind: 'auto' }
  | { readonly kind: 'agent' }
  | { readonly kind: 'key'; readonly file: string }
  | { readonly kind: 'password' }

/** Everything that is needed to reach one machine over SSH, jump hosts included. */
export type SshTarget = {
  /** what messages call it */
  readonly label: string
  readonly host: string
  readonly port: number
  readonly user: string
  readonly auth: SshAuth
  /** under which the caller keeps this account's secrets; none is kept for a machine without it */
  readonly keptAs?: string
  /** the machine to go through; may itself have one */
  readonly jump?: SshTarget
  /** a Host entry of ~/.ssh/config: identity files, HostKeyAlias and ProxyJump are taken from it */
  readonly configHost?: string
  /** the name under which known_hosts keeps the host's key, where it is not the host itself */
  readonly hostKeyAlias?: string
  /** fingerprint of the only host key to accept, known from elsewhere: `SHA256:…` */
  readonly expectedHostKey?: string
  /** private keys that `auto` tries after the agent; the usual ones of ~/.ssh when absent */
  readonly identityFiles?: readonly string[]
  /** of the agent's keys, offer only those that are among the identity files */
  readonly identitiesOnly?: boolean
}

/** User, host and port, and those of each machine on the way: two accounts with the same one are the same account. */
export function accountOf({ user, host, port, jump }: SshTarget): string {
  return `${user}@${host}:${port}${jump === undefined ? '' : ` via ${accountOf(jump)}`}`
}

/** A host key, as OpenSSH names its type and base64 of its public blob. */
export type HostKey = { readonly type: string; readonly key: string }

/** A key that was accepted for a machine as it is reached; `way` as in `Place`, null: accepted when no way was kept with it. */
export type PinnedKey = HostKey & { readonly way: string | null }

/** Under which host, port and way a machine's key is pinned. */
export type Place = {
  readonly host: string
  readonly port: number
  /** the jump hosts in the order of ProxyJump, named as in known_hosts; empty: reached directly */
  readonly way: string
}

/** What is already trusted. Pins are kept by the caller; they weigh more than any file. */
export type HostTrust = {
  /** all pins of this host and port, whatever their way */
  pins(host: string, port: number): readonly PinnedKey[]
  /** At `place` a machine that is reached at `host` and `port` has proven a key that was pinned there without a way. */
  settle(host: string, port: number, place: Place, key: HostKey): void
  readonly knownHostsFiles: readonly string[]
}

/** A secret that only a person (or the keychain in the person's name) can give. */
export type Question = {
  readonly kind: 'password' | 'key-passphrase' | 'keyboard-interactive'
  /** label of the target that asks */
  readonly label: string
  /** `user@host`, or the key's file */
  readonly subject: string
  /** as the target says; null: nothing is kept for it */
  readonly keptAs: string | null
  /** whose secret it is: the target's account, as `accountOf` names it */
  readonly account: string
  /** one answer is due for each; the server's own words are foreign text */
  readonly questions: readonly { readonly text: string; readonly echo: boolean }[]
  /** 1 for the first time; more: the answer before was wrong */
  readonly attempt: number
}

/** Asks, and gives as many answers as there were questions; null: the person declines. */
export type Asker = (question: Question, signal: AbortSignal) => Promise<readonly string[] | null>

/** All in milliseconds. */
export type Timeouts = {
  /** TCP and handshake and login, without the time that a person takes to answer */
  readonly connect: number
  /** between two signs of life that are asked for on an idle line */
  readonly keepAlive: number
  /** no byte at all from the server, not even a sign of life: the connection is dead */
  readonly dead: number
  /** no byte on a bulk stream that is being read */
  readonly stall: number
}

export const defaultTimeouts: Timeouts = { connect: 20_000, keepAlive: 15_000, dead: 45_000, stall: 120_000 }
