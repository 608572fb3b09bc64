import type { Changes, Copy, CopyRow } from '../../../src/shared/copy.ts'
import type { Database } from '../../../src/shared/database.ts'
import type { DatabaseState, Overview } from '../../../src/shared/overview.ts'
import { faceOf, highestRung, type Outcome, type Proof } from '../../../src/shared/proof.ts'
import { verification } from './sample-verification.ts'
import type { Server } from '../../../src/shared/server.ts'

/** A world of many states, for looking at the screens while nothing else is there. Times count back from `now`. */
export const now = new Date('2026-11-23T08:12:00Z')
export const hoursAgo = (hours: number): string => new Date(now.getTime() - hours * 3_600_000).toISOString()

const hex = (seed: number): string =>
  Array.from({ length: 64 }, (_, index) => ((seed * 7919 + index * 104_729 + (seed ^ index)) % 16).toString(16)).join(
    '',
  )

function server(id: string, name: string, host: string, extra: Partial<Server> = {}): Server {
  return {
    id,
    name,
    host,
    port: 22,
    user: 'deploy',
    auth: { kind: 'auto' },
    jump: null,
    hostKey: null,
    configHost: null,
    sudo: false,
    demo: false,
    addedAt: hoursAgo(2000),
    ...extra,
  }
}

export const servers: Server[] = [
  server('s1', 'shop', 'shop.example.org', { configHost: 'shop' }),
  server('s2', 'agentcard', '203.0.113.7', { port: 2222 }),
  server('s3', '北京机房的旧服务器', 'bj-1.example.cn', { user: 'root' }),
  server('s4', 'a-very-long-server-name-that-somebody-typed-in-one-go-and-never-shortened-again', 'long.example.org'),
]

function database(id: string, owner: Server | undefined, label: string, extra: Partial<Database> = {}): Database {
  return {
    id,
    server: owner?.id ?? '',
    serverName: owner?.name ?? '',
    label,
    place: { kind: 'compose', dir: '/srv/app', file: null, service: 'db', project: null },
    dbname: 'agentcard',
    dbuser: 'postgres',
    backups: '/srv/app/backups',
    env: ['/srv/app/.env.prod'],
    format: 'auto',
    sourceProof: 'fingerprints',
    verifyAfter: false,
    driftCheck: true,
    image: null,
    addedAt: hoursAgo(2000),
    ...extra,
  }
}

export const databases: Database[] = [
  database('d1', servers[0], 'prod', { dbname: 'shop' }),
  database('d2', servers[1], 'prod'),
  database('d3', servers[1], 'test', { backups: null, place: { kind: 'container', container: 'agentcard-test-db-1' } }),
  database('d4', servers[2], '生产', { dbname: '订单', place: { kind: 'host' } }),
]

function proof(rung: Proof['rung'], outcome: Outcome, at: string, seconds: number, detail: string): Proof {
  return { rung, outcome, at, seconds, engine: 'Lifeboat 0.1.0 reader', detail }
}

export function proofs(kind: Outcome, at: string): Proof[] {
  const stored = proof('stored', 'proven', at, 0.4, 'SHA-256 and size stand in the manifest')
  if (kind === 'proven') return [stored, proof('readable', 'proven', at, 1.1, 'ends whole, 37 tables, 354409 rows')]
  if (kind === 'damaged') {
    return [
      stored,
      proof('readable', 'damaged', at, 0.9, 'It ends inside the data of table public.orders, after 10,703 rows.'),
    ]
  }
  return [stored, proof('readable', 'not-checked', at, 0.2, 'A custom-format archive can not be read by this version.')]
}

export function row(index: number, owner: Database, hours: number, kind: Outcome, bytes: number): CopyRow {
  const at = hoursAgo(hours)
  const all = proofs(kind, at)
  const stamp = at.replace(/[-:]/g, '').replace('T', '_').slice(0, 15)
  return {
    id: `c${index}`,
    server: owner.serverName,
    label: owner.label,
    file: `/home/me/Documents/Lifeboat/${owner.serverName}/${owner.label}/backup_${owner.label}_${stamp}.sql.zst`,
    bytes,
    sha256: hex(index + 1),
    takenAt: at,
    storedAt: at,
    origin: index % 3 === 2 ? 'backup' : 'dump',
    serverVersion: '18.6',
    dumpVersion: '18.6',
    tableCount: 37,
    rowCount: 354_409,
    rung: highestRung(all),
    face: faceOf(all),
    lastProofAt: at,
    proofs: all,
  }
}

