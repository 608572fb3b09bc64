import { defaultFilter } from 'cmdk'
import type { Entry } from './entries.ts'

/** Those that fit what was typed, the best first, whatever their group: the first one is what Enter runs. */
export function fitting(entries: readonly Entry[], search: string): Entry[] {
  const typed = search.trim()
  if (typed === '') return [...entries]
  return entries
    .map((entry) => ({ entry, score: scoreOf(entry, typed) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .map(({ entry }) => entry)
}

/** 0 to 1. Its id counts too: it is English words, for whoever types those in another language. */
function scoreOf({ title, label = '', words = [], id }: Entry, typed: string): number {
  return defaultFilter(title, typed, [label, ...words, id])
}
