/**
 * What reading a dump can find, and how much each finding weighs.
 *
 * - `damaged`: the file is not what pg_dump wrote.
 * - `refused`: it holds something that pg_dump never writes and that acts outside the database.
 * - `not-checked`: nothing is known to be wrong, and it could not be proven here.
 * - `note`: worth saying, changes nothing.
 */
export const findingWeight = {
  empty: 'damaged',
  'not-a-dump': 'damaged',
  cut: 'damaged',
  'no-end-marker': 'damaged',
  'unclosed-copy': 'damaged',
  'trailing-data': 'damaged',
  'bad-compression': 'damaged',
  'bad-copy-row': 'damaged',
  'bad-insert-row': 'damaged',
  'missing-rows': 'damaged',
  doubled: 'damaged',
  'bad-encoding': 'damaged',
  'hash-differs': 'damaged',
  forbidden: 'refused',
  'custom-format': 'not-checked',
  'tar-format': 'not-checked',
  'unsupported-compression': 'not-checked',
  'unsupported-encoding': 'not-checked',
  'too-long-row': 'not-checked',
  'not-understood': 'not-checked',
  'no-checksum': 'note',
} as const satisfies Record<string, 'damaged' | 'refused' | 'not-checked' | 'note'>

export type FindingKind = keyof typeof findingWeight
