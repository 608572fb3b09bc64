import type { VerifyFinding } from '#shared/verification.ts'

type Where = { table?: string | null; line?: number | null; byte?: number | null }

/** A finding of the proof; the place is that of the dump, where there is one. */
export function finding(
  weight: VerifyFinding['class'],
  kind: string,
  detail: string,
  { table = null, line = null, byte = null }: Where = {},
  remedy: string | null = null,
): VerifyFinding {
  return { class: weight, kind, detail, table, line, byte, remedy }
}

/** A table's name for people. */
export function shownName(schema: string, name: string, database: string | null = null): string {
  const table = schema === '' ? name : `${schema}.${name}`
  return database === null ? table : `${database}: ${table}`
}
