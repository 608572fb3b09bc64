import type { EventName, Events, ServerTest } from '../../../src/shared/contract.ts'
import type { Backup, FoundDatabase } from '../../../src/shared/database.ts'
import type { Failure } from '../../../src/shared/failure.ts'
import type { Job } from '../../../src/shared/job.ts'
import type { Prompt } from '../../../src/shared/prompt.ts'
import { checkNames, type Check } from '../../../src/shared/server.ts'
import { defaultSettings, type Settings } from '../../../src/shared/settings.ts'
import type { Outcome } from '../../../src/shared/proof.ts'
import type { LiveVerification } from '../../../src/shared/verification.ts'
import { engines, openSandbox, verification } from './sample-verification.ts'
import { browseAnswers } from './sample-browse.ts'
import { vaultAnswers, type VaultScene } from './sample-vault.ts'
import { changes, copy, copyRows, databases, hoursAgo, now, overview, row, sample, servers } from './sample-data.ts'

/** What the sample world is like; the rest is as usual. */
export interface Scenario {
  settings?: Partial<Settings>
  empty?: boolean
  /** calls that never answer */
  silent?: readonly string[]
  failing?: Record<string, Failure>
  copies?: number
  running?: boolean
  /** so many verifications wait for their turn */
  waiting?: number
  prompt?: Prompt
  engine?: 'running' | 'stopped'
  trial?: boolean
  rebuilt?: string
  testRunning?: boolean
  /** a verification of the second copy: under way, or what came out of it */
  verifying?: LiveVerification
  verified?: Outcome
  tables?: number
  verifyJob?: Partial<Job>
  sandbox?: boolean
  vault?: VaultScene
}

const key = 'SHA256:Kq1n3FZp0cVYl8s7t2mXWbEoHc5uRjTgDa9iLw4yNvQ'

const facts: Partial<Record<(typeof checkNames)[number], Check['facts']>> = {
  reach: { host: '203.0.113.7', port: 2222, server: 'SSH-2.0-OpenSSH_9.6' },
  'host-key': { host: '203.0.113.7', port: 2222, type: 'ssh-ed25519', fingerprint: key },
  login: { user: 'deploy', cipher: 'aes128-gcm@openssh.com' },
  shell: { shell: '/bin/bash', system: 'Linux 6.8.0', home: '/home/deploy', noiseBytes: 0 },
  docker: { state: 'ready', path: '/usr/bin/docker', version: '28.2.1', containers: 7 },
  compose: { version: '2.36.0', generation: 2, command: '/usr/bin/docker compose' },
  postgres: {
    databases: 2,
    servers: 2,
    versions: '18.6',
    unanswered: 0,
    stopped: 0,
    names: 'agentcard, agentcard_test',
  },
  'pg-dump': { versions: '18.6', databases: 2, zstd: 2, missing: 0, tooOld: 0 },
  disk: {
    serverFolder: '/srv',
    serverFree: 41_200_000_000,
    localFolder: '/home/me',
    localFree: 212_000_000_000,
    needed: 25_000_000,
    largest: 25_000_000,
  },
  clock: { difference: 0.4, accuracy: 1, zone: '+0800', serverTime: '2026-11-23T08:12:00Z' },
  backups: {
    folders: 1,
    files: 14,
    folder: '/srv/app/backups',
    newest: 'b',
    newestAt: hoursAgo(5),
    newestBytes: 25_800_000,
  },
}

export function serverTest(serverId: string, running: boolean): ServerTest {
  const checks = checkNames.slice(0, running ? 4 : checkNames.length).map((name): Check => ({
    name,
    outcome: name === 'env-files' ? 'not-checked' : name === 'clock' && serverId === 's3' ? 'failed' : 'proven',
    facts: facts[name] ?? {},
    detail:
      name === 'env-files'
        ? 'Not checked, because the folder can not be read by deploy.'
        : 'The clock is 41 minutes ahead.',
    remedy:
      name === 'env-files'
        ? 'Let the user read the folder.'
        : name === 'clock' && serverId === 's3'
          ? 'Let the server keep its time by NTP.'
          : null,
    seconds: 0.12,
  }))
  return { serverId, at: hoursAgo(3), running, checks, found: running ? [] : found }
}