/** The same copy, restored and proven exact. */
export function exact(copy: CopyRow): CopyRow {
  const all = [...copy.proofs, ...verification('v1', 'proven', copy.takenAt).proofs]
  return { ...copy, proofs: all, rung: highestRung(all), face: faceOf(all) }
}

/** An item of a list that has some, round and round. */
export function sample<T>(list: readonly T[], index: number): T {
  const item = list[index % list.length]
  if (item === undefined) throw new Error('The sample list is empty.')
  return item
}

/** Copies of all databases, newest first. */
export function copyRows(count: number): CopyRow[] {
  return Array.from({ length: count }, (_, index) => {
    const kind: Outcome = index % 17 === 0 ? 'damaged' : index % 11 === 5 ? 'not-checked' : 'proven'
    const made = row(index, sample(databases, index), 5.2 + index * 7, kind, 25_800_000 + ((index * 37) % 90) * 91_000)
    return kind === 'proven' && index % 3 === 1 ? exact(made) : made
  })
}

function days(
  pattern: (age: number) => DatabaseState['days'][number]['rung'],
  damaged: readonly number[],
): DatabaseState['days'] {
  return Array.from({ length: 84 }, (_, index) => {
    const age = 83 - index
    return { day: hoursAgo(age * 24).slice(0, 10), rung: pattern(age), damaged: damaged.includes(age) }
  })
}

function sizes(count: number, from: number, to: number, lastFace: Outcome): DatabaseState['sizes'] {
  return Array.from({ length: count }, (_, index) => ({
    takenAt: hoursAgo((count - index) * 24),
    bytes: Math.round(
      index === count - 1 && lastFace === 'damaged'
        ? from * 0.4
        : from + ((to - from) * index) / count + Math.sin(index) * from * 0.02,
    ),
    face: index === count - 1 ? lastFace : 'proven',
  }))
}

export function overview(): Overview {
  const state = (owner: Database, extra: Partial<DatabaseState>): DatabaseState => ({
    database: owner,
    newest: null,
    newestGood: null,
    face: 'not-checked',
    copies: 0,
    days: days(() => null, []),
    sizes: [],
    lastBackupSeconds: null,
    newestExact: null,
    lastRestore: null,
    ...extra,
  })
  const shop = sample(databases, 0)
  const card = sample(databases, 1)
  const trial = sample(databases, 2)
  const old = sample(databases, 3)
  const damaged = row(0, shop, 29, 'damaged', 9_800_000)
  const cardCopy = row(1, card, 5.2, 'proven', 25_800_000)
  const trialCopy = exact(row(4, trial, 20, 'proven', 3_200_000))
  const cardExact = exact(row(5, card, 29, 'proven', 25_700_000))
  return {
    at: now.toISOString(),
    databases: [
      state(shop, {
        newest: { ...damaged, origin: 'backup' },
        newestGood: row(3, shop, 76, 'proven', 24_100_000),
        face: 'damaged',
        copies: 61,
        days: days((age) => (age < 2 ? null : age % 9 === 4 ? 'stored' : age % 5 === 2 ? 'restored' : 'readable'), [1]),
        sizes: sizes(60, 20_000_000, 25_000_000, 'damaged'),
        lastBackupSeconds: 5.3,
      }),
      state(card, {
        newest: cardCopy,
        newestGood: cardCopy,
        face: 'proven',
        copies: 83,
        days: days(
          (age) => (age % 8 === 3 ? 'stored' : age % 31 === 12 ? null : age % 3 === 0 ? 'readable' : 'exact'),
          [],
        ),
        sizes: sizes(60, 21_000_000, 26_000_000, 'proven'),
        lastBackupSeconds: 4.1,
        newestExact: cardExact,
        lastRestore: { seconds: 200, at: hoursAgo(28), copyId: cardExact.id },
      }),
      state(trial, {
        newest: trialCopy,
        newestGood: trialCopy,
        face: 'proven',
        copies: 12,
        days: days((age) => (age % 7 === 0 ? 'exact' : null), []),
        sizes: sizes(12, 2_900_000, 3_200_000, 'proven'),
        lastBackupSeconds: 2,
        newestExact: trialCopy,
        lastRestore: { seconds: 41, at: hoursAgo(19), copyId: trialCopy.id },
      }),
      state(old, {}),
    ],
    care: [
      {
        kind: 'damaged',
        databaseId: 'd1',
        server: 'shop',
        label: 'prod',
        copyId: 'c0',
        takenAt: damaged.takenAt,
        origin: 'backup',
        detail: 'It ends inside the data of table public.orders.',
      },
      { kind: 'no-copy', databaseId: 'd4', server: old.serverName, label: '生产' },
      { kind: 'old', databaseId: 'd1', server: 'shop', label: 'prod', newestAt: hoursAgo(76) },
      {
        kind: 'failed',
        what: 'copy',
        databaseId: 'd4',
        server: old.serverName,
        label: '生产',
        jobId: 'long-ago',
        at: hoursAgo(700),
        message: 'The server does not answer on port 22.',
      },
      { kind: 'unsealed', databaseId: 'd4', server: old.serverName, label: '生产', files: 2 },
      { kind: 'unproven', databaseId: 'd1', server: 'shop', label: 'prod', copyId: 'c3', provenAt: null },
    ],
  }
}

