/** What a database says of one table: rows, and the fingerprint as a manifest has it; null where only rows were counted. */
export type TableSum = { rows: number; fingerprint: string | null }

/** The sum of hashes as the unsigned decimal that stands in a manifest: modulo 2^64. */
export function fingerprintOfSum(sum: string): string {
  return BigInt.asUintN(64, BigInt(sum)).toString()
}

/**
 * The answer to a fingerprint statement, by the `index` of each row.
 * @param rows fields as text (`index`, `rows`, `sum`): rows of psql with -A -t split at `|`, or of a driver in array mode
 * @throws Error when that is not what stands there
 */
export function readTableSums(rows: Iterable<readonly (string | number | null)[]>): Map<number, TableSum> {
  const sums = new Map<number, TableSum>()
  for (const fields of rows) {
    const [index, count, sum] = fields.map((field) => (field === null ? '' : String(field)))
    if (!/^\d+$/.test(index ?? '') || !/^\d+$/.test(count ?? '') || !/^(-?\d+)?$/.test(sum ?? 'x')) {
      throw new Error('no answer to a fingerprint statement')
    }
    sums.set(Number(index), { rows: Number(count), fingerprint: sum === '' ? null : fingerprintOfSum(sum ?? '') })
  }
  return sums
}

/** The same from what psql prints with -A -t, one line for each row. */
export function readTableSumLines(text: string): Map<number, TableSum> {
  const lines = text.split('\n').filter((line) => line !== '')
  return readTableSums(lines.map((line) => line.split('|')))
}
