import type { DumpPlan } from '../dump/plan.ts'
import { tableKey } from './names.ts'
import type { RestoreProgress, TableProgress } from './restored.ts'

type Counted = { table: TableProgress; bytes: number }

/** Counts what was loaded, and tells it at most ten times a second. Rows are told by the share of their bytes. */
export class Progress {
  private readonly plan: DumpPlan
  private readonly report: (progress: RestoreProgress) => void
  private readonly fileBytes: () => number
  private readonly tables = new Map<string, Counted>()
  private readonly bySteps = new Map<number, { counted: Counted | null; bytes: number; sent: number; rows: number }>()
  private changed = new Set<TableProgress>()
  private step: RestoreProgress['step'] = 'schema'
  private rows = 0
  private readonly rowsTotal: number
  private readonly timer: NodeJS.Timeout

  constructor(plan: DumpPlan, report: (progress: RestoreProgress) => void, fileBytes: () => number) {
    this.plan = plan
    this.report = report
    this.fileBytes = fileBytes
    this.collect()
    this.rowsTotal = [...this.tables.values()].reduce((sum, { table }) => sum + table.rows, 0)
    this.tell()
    this.timer = setInterval(() => this.tell(), 100)
  }

  enter(step: RestoreProgress['step']): void {
    this.step = step
    this.tell()
  }

  /** Bytes of a step's data were sent. `last`: all of them. */
  sent(index: number, bytes: number, last: boolean): void {
    const state = this.bySteps.get(index)
    if (!state?.counted) return
    state.bytes += bytes
    const whole = this.lengthOf(index)
    const rows = last || whole === 0 ? state.rows : Math.min(state.rows, Math.floor((state.rows * state.bytes) / whole))
    const more = Math.max(0, rows - state.sent)
    state.sent += more
    this.rows += more
    state.counted.table.loaded += more
    this.changed.add(state.counted.table)
  }

  /** An index or a constraint of a table is wanted. */
  wanted(database: string | null, table: string): void {
    const counted = this.tables.get(keyOf(database, table))
    if (counted) counted.table.indexes++
  }

  built(database: string | null, table: string): void {
    const counted = this.tables.get(keyOf(database, table))
    if (!counted) return
    counted.table.built++
    this.changed.add(counted.table)
  }

  end(): void {
    clearInterval(this.timer)
    this.tell()
  }

  private collect(): void {
    for (const [index, step] of this.plan.steps.entries()) {
      if (step.step === 'statement') continue
      const named = step.step === 'copy' ? step : step.table
      const { database, rows } = step
      const counted = named && this.table(database, named.schema, named.name)
      if (counted) counted.table.rows += rows
      this.bySteps.set(index, { counted, bytes: 0, sent: 0, rows })
    }
  }

  private table(database: string | null, schema: string, name: string): Counted {
    const key = keyOf(database, tableKey(schema, name))
    const found = this.tables.get(key)
    if (found) return found
    const table = { database, schema, name, rows: 0, loaded: 0, indexes: 0, built: 0 }
    const counted = { table, bytes: 0 }
    this.tables.set(key, counted)
    this.changed.add(table)
    return counted
  }

  private lengthOf(index: number): number {
    const step = this.plan.steps[index]
    return !step || step.step === 'statement' ? 0 : step.to - step.from
  }

  private tell(): void {
    const tables = [...this.changed].map((table) => ({ ...table }))
    this.changed = new Set()
    const { step, rows, rowsTotal } = this
    this.report({ step, rows, rowsTotal, fileBytes: this.fileBytes(), tables })
  }
}

function keyOf(database: string | null, table: string): string {
  return `${database ?? ''}\n${table}`
}
