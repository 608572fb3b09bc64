import type { Cell } from '#shared/browse.ts'

export type CellKind = 'number' | 'json' | 'list' | 'bytes' | 'text'

/** How values of a type are drawn. @param type as PostgreSQL spells it */
export function cellKind(type: string): CellKind {
  if (type.endsWith('[]')) return 'list'
  const name = type.replace(/\(.*/, '')
  if (/^(?:smallint|integer|bigint|numeric|real|double precision|money|oid)$/.test(name)) return 'number'
  if (name === 'json' || name === 'jsonb') return 'json'
  return name === 'bytea' ? 'bytes' : 'text'
}

const characterWidth = 7.4
const padding = 26
const [narrowest, widest] = [76, 340]

/** How wide a column is drawn, in pixels: by its name, its type and the first values. */
export function columnWidth(name: string, type: string, values: readonly Cell[]): number {
  const longest = values.reduce<number>((most, cell) => Math.max(most, cellLength(cell)), 0)
  // beside the name stand the buttons of the head
  const characters = Math.max(wideLength(name) + 4, wideLength(type), longest)
  return Math.round(Math.min(widest, Math.max(narrowest, characters * characterWidth + padding)))
}

function cellLength(cell: Cell): number {
  if (cell === null) return 'NULL'.length
  // behind a text that was cut stands its size
  return typeof cell === 'string' ? wideLength(cell) : wideLength(cell.text) + '0.00 MB'.length
}

/** Chinese, Japanese and Korean letters take the room of two. */
function wideLength(text: string): number {
  const shown = text.slice(0, 60)
  return shown.length + (shown.match(/[\u2e80-\u9fff\uac00-\ud7af\uff00-\uff60]/g)?.length ?? 0)
}
