import type { EventName, Events, Output } from '../../../src/shared/contract.ts'
import type { Failure } from '../../../src/shared/failure.ts'
import type { Job } from '../../../src/shared/job.ts'
import type { Prompt } from '../../../src/shared/prompt.ts'
import type { Difference, Drift, EnvLine, Recipient, Seal, SealedFile, VaultState } from '../../../src/shared/vault.ts'
import { hoursAgo } from './sample-data.ts'

/** How the vault of the sample world is. */
export interface VaultScene {
  unlocked?: boolean
  /** seals of shop/prod */
  seals?: number
  /** what a comparison with the server finds */
  drift?: 'same' | 'different'
  /** shop/prod was looked at before a backup, and so many keys had another value */
  seen?: number
  keychain?: VaultState['keychain']
  remembered?: boolean
  /** shop/prod was sealed again just now */
  sealedNow?: boolean
}

const hex = (digits: number, seed: number): string =>
  Array.from({ length: digits }, (_, at) => ((seed * 31 + at * 7 + (seed >> (at % 5))) % 16).toString(16)).join('')

function seal(id: string, server: string, label: string, sealedAt: string, extra: Partial<Seal> = {}): Seal {
  const names = extra.names ?? ['.env.prod', '.env.worker']
  return {
    id,
    server,
    label,
    file: `/home/me/Documents/Lifeboat/${server}/${label}/env_backup_${sealedAt.slice(0, 10).replaceAll('-', '')}.tar.gz.gpg`,
    bytes: 2480 + id.length,
    sealedAt,
    kind: 'passphrase',
    recipients: [],
    names,
    files: names.map((name) => ({ name, path: `/srv/app/${name}` })),
    from: 'server',
    look: 'same',
    driftReady: true,
    ...extra,
  }
}

function sealsOf(count: number): Seal[] {
  const shop = Array.from({ length: count }, (_, index) =>
    seal(`seal${index}`, 'shop', 'prod', hoursAgo(30 + index * 71), {
      ...(index === 4 ? { look: 'changed' as const } : {}),
      ...(index === 6 ? { from: 'local' as const, kind: 'keys' as const, recipients: [hex(16, 3), hex(16, 9)] } : {}),
      ...(index === 8
        ? { look: 'unsure' as const, names: [], files: [], from: 'unknown' as const, driftReady: false }
        : {}),
    }),
  )
  const keys = { kind: 'keys' as const, recipients: [hex(16, 3)], names: ['.env'] }
  return [
    ...shop,
    seal('bj0', '北京机房的旧服务器', '生产', hoursAgo(900), keys),
    seal('agent0', 'agentcard', 'prod', hoursAgo(400), {
      names: ['.env', '.env.celery', '.env.flower', '.env.nginx', '.env.postgres', '.env.redis'],
    }),
  ]
}

const entry = (line: number, key: string, extra: Partial<Extract<EnvLine, { kind: 'entry' }>> = {}): EnvLine => ({
  kind: 'entry',
  line,
  key,
  exported: false,
  quote: 'none',
  empty: false,
  lines: 1,
  references: false,
  overridden: false,
  ...extra,
})

const prodLines: EnvLine[] = [
  { kind: 'comment', line: 1 },
  entry(2, 'DJANGO_SECRET_KEY', { quote: 'single' }),
  entry(3, 'DEBUG', { overridden: true }),
  entry(4, 'ALLOWED_HOSTS'),
  { kind: 'blank', line: 5 },
  { kind: 'comment', line: 6 },
  entry(7, 'POSTGRES_USER'),
  entry(8, 'POSTGRES_PASSWORD'),
  entry(9, 'DATABASE_URL', { quote: 'double', references: true }),
  { kind: 'blank', line: 10 },
  { kind: 'comment', line: 11 },
  { kind: 'comment', line: 12 },
  entry(13, 'JWT_PRIVATE_KEY', { quote: 'double', lines: 28, exported: true }),
  entry(41, 'SENTRY_DSN', { empty: true }),
  entry(42, 'EMAIL_HOST_PASSWORD', { exported: true }),
  { kind: 'other', line: 43 },
  entry(44, 'DEBUG'),
  entry(45, 'A_VERY_LONG_NAME_OF_A_VARIABLE_THAT_SOMEBODY_HAS_THOUGHT_ABOUT_FOR_TOO_LONG'),
]

const contents = (names: readonly string[]): SealedFile[] =>
  names.map((name, index) => ({
    name,
    mode: 0o600,
    modifiedAt: hoursAgo(900 + index),
    bytes: index === 0 ? 3312 : 214,
    readable: true,
    lines: index === 0 ? prodLines : [entry(1, 'WORKERS'), entry(2, 'QUEUE_URL', { quote: 'double' })],
  }))

const difference: Difference = {
  files: [
    {
      name: '.env.prod',
      in: 'both',
      added: ['SENTRY_DSN', 'FEATURE_NEW_CHECKOUT'],
      removed: ['LEGACY_TOKEN'],
      changed: ['POSTGRES_PASSWORD', 'DATABASE_URL'],
      same: 11,
      otherwise: false,
    },
    { name: '.env.worker', in: 'both', added: [], removed: [], changed: [], same: 2, otherwise: true },
  ],
  equal: false,
}

