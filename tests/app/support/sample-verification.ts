import type { EngineFacts, SandboxEngine, SandboxRow } from '../../../src/shared/sandbox.ts'
import type { Outcome, Proof } from '../../../src/shared/proof.ts'
import {
  verifySteps,
  type LiveTable,
  type LiveVerification,
  type ObjectCount,
  type VerifiedTable,
  type Verification,
  type VerifyFinding,
  type VerifyStep,
} from '../../../src/shared/verification.ts'

/** Verifications in every state, for looking at and for clicking through the screens. */

const known = [
  ['documents_agentcard', 184_212, 5],
  ['documents_revision', 96_310, 3],
  ['taggit_taggeditem', 55_120, 3],
  ['django_session', 8_841, 2],
  ['documents_attachment', 7_204, 4],
  ['django_admin_log', 2_310, 2],
  ['auth_user', 412, 3],
  ['订单_2026', 88, 1],
  ['weird "quoted" \u202Ename that goes on and on so that no column is wide enough for it', 12, 0],
  ['empty_one', 0, 1],
] as const

function tableAt(index: number): { name: string; rows: number; indexes: number } {
  const each = known[index]
  if (each) return { name: each[0], rows: each[1], indexes: each[2] }
  return { name: `archive_part_${String(index).padStart(5, '0')}`, rows: (index * 13) % 40, indexes: index % 3 }
}

export const dockerEngine: SandboxEngine = {
  kind: 'docker',
  version: '18.6',
  image: 'postgres:18-alpine',
  settings: { fsync: 'off', full_page_writes: 'off', maintenance_work_mem: '256MB', shared_buffers: '512MB' },
}
export const embeddedEngine: SandboxEngine = {
  kind: 'embedded',
  version: '18.4',
  image: null,
  settings: { fsync: 'off' },
}

const seconds: Record<VerifyStep, number> = { read: 1.1, sandbox: 2.1, schema: 0.3, load: 6.4, keys: 0.6, prove: 2.4 }

/** A verification that has come as far as this step, and loaded so much of it (0 to 1). */
export function liveVerification(jobId: string, step: VerifyStep, part: number, count = 37): LiveVerification {
  const place = verifySteps.indexOf(step)
  const after = place > verifySteps.indexOf('load')
  const tables = Array.from({ length: count }, (_, index): LiveTable => {
    const { name, rows, indexes } = tableAt(index)
    const own = after ? 1 : step === 'load' ? Math.min(1, Math.max(0, part * 4 - index * 0.4)) : 0
    const loaded = Math.round(rows * own)
    const built = own >= 1 ? (after || index % 4 !== 1 ? indexes : Math.max(0, indexes - 1)) : 0
    const compared = step === 'prove' && index < part * count
    return { database: null, schema: 'public', name, rows, loaded, indexes, built, match: compared ? true : null }
  })
  return {
    jobId,
    copyId: 'c1',
    subject: 'agentcard/prod',
    engine: place > 0 ? dockerEngine : null,
    step,
    steps: verifySteps.slice(0, place).map((each) => ({ step: each, seconds: seconds[each] })),
    rows: tables.reduce((sum, { loaded }) => sum + loaded, 0),
    rowsTotal: tables.reduce((sum, { rows }) => sum + rows, 0),
    bytes: Math.round(82_000_000 * part),
    bytesTotal: 82_000_000,
    tables,
  }
}

function verifiedTables(outcome: Outcome, count: number): VerifiedTable[] {
  return Array.from({ length: count }, (_, index): VerifiedTable => {
    const { name, rows } = tableAt(index)
    const whole: VerifiedTable = {
      database: null,
      schema: 'public',
      name,
      dumpRows: rows,
      restoredRows: rows,
      match: true,
      sourceRows: rows,
      sourceMatch: true,
      note: null,
    }
    if (outcome === 'not-checked') {
      const note = 'The sandbox lacks the extension postgis.'
      return { ...whole, restoredRows: null, match: null, sourceRows: null, sourceMatch: null, note }
    }
    if (outcome === 'damaged' && index === 1) return { ...whole, restoredRows: rows - 1204, match: false }
    if (outcome === 'damaged' && index === 6) return { ...whole, match: false, sourceMatch: null, sourceRows: null }
    if (outcome === 'damaged' && index === 7) return { ...whole, restoredRows: null, match: false }
    if (index === 3) return { ...whole, sourceRows: null, sourceMatch: null }
    if (outcome === 'damaged' && index === 8)
      return { ...whole, match: null, note: 'Its fingerprint depends on the time zone of the server.' }
    return whole
  })
}

