import type { TFunction } from 'i18next'
import type { DatabaseState } from '#shared/overview.ts'
import { standingOf } from './standing.ts'

/**
 * The answer to "are we safe?" and what its words mean. Nobody is called safe by a copy that was only read: as long as
 * none was restored and proven exact, it counts fresh readable copies.
 */
export function headlineOf(
  states: readonly DatabaseState[],
  ageLimitHours: number,
  now: Date,
  t: TFunction,
): { title: string; meaning: string } {
  const standings = states.map((state) => standingOf(state, ageLimitHours, now))
  const count = states.length
  const safe = standings.filter((standing) => standing === 'safe').length
  if (safe > 0)
    return { title: safeTitle(safe, count, t), meaning: t('overview.safeMeaning', { count: ageLimitHours }) }
  const fresh = standings.filter((standing) => standing === 'fresh').length
  const restored = states.some((state) => state.lastRestore !== null)
  return {
    title: freshTitle(fresh, count, t),
    meaning:
      t('overview.meaning', { count: ageLimitHours }) +
      t('sentence.gap') +
      t(restored ? 'overview.noneExact' : 'overview.restoringUnproven'),
  }
}

function safeTitle(safe: number, count: number, t: TFunction): string {
  if (safe === 1 && count > 1) return t('overview.safeOneOf', { count })
  if (safe < count) return t('overview.safeSome', { safe, count })
  return count === 2 ? t('overview.safeBoth') : t('overview.safeAll', { count })
}

function freshTitle(fresh: number, count: number, t: TFunction): string {
  if (fresh === 1 && count > 1) return t('overview.titleOneOf', { count })
  if (fresh < count) return t('overview.titleSome', { fresh, count })
  return count === 2 ? t('overview.titleBoth') : t('overview.titleAll', { count })
}
