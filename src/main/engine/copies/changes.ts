import type { Changes, Copy } from '#shared/copy.ts'
import { pairTables, sameRows, writtenAlike, type TablePair, type Written } from './pair-tables.ts'

type Compared = Pick<Copy, 'id' | 'takenAt' | 'tables'> & Written

/** What is different in a copy from the one before it: tables come and gone, rows, and edits that left the number of rows as it was. */
export function changesBetween(before: Compared | null, now: Compared): Changes {
  if (before === null) return { before: null, tablesAdded: [], tablesGone: [], rows: [], edited: [], unknown: [] }
  const pairs = pairTables(before.tables, now.tables)
  const alike = writtenAlike(before, now)
  return {
    before: { id: before.id, takenAt: before.takenAt },
    tablesAdded: pairs.filter((pair) => pair.before === null).map(tableName),
    tablesGone: pairs.filter((pair) => pair.after === null).map(tableName),
    rows: pairs.flatMap((pair) =>
      pair.before && pair.after && pair.before.rows !== pair.after.rows
        ? [{ table: tableName(pair), before: pair.before.rows, now: pair.after.rows }]
        : [],
    ),
    edited: pairs.filter((pair) => sameIn(pair, alike) === false).map(tableName),
    unknown: pairs.filter((pair) => sameIn(pair, alike) === null).map(tableName),
  }
}

/** Whether a table with as many rows as before has the same content; undefined: it has others, or is not in both. */
function sameIn({ before, after }: TablePair, alike: boolean): boolean | null | undefined {
  return before && after && before.rows === after.rows ? sameRows(before, after, alike) : undefined
}

function tableName({ database, schema, name }: TablePair): string {
  return [...(database === null ? [] : [database]), schema, name].join('.')
}
