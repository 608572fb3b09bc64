import type { DumpPlan } from '#engine/dump/plan.ts'
import { Cursor } from './statements/cursor.ts'
import { tokenize } from './statements/tokens.ts'

/** A statement of the plan that PostgreSQL refused, and what that means. */
export type Refusal = { stepIndex: number; class: 'explained' | 'unchecked' | 'damage'; why: string | null }

export function uncheckedKey(database: string | null, schema: string, name: string): string {
  return JSON.stringify([database, schema, name])
}

/** Tables that could not be made or filled for want of something in the sandbox, by `uncheckedKey`, with why. */
export function uncheckedTables(plan: DumpPlan, refusals: readonly Refusal[]): Map<string, string> {
  const tables = new Map<string, string>()
  for (const { stepIndex, class: weight, why } of refusals) {
    const step = plan.steps[stepIndex]
    if (weight !== 'unchecked' || step === undefined) continue
    const table = step.step === 'data' ? step.table : step.step === 'copy' ? step : tableOf(step.kind, step.text)
    if (table === null) continue
    tables.set(uncheckedKey(step.database, table.schema, table.name), why ?? 'this sandbox could not have it')
  }
  return tables
}

function tableOf(kind: string, text: string) {
  if (kind !== 'CREATE TABLE') return null
  const cursor = new Cursor(tokenize(text))
  if (!cursor.seek('TABLE')) return null
  cursor.skip('IF', 'NOT', 'EXISTS')
  return cursor.qualified()
}
