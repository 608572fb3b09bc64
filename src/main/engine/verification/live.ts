import type { CopyTable } from '#shared/copy.ts'
import type { RestoreProgress } from '#engine/restore/restored.ts'
import type { SandboxEngine } from '#shared/sandbox.ts'
import type { LiveTable, LiveVerification, VerifyStep } from '#shared/verification.ts'

type TableKey = Pick<LiveTable, 'database' | 'schema' | 'name'>

/** A verification as it is seen while it runs. */
export type Live = {
  step(step: VerifyStep): void
  engine(engine: SandboxEngine): void
  /** all tables that the dump holds, once they are known */
  tables(tables: readonly CopyTable[]): void
  /** how far the load has come */
  loading(progress: RestoreProgress): void
  matched(table: TableKey, match: boolean | null): void
  bytes(done: number, total: number | null): void
  /** everything, for somebody who begins to watch */
  state(): LiveVerification
  /** seconds of each step that has ended */
  steps(): LiveVerification['steps']
  end(): void
}

type Watched = { jobId: string; copyId: string | null; subject: string }
type Options = { onChange: (live: LiveVerification) => void; clock: () => number }

const tellEveryMs = 100

/**
 * Keeps the state of a running verification and tells its changes: steps at once, everything else at most ten times a
 * second, and of the tables only those that have changed. There may be 20,000 of them.
 */
export function watchVerification({ jobId, copyId, subject }: Watched, { onChange, clock }: Options): Live {
  const tables = new Map<string, LiveTable>()
  const changed = new Set<string>()
  const steps: LiveVerification['steps'] = []
  let engine: SandboxEngine | null = null
  let step: VerifyStep = 'read'
  let began = clock()
  let rows = 0
  let rowsTotal: number | null = null
  let bytes = { done: 0, total: null as number | null }
  let timer: NodeJS.Timeout | null = null
  let over = false

  const state = (some: LiveTable[]): LiveVerification => ({
    jobId,
    copyId,
    subject,
    engine,
    step,
    steps: [...steps],
    rows,
    rowsTotal,
    bytes: bytes.done,
    bytesTotal: bytes.total,
    tables: some,
  })
  const tell = (): void => {
    if (timer) clearTimeout(timer)
    timer = null
    if (over) return
    const some = [...changed].flatMap((key) => tables.get(key) ?? [])
    changed.clear()
    onChange(state(some))
  }
  const tellSoon = (): void => {
    timer ??= setTimeout(tell, tellEveryMs).unref()
  }
  const change = (table: TableKey, what: Partial<LiveTable>): void => {
    const key = keyOf(table)
    const before = tables.get(key)
    if (!before) return
    tables.set(key, { ...before, ...what })
    changed.add(key)
    tellSoon()
  }
  const close = (): void => {
    const now = clock()
    steps.push({ step, seconds: (now - began) / 1000 })
    began = now
  }

  return {
    step(next) {
      if (next === step) return
      close()
      step = next
      tell()
    },
    engine(found) {
      engine = found
      tellSoon()
    },
    tables(all) {
      rowsTotal = 0
      for (const { database, schema, name, rows: count } of all) {
        const table = { database, schema, name, rows: count, loaded: 0, indexes: 0, built: 0, match: null }
        tables.set(keyOf(table), table)
        changed.add(keyOf(table))
        rowsTotal += count
      }
      tellSoon()
    },
    loading(progress) {
      rows = progress.rows
      bytes = { ...bytes, done: progress.fileBytes }
      for (const { loaded, indexes, built, ...table } of progress.tables) change(table, { loaded, indexes, built })
    },
    matched: (table, match) => change(table, { match }),
    bytes(done, total) {
      bytes = { done, total }
      tellSoon()
    },
    state: () => state([...tables.values()]),
    steps: () => [...steps],
    end() {
      if (over) return
      close()
      tell()
      over = true
    },
  }
}

function keyOf({ database, schema, name }: TableKey): string {
  return JSON.stringify([database, schema, name])
}