const tableNames = [
  ['documents_agentcard', 184_212],
  ['documents_revision', 96_310],
  ['taggit_taggeditem', 55_120],
  ['django_session', 8_841],
  ['documents_attachment', 7_204],
  ['django_admin_log', 2_310],
  ['auth_user', 412],
  ['订单_2026', 88],
  ['weird "quoted" \u202Ename', 12],
  ['empty_one', 0],
] as const

export function copy(of: CopyRow): Copy {
  const broken = of.face === 'damaged'
  const tables = Array.from({ length: 37 }, (_, index) => {
    const known = tableNames[index]
    return {
      schema: 'public',
      name: known ? known[0] : `archive_part_${String(index).padStart(2, '0')}`,
      rows: known ? known[1] : (index * 13) % 40,
      fingerprint: index === 5 ? null : String(18_446_744_073_709_551_615n / BigInt(index + 2)),
      database: null,
    }
  })
  return {
    ...of,
    snapshot:
      of.rung === 'exact'
        ? {
            at: of.takenAt,
            method: 'fingerprints',
            seconds: 1.2,
            tables: tables.filter((_, index) => index !== 3),
            note: null,
          }
        : null,
    verification: of.rung === 'exact' ? { ...verification('v1', 'proven', of.takenAt), copyId: of.id } : null,
    tables,
    findings: broken
      ? [
          {
            kind: 'unclosed-copy',
            detail: 'The data of public.orders begins at line 8,120 and never ends.',
            table: 'public.orders',
            line: 18_823,
            byte: 9_412_331,
          },
          {
            kind: 'no-end-marker',
            detail: 'pg_dump writes a line at the very end; it is not there.',
            table: null,
            line: null,
            byte: null,
          },
          { kind: 'no-checksum', detail: 'zstd frames of pg_dump carry none.', table: null, line: null, byte: null },
        ]
      : [],
    statements: { 'CREATE TABLE': 37, 'CREATE INDEX': 61 },
    largeObjects: 3,
    needs: {
      roles: ['agentcard', 'readonly'],
      extensions: ['pg_trgm', 'hstore'],
      settings: ["agentcard: search_path='app, public'"],
    },
    compression: 'zstd',
    format: 'plain',
    encoding: 'UTF8',
    sqlBytes: 532_000_000,
    source: { host: '203.0.113.7', dbname: 'agentcard', path: null, modifiedAt: null, timeZone: 'Asia/Shanghai' },
    manifestFile: of.file.replace('.sql.zst', '.manifest.json'),
  }
}

export const changes: Changes = {
  before: { id: 'c5', takenAt: hoursAgo(29) },
  tablesAdded: ['public.订单_2026'],
  tablesGone: [],
  rows: [
    { table: 'public.documents_agentcard', before: 183_100, now: 184_212 },
    { table: 'public.documents_revision', before: 96_218, now: 96_310 },
    { table: 'public.django_session', before: 8_844, now: 8_841 },
  ],
  edited: ['public.auth_user'],
  unknown: [],
}