const found: FoundDatabase[] = ['prod', 'test', 'staging'].map((label) => ({
  label,
  place: { kind: 'compose', dir: `/srv/agentcard-${label}`, file: null, service: 'db', project: null },
  project: `agentcard-${label}`,
  container: `agentcard-${label}-db-1`,
  image: 'postgres:18-alpine',
  dbname: 'agentcard',
  dbuser: 'postgres',
  serverVersion: '18.6',
  dumpVersion: '18.6',
  size: 132_000_000,
  backups: label === 'prod' ? '/srv/agentcard-prod/backups' : null,
  env: [],
}))

function job(id: string, extra: Partial<Job>): Job {
  return {
    id,
    kind: 'backup',
    state: 'done',
    subject: 'agentcard/prod',
    serverId: 's2',
    databaseId: 'd2',
    copyIds: [],
    step: 'store',
    stepDetail: null,
    bytesDone: 25_800_000,
    bytesTotal: null,
    rows: 354_409,
    startedAt: hoursAgo(5.2),
    endedAt: hoursAgo(5.198),
    lastTook: null,
    failure: null,
    outcome: 'proven',
    ...extra,
  }
}

const lost: Failure = {
  kind: 'connection-lost',
  message: 'The connection to shop.example.org broke after 12.4 MB.',
  remedy: '',
  retry: 'now',
  detail: 'read ECONNRESET\n  at shop.example.org:22',
}

/** The verification that a scenario is about; null where it is about none. */
function verifyJob({ verifying, verified, verifyJob: extra }: Scenario): Job | null {
  if (!verifying && !verified && !extra) return null
  const over = { startedAt: hoursAgo(0.2), endedAt: hoursAgo(0.19), outcome: verified ?? null }
  const running = { startedAt: new Date(Date.now() - 7000).toISOString(), endedAt: null, outcome: null }
  return job('v1', {
    kind: 'verify',
    state: verifying ? 'running' : 'done',
    step: verifying?.step ?? 'prove',
    copyIds: ['c1'],
    lastTook: 12,
    ...(verifying ? running : over),
    ...extra,
  })
}

function waitingJobs(count: number): Job[] {
  return Array.from({ length: count }, (_, index) => {
    const { id: databaseId, server: serverId, serverName, label } = sample(databases, index % databases.length)
    const extra = { databaseId, serverId, subject: `${serverName}/${label}`, copyIds: [`c${index}`] }
    const waits = { kind: 'verify' as const, state: 'queued' as const, step: 'queued' as const, endedAt: null }
    return job(`w${index}`, { ...extra, ...waits, outcome: null, bytesDone: 0, rows: 0 })
  })
}

export function sampleJobs(scenario: Scenario): Job[] {
  const running = scenario.running ?? false
  const verify = verifyJob(scenario)
  return [
    ...waitingJobs(scenario.waiting ?? 0),
    ...(verify ? [verify] : []),
    ...(running
      ? [
          job('j0', { kind: 'verify', state: 'queued', step: 'queued', endedAt: null, outcome: null }),
          job('j1', {
            state: 'running',
            step: 'dump',
            stepDetail: 'public.documents_revision',
            bytesDone: 12_400_000,
            rows: 214_880,
            startedAt: new Date(Date.now() - 7000).toISOString(),
            endedAt: null,
            lastTook: 5.3,
            outcome: null,
          }),
          job('j2', {
            kind: 'pull',
            subject: 'shop/prod',
            databaseId: 'd1',
            state: 'running',
            step: 'transfer',
            stepDetail: 'backup_prod_20261122_030000.sql.gz',
            bytesDone: 9_400_000,
            bytesTotal: 25_000_000,
            rows: 0,
            startedAt: new Date(Date.now() - 4000).toISOString(),
            endedAt: null,
            outcome: null,
          }),
        ]
      : []),
    job('j3', { copyIds: ['c1'] }),
    job('j4', {
      kind: 'pull',
      subject: 'shop/prod',
      databaseId: 'd1',
      outcome: 'damaged',
      copyIds: ['c0'],
      startedAt: hoursAgo(29),
    }),
    job('j5', {
      subject: 'shop/prod',
      databaseId: 'd1',
      state: 'failed',
      failure: lost,
      outcome: null,
      startedAt: hoursAgo(30),
      endedAt: hoursAgo(29.9),
    }),
    job('j6', { kind: 'check', state: 'cancelled', outcome: null, startedAt: hoursAgo(50) }),
    job('j7', {
      kind: 'test',
      subject: '北京机房的旧服务器',
      state: 'interrupted',
      outcome: null,
      bytesDone: 0,
      rows: 0,
      startedAt: hoursAgo(72),
    }),
    job('j8', {
      kind: 'check',
      subject: 'archive.dump',
      outcome: 'not-checked',
      bytesDone: 4_000_000,
      startedAt: hoursAgo(90),
    }),
  ]
}

