import { randomUUID } from 'node:crypto'
import type { BrowseColumn, BrowsePage, BrowseTable } from '#shared/browse.ts'
import type { Output } from '#shared/contract.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Sandbox } from '#engine/sandbox/sandbox.ts'
import { csvOf, longestInCsv } from './browse-csv.ts'
import { openCursor, type Cursor, type View } from './browse-cursor.ts'
import { listRelations } from './browse-relation.ts'
import { readerSession, type SessionLimits } from './browse-session.ts'

/** Looks at the data of sandboxes, and changes nothing in them. */
export type Browser = {
  tables(sandboxId: string): Promise<Omit<BrowseTable, 'rows'>[]>
  open(view: View): Promise<{ cursorId: string; columns: BrowseColumn[] }>
  fetch(cursorId: string, limit: number): Promise<BrowsePage>
  value(cursorId: string, row: number, column: number): Promise<{ text: string | null; cut: boolean }>
  csv(view: View, limit: number): Promise<Output<'browse.csv'>>
  close(cursorId: string): Promise<void>
  /** Ends all sessions. */
  end(): Promise<void>
}

type Options = Partial<SessionLimits> & {
  /** a sandbox that stands right now; throws where there is none */
  find: (id: string) => Sandbox
  /** open cursors at once; the one that was not used for the longest time makes room */
  most?: number
}

type Open = { cursor: Cursor; busy: number; idle: NodeJS.Timeout | null }

const shown = { longest: 2048, longestRow: 256_000 }
const exported = { longest: longestInCsv, longestRow: Infinity }
const mostCursors = 8

/**
 * @param options idleMs: an open table that nobody looks at for so long is closed; statementMs: how long PostgreSQL may
 * work on one page
 */
export function createBrowser({
  find,
  most = mostCursors,
  statementMs = 20_000,
  idleMs = 10 * 60_000,
}: Options): Browser {
  const open = new Map<string, Open>()
  // PostgreSQL ends by itself what we should ever forget
  const limits = { statementMs, idleMs: idleMs + 60_000 }

  const close = async (id: string): Promise<void> => {
    const entry = open.get(id)
    if (!entry) return
    open.delete(id)
    if (entry.idle) clearTimeout(entry.idle)
    await entry.cursor.close()
  }
  const use = async <T>(id: string, work: (cursor: Cursor) => Promise<T>, closing: boolean): Promise<T> => {
    const entry = open.get(id)
    if (!entry) throw new LifeboatFailure('reading-closed', 'This table was closed because nobody looked at it.')
    // the last one that was used stands last
    open.delete(id)
    open.set(id, entry)
    if (entry.idle) clearTimeout(entry.idle)
    entry.busy += 1
    try {
      return await work(entry.cursor)
    } catch (error) {
      // after a failure PostgreSQL answers nothing more in this transaction
      if (closing) await close(id)
      throw error
    } finally {
      entry.busy -= 1
      if (open.has(id) && entry.busy === 0) entry.idle = setTimeout(() => void close(id), idleMs).unref()
    }
  }
  const makeRoom = async (): Promise<void> => {
    const [oldest] = open.keys()
    if (open.size > most && oldest !== undefined) await close(oldest)
  }

  return {
    async tables(sandboxId) {
      const sandbox = find(sandboxId)
      const tables: Omit<BrowseTable, 'rows'>[] = []
      for (const database of await databasesOf(sandbox, limits)) {
        const relations = await reading(sandbox, database, limits, listRelations)
        tables.push(...relations.map((relation) => ({ database, ...relation })))
      }
      return tables
    },
    async open(view) {
      const sandbox = find(view.sandboxId)
      const cursor = await openCursor(sandbox, view, { ...limits, ...shown })
      const cursorId = randomUUID()
      const idle = setTimeout(() => void close(cursorId), idleMs).unref()
      open.set(cursorId, { cursor, busy: 0, idle })
      // it goes with its sandbox
      void cursor.ended.then(async () => close(cursorId))
      await makeRoom()
      return { cursorId, columns: cursor.columns }
    },
    fetch: async (id, limit) => use(id, async (cursor) => cursor.fetch(limit), true),
    value: async (id, row, column) => use(id, async (cursor) => cursor.value(row, column), false),
    async csv(view, limit) {
      const cursor = await openCursor(find(view.sandboxId), view, { ...limits, ...exported })
      try {
        return await csvOf(cursor, limit)
      } finally {
        await cursor.close()
      }
    },
    close,
    async end() {
      await Promise.all([...open.keys()].map(close))
    },
  }
}

/** Databases that the dump may have made or filled. */
async function databasesOf(sandbox: Sandbox, limits: SessionLimits): Promise<string[]> {
  const names = await reading(sandbox, 'postgres', limits, async (session) =>
    session.query(
      `select datname from pg_catalog.pg_database where datallowconn and not datistemplate order by datname collate "C"`,
    ),
  )
  return names.flatMap(([name]) => name ?? [])
}

async function reading<T>(
  sandbox: Sandbox,
  database: string,
  limits: SessionLimits,
  work: (session: Awaited<ReturnType<typeof readerSession>>) => Promise<T>,
): Promise<T> {
  const session = await readerSession(sandbox, database, limits)
  try {
    return await work(session)
  } finally {
    await session.end()
  }
}
