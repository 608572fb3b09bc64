import type { DatabaseState } from '#shared/overview.ts'

/** What can honestly be said about a database: `fresh` is as good as it gets while nothing has been restored. */
export type Standing = 'fresh' | 'old' | 'damaged' | 'unread' | 'none'

export function standingOf(state: DatabaseState, ageLimitHours: number, now: Date): Standing {
  const good = state.newestGood
  if (good) return ageHours(good.takenAt, now) <= ageLimitHours ? 'fresh' : 'old'
  if (!state.newest) return 'none'
  return state.newest.face === 'damaged' ? 'damaged' : 'unread'
}

const worstFirst: readonly Standing[] = ['damaged', 'none', 'unread', 'old', 'fresh']

/** Worst first; among equals the one whose good copy is older, then production before the rest as the engine has it. */
export function byUrgency(states: readonly DatabaseState[], ageLimitHours: number, now: Date): DatabaseState[] {
  const rank = (state: DatabaseState): number =>
    worstFirst.indexOf(standingOf(state, ageLimitHours, now)) * 2 - (newerIsDamaged(state) ? 1 : 0)
  const age = (state: DatabaseState): string => state.newestGood?.takenAt ?? ''
  return states.toSorted((a, b) => rank(a) - rank(b) || age(a).localeCompare(age(b)))
}

/** There is a good copy, and a newer one that is damaged. */
export function newerIsDamaged(state: DatabaseState): boolean {
  return state.newestGood !== null && state.newest?.face === 'damaged' && state.newest.id !== state.newestGood.id
}

export function ageSeconds(iso: string, now: Date): number {
  return Math.max(0, (now.getTime() - new Date(iso).getTime()) / 1000)
}

function ageHours(iso: string, now: Date): number {
  return ageSeconds(iso, now) / 3600
}