const objects: ObjectCount[] = [
  ['schema', 2],
  ['table', 37],
  ['index', 61],
  ['constraint', 84],
  ['sequence', 31],
  ['view', 4],
  ['function', 12],
  ['trigger', 6],
  ['extension', 2],
  ['grant', 173],
].map(([kind, expected]) => ({
  kind: String(kind),
  expected: Number(expected),
  present: Number(expected),
  valid: Number(expected),
}))

const finding = (of: VerifyFinding['class'], kind: string, detail: string, extra: Partial<VerifyFinding> = {}) => ({
  class: of,
  kind,
  detail,
  table: null,
  line: null,
  byte: null,
  remedy: null,
  ...extra,
})

const findings: Record<Outcome, VerifyFinding[]> = {
  proven: [
    finding(
      'warning',
      'sequence-behind',
      'public.orders_id_seq stands at 41, and public.orders holds an id of 4,012.',
      {
        remedy: 'Set it with setval() after restoring, or the next INSERT fails.',
      },
    ),
    finding('explained', 'load-error', 'CREATE ROLE postgres: it is there already, as in every PostgreSQL.'),
  ],
  damaged: [
    finding('damage', 'rows-differ', 'public.documents_revision came back with 95,106 rows, the dump holds 96,310.', {
      table: 'public.documents_revision',
    }),
    finding('damage', 'table-missing', 'public.订单_2026 did not come back: its COPY ended with an error.', {
      table: 'public.订单_2026',
      line: 18_823,
    }),
    finding(
      'unchecked',
      'table-not-compared',
      'A table with times can only be compared in the time zone of its server.',
    ),
  ],
  'not-checked': [
    finding(
      'unchecked',
      'extension-missing',
      'The dump needs the extension postgis, which the built-in PostgreSQL does not have.',
      { remedy: 'Verify it in Docker with an image that has it, such as postgis/postgis:18-3.6.' },
    ),
  ],
}

/** What came out of a verification, with this outcome. */
export function verification(jobId: string, outcome: Outcome, at: string, count = 37): Verification {
  const tried = (rung: Proof['rung'], took: number, detail: string, own: Outcome = outcome): Proof => ({
    rung,
    outcome: own,
    at,
    seconds: took,
    engine: outcome === 'not-checked' ? 'embedded PostgreSQL 18.4' : 'docker PostgreSQL 18.6',
    detail,
  })
  const short = (kind: string): boolean =>
    outcome !== 'proven' && kind === (outcome === 'damaged' ? 'table' : 'extension')
  return {
    jobId,
    copyId: 'c1',
    file: '/home/me/Documents/Lifeboat/agentcard/prod/backup_prod_20261123_030000.sql.zst',
    at,
    outcome,
    rung: outcome === 'proven' ? 'exact' : 'readable',
    engine: outcome === 'not-checked' ? embeddedEngine : dockerEngine,
    seconds: 12.9,
    steps: verifySteps
      .slice(0, outcome === 'not-checked' ? 3 : verifySteps.length)
      .map((step) => ({ step, seconds: seconds[step] })),
    tables: verifiedTables(outcome, count),
    objects: objects.map((each) =>
      short(each.kind) ? { ...each, present: each.present - 1, valid: each.valid - 1 } : each,
    ),
    findings: findings[outcome],
    proofs: [
      tried('restored', 9.8, '412 objects are there and valid'),
      tried('exact', 2.4, 'All tables equal the dump', outcome === 'damaged' ? 'damaged' : outcome),
    ],
  }
}

export function openSandbox(id: string, jobId: string, until: string): SandboxRow {
  return {
    id,
    engine: dockerEngine,
    subject: 'agentcard/prod',
    copyId: 'c1',
    jobId,
    startedAt: until,
    state: 'open',
    until,
  }
}

export const engines: EngineFacts[] = [
  {
    kind: 'docker',
    available: true,
    version: 'Docker 28.2',
    reason: null,
    remedy: null,
    images: ['postgres:18-alpine', 'postgres:17'],
  },
  {
    kind: 'embedded',
    available: false,
    version: null,
    reason: 'The binaries of PostgreSQL are not part of this installation.',
    remedy: 'Use Docker.',
    images: [],
  },
]
