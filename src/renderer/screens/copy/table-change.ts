import type { Changes, CopyTable } from '#shared/copy.ts'

export type TableChange =
  { kind: 'none' } | { kind: 'new' } | { kind: 'edited' } | { kind: 'unknown' } | { kind: 'rows'; rows: number }

/** A table's name as it is shown and as the comparison names it. */
export function nameOfTable({ database, schema, name }: Pick<CopyTable, 'database' | 'schema' | 'name'>): string {
  return [...(database === null ? [] : [database]), schema, name].join('.')
}

export function changeOf(table: CopyTable, changes: Changes | null): TableChange {
  if (!changes?.before) return { kind: 'none' }
  const name = nameOfTable(table)
  if (changes.tablesAdded.includes(name)) return { kind: 'new' }
  const counted = changes.rows.find((row) => row.table === name)
  if (counted && counted.now !== counted.before) return { kind: 'rows', rows: counted.now - counted.before }
  if (changes.unknown.includes(name)) return { kind: 'unknown' }
  return changes.edited.includes(name) ? { kind: 'edited' } : { kind: 'none' }
}
