import type { CopyRow } from '#shared/copy.ts'
import { isAhead, type DatabaseState } from '#shared/overview.ts'

/**
 * What can honestly be said about a database. `safe`: a copy inside the age limit was restored and proven exact;
 * `fresh`: one was only read to its end. One from the future is neither: nobody knows how old it is.
 */
export type Standing = 'safe' | 'fresh' | 'old' | 'damaged' | 'unread' | 'none'

export function standingOf(state: DatabaseState, ageLimitHours: number, now: Date): Standing {
  const { newestGood: good, newestExact: exact } = state
  const isFresh = ({ takenAt }: CopyRow): boolean =>
    !isAhead(takenAt, now) && ageSeconds(takenAt, now) <= ageLimitHours * 3600
  if (exact && isFresh(exact)) return 'safe'
  if (good) return isFresh(good) ? 'fresh' : 'old'
  if (!state.newest) return 'none'
  return state.newest.face === 'damaged' ? 'damaged' : 'unread'
}

const worstFirst: readonly Standing[] = ['damaged', 'none', 'unread', 'old', 'fresh', 'safe']

/** Worst first; among equals the one whose good copy is older, then production before the rest as the engine has it. */
export function byUrgency(states: readonly DatabaseState[], ageLimitHours: number, now: Date): DatabaseState[] {
  const rank = (state: DatabaseState): number =>
    worstFirst.indexOf(standingOf(state, ageLimitHours, now)) * 2 - (newerIsDamaged(state) ? 1 : 0)
  const age = (state: DatabaseState): string => state.newestGood?.takenAt ?? ''
  return states.toSorted((a, b) => rank(a) - rank(b) || age(a).localeCompare(age(b)))
}

/** The copy that a verification would say most about: the newest that is not known to be damaged. */
export function toVerify({ newest, newestGood }: DatabaseState): CopyRow | null {
  return newest && newest.face !== 'damaged' ? newest : newestGood
}

/** There is a good copy, and a newer one that is damaged. */
export function newerIsDamaged(state: DatabaseState): boolean {
  return state.newestGood !== null && state.newest?.face === 'damaged' && state.newest.id !== state.newestGood.id
}

/** Never less than nothing: clocks may be a little apart. */
export function ageSeconds(iso: string, now: Date): number {
  return Math.max(0, (now.getTime() - new Date(iso).getTime()) / 1000)
}
