import { create } from 'zustand'
import type { BrowseColumn, BrowseTable, BrowseView, Cell } from '#shared/browse.ts'
import { toFailure, type Failure } from '#shared/failure.ts'
import { call } from '../bridge.ts'

export type Filter = NonNullable<BrowseView['filters']>[number]
export type Sort = NonNullable<BrowseView['sort']>

/** One table as far as it was read. */
export interface Reading {
  table: BrowseTable
  sort: Sort | null
  filters: readonly Filter[]
  cursorId: string | null
  /** null before the first answer */
  columns: readonly BrowseColumn[] | null
  rows: readonly (readonly Cell[])[]
  /** of them the first ones, which say how wide the columns are drawn */
  first: readonly (readonly Cell[])[]
  /** nothing follows */
  end: boolean
  loading: boolean
  failure: Failure | null
}

interface BrowseStore {
  sandboxId: string | null
  /** null before the first answer */
  tables: readonly BrowseTable[] | null
  failure: Failure | null
  reading: Reading | null
  open: (sandboxId: string) => Promise<void>
  show: (table: BrowseTable) => void
  /** Reads the same table anew: with another order, other filters, or as it was. */
  again: (change?: Partial<Pick<Reading, 'sort' | 'filters'>>) => void
  /** Brings more rows when the last ones come into sight. */
  need: (last: number) => void
  leave: () => void
}

export const pageSize = 200
/** Further on nobody scrolls: the rest is found by a filter, or by the order. */
export const mostRows = 100_000
/** Rows that are fetched before they come into sight. */
const ahead = 120

/** The table of a sandbox that is looked at. */
export const useBrowse = create<BrowseStore>((set, get) => {
  // what was asked for an earlier table is of no interest any more
  let generation = 0

  const change = (asked: number, part: Partial<Reading>): void => {
    if (asked === generation) set(({ reading }) => ({ reading: reading && { ...reading, ...part } }))
  }
  const close = (): void => {
    generation += 1
    const cursorId = get().reading?.cursorId
    // it closes by itself when this does not reach it
    if (cursorId) void call('browse.close', { cursorId }).catch(() => undefined)
  }
  const begin = async (reading: Reading): Promise<void> => {
    close()
    const asked = generation
    set({ reading })
    try {
      const { cursorId, columns } = await call('browse.open', viewOf(get().sandboxId ?? '', reading))
      if (asked !== generation) return void call('browse.close', { cursorId }).catch(() => undefined)
      change(asked, { cursorId, columns })
      await more(asked)
    } catch (error) {
      change(asked, { loading: false, failure: toFailure(error) })
    }
  }
  const more = async (asked: number): Promise<void> => {
    const reading = get().reading
    if (!reading?.cursorId || asked !== generation) return
    change(asked, { loading: true })
    try {
      const page = await call('browse.fetch', { cursorId: reading.cursorId, limit: pageSize })
      const rows = [...reading.rows, ...page.rows]
      const first = reading.first.length > 0 ? reading.first : page.rows.slice(0, 40)
      change(asked, { rows, first, end: page.end, loading: false })
    } catch (error) {
      change(asked, { loading: false, failure: toFailure(error) })
    }
  }

  return {
    sandboxId: null,
    tables: null,
    failure: null,
    reading: null,
    open: async (sandboxId) => {
      if (get().sandboxId !== sandboxId) {
        close()
        set({ sandboxId, tables: null, reading: null })
      }
      set({ failure: null })
      try {
        const tables = await call('browse.tables', { sandboxId })
        if (get().sandboxId === sandboxId) set({ tables })
      } catch (error) {
        if (get().sandboxId === sandboxId) set({ failure: toFailure(error) })
      }
    },
    show: (table) => void begin(unread(table, null, [])),
    again: (wanted = {}) => {
      const { reading } = get()
      if (!reading) return
      const { sort, filters } = { ...reading, ...wanted }
      const { table, columns, first } = reading
      // the columns stay as they are, so that the head of the table does not blink
      void begin({ ...unread(table, sort, filters), columns, first })
    },
    need: (last) => {
      const { reading } = get()
      if (!reading?.cursorId || reading.loading || reading.end || reading.failure) return
      if (reading.rows.length >= mostRows || last < reading.rows.length - ahead) return
      void more(generation)
    },
    leave: () => {
      close()
      set({ sandboxId: null, tables: null, failure: null, reading: null })
    },
  }
})

function unread(table: BrowseTable, sort: Sort | null, filters: readonly Filter[]): Reading {
  const nothing = { cursorId: null, columns: null, rows: [], first: [], end: false, loading: true, failure: null }
  return { table, sort, filters, ...nothing }
}

/** What is asked of the engine to read it. */
export function viewOf(sandboxId: string, { table, sort, filters }: Pick<Reading, 'table' | 'sort' | 'filters'>) {
  const { database, schema, name } = table
  return { sandboxId, database, schema, name, sort, filters: [...filters] }
}
