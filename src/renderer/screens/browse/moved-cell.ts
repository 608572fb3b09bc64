/** A value's place in a table; row -1 is the head of its column. */
export interface Place {
  row: number
  column: number
}

export function samePlace(one: Place | null, other: Place): boolean {
  return one?.row === other.row && one.column === other.column
}

interface Size {
  rows: number
  columns: number
  /** rows on one screen */
  page: number
}

/** Where a key leads from a value; null for keys that lead nowhere. */
export function movedCell(
  { key, ctrlKey, metaKey }: { key: string; ctrlKey: boolean; metaKey: boolean },
  { row, column }: Place,
  { rows, columns, page }: Size,
): Place | null {
  if (columns === 0) return null
  const far = ctrlKey || metaKey
  const to = {
    ArrowDown: { row: row + 1, column },
    ArrowUp: { row: row - 1, column },
    ArrowRight: { row, column: column + 1 },
    ArrowLeft: { row, column: column - 1 },
    PageDown: { row: row + page, column },
    PageUp: { row: Math.max(0, row - page), column },
    Home: { row: far ? 0 : row, column: 0 },
    End: { row: far ? rows - 1 : row, column: columns - 1 },
  }[key]
  if (!to) return null
  return {
    row: Math.min(rows - 1, Math.max(-1, to.row)),
    column: Math.min(columns - 1, Math.max(0, to.column)),
  }
}
