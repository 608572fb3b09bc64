import type { BrowseTable, Cell } from '../../../src/shared/browse.ts'
import type { Comparison } from '../../../src/shared/verification.ts'
import { hoursAgo, now } from './sample-data.ts'

const table = (name: string, rows: number | null, more: Partial<BrowseTable> = {}): BrowseTable => ({
  database: 'agentcard',
  schema: 'public',
  name,
  kind: 'table',
  rows,
  ...more,
})

const tables: BrowseTable[] = [
  table('documents', 354_409),
  table('documents_revision', 1_204_118),
  table('empty_one', 0),
  table('events', 10_000_000, { kind: 'partitioned' }),
  table('events_2026_11', 812_004),
  table('monthly_totals', null, { kind: 'view' }),
  table('search_index', null, { kind: 'matview' }),
  table('slow_view', null, { kind: 'view' }),
  table('用户', 48_120),
  table('evil\u202egnp.exe', 3),
  table('settings', 12, { schema: 'config' }),
  ...Array.from({ length: 40 }, (_, n) => table(`archive_${String(n + 1).padStart(2, '0')}`, 1000 * n)),
]

const columns = [
  { name: 'id', type: 'bigint' },
  { name: 'title', type: 'text' },
  { name: 'owner', type: 'character varying(80)' },
  { name: 'state', type: 'text' },
  { name: 'amount', type: 'numeric(10,2)' },
  { name: 'meta', type: 'jsonb' },
  { name: 'tags', type: 'text[]' },
  { name: 'thumbnail', type: 'bytea' },
  { name: 'body', type: 'text' },
  { name: 'created_at', type: 'timestamp with time zone' },
  { name: 'deleted_at', type: 'timestamp with time zone' },
]

const titles = ['Quarterly figures', '合同草稿 第三版', 'Invoice', 'Minutes of the board', 'Name card, front', '']
const owners = ['mei.lin@example.org', 'jonas', '王芳', 'NULL', '']
const words = 'Lifeboats are counted before the ship leaves, not after. '

function rowOf(n: number): Cell[] {
  return [
    String(n),
    n % 11 === 0 ? 'left\u202egnp.exe\u0000' : `${titles[n % titles.length]}${n % 6 === 5 ? '' : ` ${n}`}`,
    owners[n % owners.length] ?? null,
    n % 7 === 3 ? null : (['draft', 'sent', 'paid'][n % 3] ?? null),
    `${(n * 37) % 9000}.50`,
    n % 5 === 0
      ? null
      : `{"pages": ${n % 40}, "exact": 12345678901234567890, "paper": {"size": "A4", "colour": ${n % 2 === 0}}}`,
    n % 4 === 0 ? '{}' : '{contract,"needs review",NULL}',
    n % 3 === 0 ? null : { text: `\\x${'89504e470d0a1a0a'.repeat(40)}`, bytes: 48_204 + n },
    n % 2 === 0 ? 'short' : { text: words.repeat(36), bytes: 2_140_000 },
    `2026-11-${String(1 + (n % 23)).padStart(2, '0')} 08:${String(n % 60).padStart(2, '0')}:00+00`,
    n % 9 === 0 ? '2026-11-20 10:00:00+00' : null,
  ]
}

/** The data of a kept sandbox, page by page, and comparisons: enough to look at the screens. */
export function browseAnswers(): Record<string, (input: Record<string, unknown>) => unknown> {
  const cursors = new Map<string, { at: number; total: number; descending: boolean }>()
  let opened = 0
  return {
    'browse.tables': () => tables,
    'browse.open': (input) => {
      opened += 1
      const filtered = Array.isArray(input['filters']) && input['filters'].length > 0
      const rows = tables.find(({ name }) => name === input['name'])?.rows ?? 37
      const descending = JSON.stringify(input['sort'] ?? null).includes('"descending":true')
      cursors.set(`k${opened}`, { at: 0, total: filtered ? Math.min(rows, 23) : rows, descending })
      return { cursorId: `k${opened}`, columns }
    },
    'browse.fetch': ({ cursorId, limit }) => {
      const cursor = cursors.get(String(cursorId)) ?? { at: 0, total: 0, descending: false }
      const first = cursor.at
      cursor.at = Math.min(cursor.total, first + Number(limit ?? 200))
      const place = (n: number): number => (cursor.descending ? cursor.total - n : n + 1)
      const rows = Array.from({ length: cursor.at - first }, (_, n) => rowOf(place(first + n)))
      return { rows, end: cursor.at === cursor.total }
    },
    'browse.value': ({ column }) => ({
      text: column === 7 ? `\\x${'89504e470d0a1a0a'.repeat(4000)}` : words.repeat(600),
      cut: false,
    }),
    'browse.csv': () => ({ csv: 'id,title\r\n1,Invoice\r\n', rows: 1, end: true, formulas: false }),
    'compare.copies': ({ left, right }) =>
      comparison({ kind: 'copy', copyId: String(right), takenAt: hoursAgo(5) }, String(left)),
    'compare.source': () => ({ jobId: 'j3' }),
    'compare.result': () => comparison({ kind: 'source', databaseId: 'd2', takenAt: now.toISOString() }, 'c1'),
  }
}

function comparison(right: Comparison['right'], left: string): Comparison {
  const row = (name: string, before: number | null, after: number | null, same: boolean | null, largeDrop = false) => ({
    database: null,
    schema: 'public',
    name,
    left: before,
    right: after,
    same,
    largeDrop,
  })
  return {
    left: { copyId: left, takenAt: hoursAgo(29) },
    right,
    tables: [
      row('documents', 354_102, 354_409, false),
      row('documents_revision', 1_204_118, 402_004, false, true),
      row('sessions', 8_120, 0, false, true),
      row('drafts_old', 1_240, null, false),
      row('drafts', null, 1_240, false),
      row('users', 48_120, 48_120, false),
      row('prices', 210, 204, false),
      row('evil\u202egnp.exe', 3, 3, null),
      ...Array.from({ length: 31 }, (_, n) =>
        row(`archive_${String(n + 1).padStart(2, '0')}`, 1000 * n, 1000 * n, true),
      ),
    ],
  }
}
