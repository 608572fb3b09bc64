import { z } from 'zod'

/*
 * The vault: `.env` files of servers, sealed into OpenPGP archives beside the copies.
 *
 * No message of these carries a value of an `.env` file but the answer of `vault.reveal`. Comments and lines that are no
 * assignment count as values: a secret that was commented out is still one.
 */

/** How a seal is closed. `unknown`: a file that lies there and is no OpenPGP message that can be understood. */
export const sealKindSchema = z.enum(['passphrase', 'keys', 'unknown'])

/**
 * Whether the file is still what was sealed, by its SHA-256. `unsure`: made by hand, so that nothing was written down to
 * compare with, or it can't be read.
 */
export const sealLookSchema = z.enum(['same', 'changed', 'unsure'])

/** One file inside of a seal, and where it came from. */
export const sealedNameSchema = z.object({
  name: z.string(),
  /** absolute path at the source; null: not known */
  path: z.string().nullable(),
})

/** A seal in a list: all that can be known while the vault is locked. */
export const sealSchema = z.object({
  id: z.string(),
  server: z.string(),
  label: z.string(),
  /** absolute path */
  file: z.string(),
  bytes: z.number(),
  /** UTC; of a seal that was made by hand: when its file was written, or the day in its name where that is older */
  sealedAt: z.iso.datetime(),
  kind: sealKindSchema,
  /** long key ids (16 hex digits) of those who can open it; empty with a passphrase */
  recipients: z.array(z.string()),
  /** names of the files in it; empty: not known yet, opening it tells */
  names: z.array(z.string()),
  files: z.array(sealedNameSchema),
  /** where the files came from: the server, or this computer */
  from: z.enum(['server', 'local', 'unknown']),
  look: sealLookSchema,
  /** whether `vault.drift` can be answered without opening it */
  driftReady: z.boolean(),
})
export type Seal = z.infer<typeof sealSchema>

/**
 * The seal that a database is compared with: its newest one that holds all of its files, else its newest. One that is no
 * longer what was sealed will not open, whatever was written down about it: the same as that one would not be sealed.
 * @param seals of this database, newest first
 */
export function sealToCompare<S extends Seal>(seals: readonly S[], env: readonly string[]): S | undefined {
  const known = seals.filter(({ kind, look }) => kind !== 'unknown' && look !== 'changed')
  const holdsAll = ({ from, files }: S): boolean =>
    from === 'server' && env.length > 0 && env.every((path) => files.some((file) => file.path === path))
  return known.find(holdsAll) ?? known[0]
}

/** Whether what is sealed can be looked at right now. */
export const vaultStateSchema = z.object({
  unlocked: z.boolean(),
  /** when it locks by itself unless it is used; null while it is locked */
  locksAt: z.iso.datetime().nullable(),
  /** minutes without use after which it locks */
  idleMinutes: z.number(),
  keychain: z.enum(['available', 'absent', 'basic_text']),
  /** the passphrase is kept in the keychain */
  remembered: z.boolean(),
  /** version of the operator's own gpg; null: there is none */
  gpg: z.string().nullable(),
})
export type VaultState = z.infer<typeof vaultStateSchema>

/** One line of an `.env` file, without what it says. A value that spans lines is one entry, at its first line. */
export const envLineSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('entry'),
    /** from 1 */
    line: z.number().int(),
    key: z.string(),
    /** `export KEY=…` */
    exported: z.boolean(),
    quote: z.enum(['none', 'single', 'double', 'backtick']),
    /** nothing behind the `=`, or nothing between the quotes */
    empty: z.boolean(),
    /** lines that its value spans */
    lines: z.number().int(),
    /** it holds `${…}` or `$NAME`, which is shown as it stands and never filled in */
    references: z.boolean(),
    /** a later line of the file sets the same key again */
    overridden: z.boolean(),
  }),
  z.object({ kind: z.literal('comment'), line: z.number().int() }),
  z.object({ kind: z.literal('blank'), line: z.number().int() }),
  /** a line that no dialect takes for an assignment */
  z.object({ kind: z.literal('other'), line: z.number().int() }),
])
export type EnvLine = z.infer<typeof envLineSchema>