const same: Difference = {
  files: difference.files.map((file) => ({ ...file, added: [], removed: [], changed: [], same: 14, otherwise: false })),
  equal: true,
}

const recipients: Recipient[] = [
  {
    fingerprint: hex(40, 3).toUpperCase(),
    keyId: hex(16, 3).toUpperCase(),
    user: 'Ada Operator <ada@example.org>',
    createdAt: hoursAgo(9000),
    from: 'gpg',
    problem: null,
  },
  {
    fingerprint: hex(40, 9).toUpperCase(),
    keyId: hex(16, 9).toUpperCase(),
    user: '王小明 <xiaoming@example.cn>',
    createdAt: hoursAgo(5000),
    from: 'imported',
    problem: null,
  },
  {
    fingerprint: hex(40, 5).toUpperCase(),
    keyId: hex(16, 5).toUpperCase(),
    user: 'Old Key <old@example.org>',
    createdAt: hoursAgo(50_000),
    from: 'imported',
    problem: 'It expired on 2025-01-09.',
  },
]

const driftJob: Job = {
  id: 'drift1',
  kind: 'drift',
  state: 'done',
  subject: 'shop/prod',
  serverId: 's1',
  databaseId: 'd1',
  copyIds: [],
  step: 'prove',
  stepDetail: null,
  bytesDone: 0,
  bytesTotal: null,
  rows: 0,
  startedAt: hoursAgo(0.1),
  endedAt: hoursAgo(0.099),
  lastTook: null,
  failure: null,
  outcome: null,
}

export const declined: Failure = {
  kind: 'answer-needed',
  message: 'The passphrase is needed.',
  remedy: '',
  retry: 'now',
}

const seenOf = (changed: number) => {
  const none = { added: 0, removed: 0, otherwise: 0, missing: 0, unsealed: 0 }
  return { databaseId: 'd1', sealId: 'seal0', at: hoursAgo(1), equal: changed === 0, changed, ...none }
}

type Emit = <E extends EventName>(name: E, value: Events[E]) => void
type Answers = Record<string, (input: Record<string, unknown>) => unknown>

/** Answers like the vault of an engine. The one value that it gives is the same for every line. */
export function vaultAnswers(scene: VaultScene, empty: boolean, emit: Emit): Answers {
  const again = scene.sealedNow ? [seal('again', 'shop', 'prod', new Date().toISOString())] : []
  const seals = empty ? [] : [...again, ...sealsOf(scene.seals ?? 14)]
  let unlocked = scene.unlocked ?? false
  const state = (): Output<'vault.state'> => ({
    unlocked,
    locksAt: unlocked ? new Date(Date.now() + 10 * 60_000).toISOString() : null,
    idleMinutes: 10,
    keychain: scene.keychain ?? 'available',
    remembered: scene.remembered ?? false,
    gpg: '2.4.7',
  })
  const turn = (open: boolean) => (): Output<'vault.state'> => {
    unlocked = open
    emit('vault', state())
    return state()
  }
  const drift: Drift = {
    ...(scene.drift === 'same' ? same : difference),
    sealId: 'seal0',
    at: hoursAgo(0.05),
    missing: scene.drift === 'same' ? [] : ['.env.flower'],
  }
  return {
    'vault.list': () => seals,
    'vault.drifts': () => (scene.seen === undefined ? [] : [seenOf(scene.seen)]),
    'vault.state': state,
    'vault.unlock': turn(true),
    'vault.lock': turn(false),
    'vault.show': ({ id }) => {
      if (!unlocked) turn(true)()
      const one = seals.find((each) => each.id === id)
      return { ...one, contents: contents(one?.names ?? []) }
    },
    'vault.reveal': () => ({ key: 'POSTGRES_PASSWORD', value: 'sample-value-of-a-line' }),
    'vault.diff': () => difference,
    'vault.drift': () => {
      setTimeout(() => emit('job', driftJob), 20)
      return { jobId: driftJob.id }
    },
    'vault.result': () => ({ kind: 'drift', drift }),
    'vault.seal': () => ({ jobId: 'j1' }),
    'vault.recipients': () => recipients,
    'vault.importRecipient': () => recipients.slice(1, 2),
    'vault.recoverySheet': ({ language }) => ({
      text:
        language === 'zh-CN'
          ? '保险库恢复单\n打印日期：2026-11-23\n\n口令：______________________________\n'
          : 'RECOVERY SHEET OF THE VAULT\nPrinted: 2026-11-23\n\nPassphrase: ______________________________\n',
    }),
  }
}

export const newPassphrasePrompt: Prompt = {
  id: 'p3',
  kind: 'secret',
  server: 'shop',
  what: 'new-vault-passphrase',
  subject: 'shop/prod',
  questions: [
    { text: 'New passphrase of the vault:', echo: false },
    { text: 'The same once more:', echo: false },
  ],
  again: false,
  canRemember: true,
}

export const vaultPrompt: Prompt = {
  id: 'p4',
  kind: 'secret',
  server: 'shop',
  what: 'vault-passphrase',
  subject: 'env_backup_20261122.tar.gz.gpg',
  questions: [{ text: 'Passphrase of the vault:', echo: false }],
  again: true,
  canRemember: false,
}
