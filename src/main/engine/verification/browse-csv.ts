import { stringify } from 'csv-stringify/sync'
import type { Output } from '#shared/contract.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Cell } from '#shared/browse.ts'
import type { Cursor } from './browse-cursor.ts'

/** Longer values do not go into a CSV, in characters: rather none than a cut one. */
export const longestInCsv = 1_000_000
/** Characters of one CSV; what does not fit any more is left out, and said to be. */
const csvCharacters = 40_000_000
const rowsAtOnce = 200

/**
 * The rows of a cursor as CSV (RFC 4180), from where it stands. NULL is nothing between two commas, an empty text is "".
 * The data is exact: nothing is put before a value that a spreadsheet would take for a formula; that there are some is told. The mark of UTF-8 stands
 * in front only where it makes a difference, because Excel would take Chinese for something else without it.
 */
export async function csvOf(cursor: Cursor, limit: number): Promise<Output<'browse.csv'>> {
  const parts = [csvLines([cursor.columns.map(({ name }) => name)])]
  let characters = 0
  let rows = 0
  let end = false
  let formulas = cursor.columns.some(({ name }) => looksLikeFormula(name))
  while (!end && rows < limit && characters < csvCharacters) {
    const page = await cursor.fetch(Math.min(rowsAtOnce, limit - rows))
    const texts = page.rows.map((row) => row.map(wholeText))
    formulas ||= texts.some((row) => row.some(looksLikeFormula))
    const lines = csvLines(texts)
    parts.push(lines)
    characters += lines.length
    rows += page.rows.length
    end = page.end
  }
  const csv = parts.join('')
  // oxlint-disable-next-line no-control-regex -- everything that is not ASCII
  return { csv: /[^\x00-\x7f]/.test(csv) ? `\ufeff${csv}` : csv, rows, end, formulas }
}

/** Whether a spreadsheet would run a value instead of showing it. A number with a sign is none. */
export function looksLikeFormula(text: string | null): boolean {
  return text !== null && /^[=+\-@\t\r]/.test(text) && !/^[+-]?[\d.,]+(e[+-]?\d+)?$/i.test(text)
}

function csvLines(rows: (string | null)[][]): string {
  return stringify(rows, { record_delimiter: 'windows', quoted_match: /^$/ })
}

function wholeText(cell: Cell): string | null {
  if (cell === null || typeof cell === 'string') return cell
  throw new LifeboatFailure(
    'query-refused',
    `A value of ${cell.bytes} bytes is too long for a CSV. Nothing was written, because cut values would not be your data.`,
  )
}