export const sealedFileSchema = z.object({
  name: z.string(),
  /** permission bits, as in chmod */
  mode: z.number().int(),
  modifiedAt: z.iso.datetime(),
  bytes: z.number(),
  /** false: no text, or larger than an `.env` file can be; then it has no lines */
  readable: z.boolean(),
  lines: z.array(envLineSchema),
})
export type SealedFile = z.infer<typeof sealedFileSchema>

/** A seal that was opened: keys in their order, no values. */
export const openedSealSchema = sealSchema.extend({ contents: z.array(sealedFileSchema) })

/** Keys of one file that differ. Keys are names, never values. */
export const fileDifferenceSchema = z.object({
  name: z.string(),
  /** in which of the two the file is */
  in: z.enum(['both', 'left', 'right']),
  added: z.array(z.string()),
  removed: z.array(z.string()),
  changed: z.array(z.string()),
  /** keys that are the same in both */
  same: z.number().int(),
  /** no key differs, and yet the file does: comments, order, quotes, lines that are no assignments */
  otherwise: z.boolean(),
})
export type FileDifference = z.infer<typeof fileDifferenceSchema>

export const differenceSchema = z.object({ files: z.array(fileDifferenceSchema), equal: z.boolean() })
export type Difference = z.infer<typeof differenceSchema>

/**
 * A seal of a database (left) beside what lies on the server now (right): the newest one that holds all of its files,
 * else the newest. A file that is not in it has its path as its name; one of the seal whose path nobody knows is not in it.
 */
export const driftSchema = differenceSchema.extend({
  sealId: z.string(),
  at: z.iso.datetime(),
  /** files of the seal that the server no longer has; their keys are not counted as removed */
  missing: z.array(z.string()),
})
export type Drift = z.infer<typeof driftSchema>

/** The same in numbers, as the overview tells it: names of keys are kept nowhere in clear. */
export const driftSeenSchema = z.object({
  sealId: z.string(),
  at: z.iso.datetime(),
  equal: z.boolean(),
  /** keys, over all files that are in both */
  added: z.number().int(),
  removed: z.number().int(),
  changed: z.number().int(),
  /** files in which no key differs, but something else does: comments, order, quotes */
  otherwise: z.number().int(),
  /** files of the seal that the server no longer has */
  missing: z.number().int(),
  /** files of the database that are not in the seal */
  unsealed: z.number().int(),
})
export type DriftSeen = z.infer<typeof driftSeenSchema>

/** What a job of the vault came to. */
export const vaultResultSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sealed'), sealId: z.string() }),
  z.object({ kind: z.literal('drift'), drift: driftSchema }),
  /** `sealId`: the seal of the file that was there before; null: there was none */
  z.object({ kind: z.literal('put'), path: z.string(), sealId: z.string().nullable() }),
])
export type VaultResult = z.infer<typeof vaultResultSchema>

/** A public key that can be sealed for. */
export const recipientSchema = z.object({
  /** 40 hex digits, upper case */
  fingerprint: z.string().regex(/^[0-9A-F]{40}$/),
  keyId: z.string(),
  /** foreign text */
  user: z.string(),
  createdAt: z.iso.datetime(),
  /** where it is known from */
  from: z.enum(['imported', 'gpg']),
  /** why nothing can be sealed for it (expired, revoked, no encryption); null: it can */
  problem: z.string().nullable(),
})
export type Recipient = z.infer<typeof recipientSchema>

/** How to seal. `as-before`: as the newest seal of this database, with a passphrase when there is none. */
export const sealForSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('as-before') }),
  z.object({ kind: z.literal('passphrase') }),
  z.object({
    kind: z.literal('keys'),
    /** fingerprints, ids or addresses of known keys, or absolute paths of files that hold a public key */
    recipients: z.array(z.string().min(1)).min(1).max(50),
  }),
])

export const exportFormatSchema = z.enum(['bitwarden', '1password'])
export type ExportFormat = z.infer<typeof exportFormatSchema>
