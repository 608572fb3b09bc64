import type { Changes, Copy, CopyTable } from '#shared/copy.ts'

type Compared = Pick<Copy, 'id' | 'takenAt' | 'tables'>

/** What is different in a copy from the one before it: tables come and gone, rows, and edits that left the number of rows as it was. */
export function changesBetween(before: Compared | null, now: Compared): Changes {
  const none: Changes = { before: null, tablesAdded: [], tablesGone: [], rows: [], edited: [] }
  if (before === null) return none
  const old = new Map(before.tables.map((table) => [tableName(table), table]))
  const current = new Map(now.tables.map((table) => [tableName(table), table]))
  const both = [...current].flatMap(([table, after]) => {
    const first = old.get(table)
    return first ? [{ table, first, after }] : []
  })
  return {
    before: { id: before.id, takenAt: before.takenAt },
    tablesAdded: [...current.keys()].filter((table) => !old.has(table)),
    tablesGone: [...old.keys()].filter((table) => !current.has(table)),
    rows: both
      .filter(({ first, after }) => first.rows !== after.rows)
      .map(({ table, first, after }) => ({ table, before: first.rows, now: after.rows })),
    edited: both.filter(({ first, after }) => wasEdited(first, after)).map(({ table }) => table),
  }
}

/** An unknown fingerprint proves nothing either way. */
function wasEdited(first: CopyTable, after: CopyTable): boolean {
  if (first.rows !== after.rows || first.fingerprint === null || after.fingerprint === null) return false
  return first.fingerprint !== after.fingerprint
}

function tableName({ database, schema, name }: CopyTable): string {
  return `${database === null ? '' : `${database}: `}${schema}.${name}`
}
