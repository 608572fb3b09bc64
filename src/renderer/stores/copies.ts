import { create } from 'zustand'
import type { Input, Output } from '#shared/contract.ts'
import type { CopyRow } from '#shared/copy.ts'
import { toFailure, type Failure } from '#shared/failure.ts'
import { call } from '../bridge.ts'

export type CopyFilter = Pick<Input<'copy.list'>, 'server' | 'label' | 'text' | 'face' | 'sort' | 'descending'>
type Page = Output<'copy.list'>

/** Rows that one call brings: few enough that no answer holds the window up, whatever the number of copies. */
export const pageSize = 100

interface CopiesStore {
  filter: CopyFilter
  /** copies that fit the filter; null before the first answer */
  total: number | null
  /** all copies, whatever the filter; for the navigation */
  all: number | null
  pages: ReadonlyMap<number, readonly CopyRow[]>
  failure: Failure | null
  setFilter: (change: Partial<CopyFilter>) => void
  /** Brings the pages that hold these rows, unless they are here or on their way. */
  need: (first: number, last: number) => void
  refresh: () => Promise<void>
}

export const useCopies = create<CopiesStore>((set, get) => {
  let generation = 0
  const underway = new Set<number>()

  async function load(page: number): Promise<void> {
    const asked = generation
    underway.add(page)
    try {
      const answer = await call('copy.list', { ...get().filter, offset: page * pageSize, limit: pageSize })
      if (asked !== generation) return
      set((state) => ({ pages: withPage(state.pages, page, answer), total: answer.total, failure: null }))
    } catch (error) {
      if (asked === generation) set({ failure: toFailure(error) })
    } finally {
      if (asked === generation) underway.delete(page)
    }
  }

  function startOver(): void {
    generation += 1
    underway.clear()
  }

  return {
    filter: { sort: 'taken', descending: true },
    total: null,
    all: null,
    pages: new Map(),
    failure: null,
    setFilter: (change) => {
      startOver()
      set((state) => ({ filter: { ...state.filter, ...change }, pages: new Map() }))
      void load(0)
    },
    need: (first, last) => {
      for (let page = Math.floor(first / pageSize); page <= Math.floor(last / pageSize); page += 1) {
        if (!get().pages.has(page) && !underway.has(page)) void load(page)
      }
    },
    refresh: async () => {
      startOver()
      const shown = [...get().pages.keys()]
      // Old rows stay until the new ones are here: a list that blinks loses its reader's place.
      const fresh = shown.length > 3 ? [0] : shown.length === 0 ? [0] : shown
      if (shown.length > 3) set({ pages: new Map() })
      const [counted] = await Promise.all([countAll(), ...fresh.map(load)])
      if (counted !== null) set({ all: counted })
    },
  }
})

function withPage(pages: ReadonlyMap<number, readonly CopyRow[]>, page: number, answer: Page) {
  return new Map(pages).set(page, answer.copies)
}

async function countAll(): Promise<number | null> {
  try {
    return (await call('copy.list', { limit: 1 })).total
  } catch {
    return null
  }
}

/** The row at a place of the list, or undefined while its page is on its way. */
export function rowAt(pages: ReadonlyMap<number, readonly CopyRow[]>, index: number): CopyRow | undefined {
  return pages.get(Math.floor(index / pageSize))?.[index % pageSize]
}
