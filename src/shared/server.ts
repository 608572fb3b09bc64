import { z } from 'zod'
import { nameSchema } from './name.ts'

/** How to log in. Secrets are never part of it: they are asked for, or fetched from the keychain by the server's id. */
export const authSchema = z.discriminatedUnion('kind', [
  /** agent, then the keys that ssh itself would try */
  z.object({ kind: z.literal('auto') }),
  z.object({ kind: z.literal('agent') }),
  z.object({ kind: z.literal('key'), file: z.string().min(1) }),
  z.object({ kind: z.literal('password') }),
])

export const fingerprintSchema = z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'expected SHA256: and 43 characters')

export const newServerSchema = z.object({
  name: nameSchema,
  host: z.string().trim().min(1).max(255),
  port: z.number().int().min(1).max(65535).default(22),
  /** empty: the user that ssh would take */
  user: z.string().trim().max(64).default(''),
  auth: authSchema.default({ kind: 'auto' }),
  /** name of the server to jump through */
  jump: z.string().nullable().default(null),
  /** the host key that is expected, known from elsewhere */
  hostKey: fingerprintSchema.nullable().default(null),
  /** the Host entry of ~/.ssh/config that options are taken from */
  configHost: z.string().nullable().default(null),
  /** `.env` files are read and written as root, by `sudo -n`; nothing else is */
  sudo: z.boolean().default(false),
  /** the demo server that lives inside the app */
  demo: z.boolean().default(false),
})
export type NewServer = z.input<typeof newServerSchema>

export const serverSchema = newServerSchema.extend({ id: z.string(), addedAt: z.iso.datetime() })
export type Server = z.infer<typeof serverSchema>

/** A host key that the operator has accepted for a machine as it is reached. */
export const pinSchema = z.object({
  /** or the HostKeyAlias that ~/.ssh/config gives it, with port 22 and no way, as known_hosts would have it */
  host: z.string(),
  port: z.number().int(),
  /** the jump hosts, as ProxyJump names them; empty: reached directly; null: accepted before ways were kept */
  way: z.string().nullable().default(null),
  type: z.string(),
  /** base64 of the public key blob */
  key: z.string(),
  fingerprint: fingerprintSchema,
  addedAt: z.iso.datetime(),
})
export type Pin = z.infer<typeof pinSchema>

/** One row of the connection test. `not-checked` says why, `failed` names the remedy. */
export const checkNames = [
  'reach',
  'host-key',
  'login',
  'shell',
  'docker',
  'compose',
  'postgres',
  'pg-dump',
  'disk',
  'clock',
  'backups',
  'env-files',
] as const
export const checkSchema = z.object({
  name: z.enum(checkNames),
  outcome: z.enum(['proven', 'failed', 'not-checked']),
  /** what was seen, as values: `{ path: '/usr/bin/docker', version: '28.2' }`; the window and the terminal word it */
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  /** one English sentence */
  detail: z.string(),
  remedy: z.string().nullable(),
  seconds: z.number(),
})
export type Check = z.infer<typeof checkSchema>
export type CheckName = (typeof checkNames)[number]

/** A host key as it was presented, to be compared by a person. */
export const presentedKeySchema = z.object({
  host: z.string(),
  port: z.number().int(),
  /** the jump hosts that it came through; empty: none */
  way: z.string(),
  type: z.string(),
  key: z.string(),
  fingerprint: fingerprintSchema,
})
export type PresentedKey = z.infer<typeof presentedKeySchema>
