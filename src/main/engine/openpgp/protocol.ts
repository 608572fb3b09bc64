import type { SessionKey } from './passphrase.ts'

/** More than this is no archive of `.env` files. */
export const maxContentBytes = 64 * 1024 * 1024

/** A public key as it was found in a file or a keyring. */
export type KeyFacts = {
  /** 40 hex digits, upper case */
  readonly fingerprint: string
  /** of the key itself and of its subkeys, upper case */
  readonly keyIds: readonly string[]
  readonly user: string
  readonly createdAt: string
  /** why nothing can be encrypted for it; null: it can */
  readonly problem: string | null
  /** the public key alone, binary */
  readonly bytes: Uint8Array
}

/** What the thread that does the cryptography can do. */
export type Work =
  | { readonly kind: 'seal'; readonly content: Uint8Array; readonly passphrase: string }
  | {
      readonly kind: 'seal-for'
      readonly content: Uint8Array
      readonly keys: readonly Uint8Array[]
      /** ISO; expiry of keys is judged at this time */
      readonly at: string
    }
  | { readonly kind: 'open'; readonly sealed: Uint8Array; readonly passphrase: string }
  | { readonly kind: 'open-with'; readonly sealed: Uint8Array; readonly key: SessionKey }
  | { readonly kind: 'read-keys'; readonly bytes: Uint8Array; readonly at: string }

export type Sealed = {
  readonly outcome: 'sealed'
  readonly sealed: Uint8Array
  readonly key: SessionKey
  readonly keyIds: string[]
}
export type Opened = { readonly outcome: 'opened'; readonly content: Uint8Array; readonly key: SessionKey }
export type NotOpened =
  | { readonly outcome: 'wrong-passphrase' }
  /** nothing of the content is given out */
  | { readonly outcome: 'damaged'; readonly reason: string }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'for-keys'; readonly keyIds: readonly string[] }
export type Keys = { readonly outcome: 'keys'; readonly keys: readonly KeyFacts[] }

export type Answer = Sealed | Opened | NotOpened | Keys | { readonly outcome: 'failed'; readonly reason: string }

export type ToThread = { readonly n: number; readonly work: Work }
export type FromThread = { readonly n: number; readonly answer: Answer }