function backups(): Backup[] {
  return Array.from({ length: 400 }, (_, index) => ({
    name: `backup_prod_${hoursAgo(5 + index * 24)
      .slice(0, 10)
      .replaceAll('-', '')}_030000.sql.gz`,
    path: `/srv/app/backups/${index}`,
    bytes: 25_800_000 - index * 11_000,
    modifiedAt: hoursAgo(5 + index * 24),
    copyId: index > 2 && index < 30 ? `c${index}` : null,
    outcome: index > 2 && index < 30 ? (index === 9 ? 'damaged' : 'proven') : null,
  }))
}

type Answer = { ok: true; value: unknown } | { ok: false; failure: Failure }

/** Answers like an engine would, out of the sample world. For looking at screens only: every test of behaviour uses the real engine. */
export function sampleBridge(scenario: Scenario, emit: <E extends EventName>(name: E, value: Events[E]) => void) {
  let settings: Settings = { ...defaultSettings, ...scenario.settings }
  const rows = scenario.empty ? [] : copyRows(scenario.copies ?? 148)
  const answers: Record<string, (input: Record<string, unknown>) => unknown> = {
    'app.facts': () => ({
      version: '0.1.0',
      dataDir: '/home/me/.local/share/lifeboat',
      copiesDir: '/home/me/Documents/Lifeboat',
      sqlite: '3.51.0',
      node: '24.21.0',
      keychain: 'available',
      rebuilt: scenario.rebuilt ?? null,
    }),
    'shell.facts': () => ({
      platform: 'linux',
      electron: '45.4.1',
      trialRuntime: scenario.trial ?? false,
      desktopLanguage: 'en',
      language: 'en',
      engine: scenario.engine ?? 'running',
    }),
    'overview.get': () => (scenario.empty ? { at: now.toISOString(), databases: [], care: [] } : overview()),
    'server.list': () => (scenario.empty ? [] : servers),
    'database.list': () => (scenario.empty ? [] : databases),
    'server.sshHosts': () =>
      ['shop', 'agentcard', 'bj-1', 'nas', 'git', 'mail', 'backup-box'].map((alias) => ({
        alias,
        host: `${alias}.example.org`,
        port: 22,
        user: 'deploy',
        jump: alias === 'nas' ? 'bj-1' : null,
      })),
    'server.lastTest': ({ id }) => (id === 's4' ? null : serverTest(String(id), scenario.testRunning ?? false)),
    'server.add': () => servers[1],
    'server.test': () => {
      emit('test', serverTest('s2', scenario.testRunning ?? false))
      return { jobId: 'j9' }
    },
    'pin.list': () => [
      {
        host: '203.0.113.7',
        port: 2222,
        way: '',
        type: 'ssh-ed25519',
        key: 'AAAA',
        fingerprint: key,
        addedAt: hoursAgo(900),
      },
      {
        host: '10.0.0.5',
        port: 22,
        way: 'bastion.example.org,[jump-of-the-second-data-centre.example.org]:2222',
        type: 'ecdsa-sha2-nistp256',
        key: 'AAAA',
        fingerprint: key,
        addedAt: hoursAgo(90),
      },
      {
        host: 'db.internal',
        port: 22,
        way: null,
        type: 'rsa-sha2-512',
        key: 'AAAA',
        fingerprint: key,
        addedAt: hoursAgo(9000),
      },
    ],
    'backup.list': () => backups(),
    'backup.start': () => ({ jobId: 'j1' }),
    'pull.start': () => ({ jobId: 'j2' }),
    'copy.list': (input) => {
      const text = typeof input['text'] === 'string' ? input['text'].toLowerCase() : ''
      const fitting = rows.filter(
        (each) =>
          `${each.server} ${each.label} ${each.file}`.toLowerCase().includes(text) &&
          (input['face'] === undefined || each.face === input['face']),
      )
      const offset = Number(input['offset'] ?? 0)
      return { total: fitting.length, copies: fitting.slice(offset, offset + Number(input['limit'] ?? 200)) }
    },
    'copy.show': ({ id }) =>
      copy(rows.find((each) => each.id === id) ?? row(0, databases[0] ?? never(), 5, 'proven', 1)),
    'copy.changes': ({ id }) => (id === 'c0' ? { ...changes, before: null } : changes),
    'job.list': () => (scenario.empty ? [] : sampleJobs(scenario)),
    'job.show': ({ id }) => sampleJobs(scenario).find((each) => each.id === id) ?? job('v1', { kind: 'verify' }),
    'verify.start': () => ({ jobId: 'v1' }),
    'verify.all': () => ({ jobIds: ['v1', 'v2', 'v3'] }),
    'verify.live': () => scenario.verifying ?? null,
    'verify.result': () =>
      scenario.verified ? verification('v1', scenario.verified, hoursAgo(0.19), scenario.tables) : null,
    'sandbox.engines': () => engines,
    'sandbox.list': () =>
      scenario.sandbox ? [openSandbox('sb1', 'v1', new Date(now.getTime() + 14 * 60_000).toISOString())] : [],
    ...browseAnswers(),
    ...vaultAnswers(scenario.vault ?? {}, scenario.empty ?? false, emit),
    'job.log': () => [
      { at: hoursAgo(5), text: 'connected to 203.0.113.7:2222' },
      { at: hoursAgo(4.99), text: 'pg_dump 18.6, zstd:3' },
    ],
    'file.report': () => null,
    'settings.get': () => settings,
    'settings.set': (input) => {
      settings = { ...settings, ...input }
      return settings
    },
    'keychain.list': () => [
      { reference: 'server:s3:password', subject: '北京机房的旧服务器' },
      { reference: 'key:/home/me/.ssh/id_ed25519', subject: '/home/me/.ssh/id_ed25519' },
    ],
    'prompt.pending': () => (scenario.prompt ? [scenario.prompt] : []),
    doctor: () => [
      { name: 'docker', outcome: 'ok', detail: 'Docker 28.2.1', remedy: null },
      { name: 'gpg', outcome: 'missing', detail: 'gpg was not found.', remedy: 'Only the vault needs it.' },
    ],
  }
  return async (name: string, input: Record<string, unknown>): Promise<Answer> => {
    const failure = scenario.failing?.[name]
    if (failure) return { ok: false, failure }
    if (scenario.silent?.includes(name)) return new Promise(() => undefined)
    const answered = answers[name]
    return { ok: true, value: answered ? answered(input) : {} }
  }
}

function never(): never {
  throw new Error('unreachable')
}

export const hostKeyPrompt: Prompt = {
  id: 'p1',
  kind: 'host-key',
  server: 'agentcard',
  key: {
    host: '203.0.113.7',
    port: 2222,
    way: 'bastion.example.org',
    type: 'ssh-ed25519',
    key: 'AAAA',
    fingerprint: key,
  },
  knownTypes: ['ecdsa-sha2-nistp256'],
}

export const secretPrompt: Prompt = {
  id: 'p2',
  kind: 'secret',
  server: '北京机房的旧服务器',
  what: 'key-passphrase',
  subject: '/home/me/.ssh/id_ed25519',
  questions: [],
  again: true,
  canRemember: true,
}
