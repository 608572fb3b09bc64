import type { DatabaseFacts } from '#engine/postgres/facts.ts'

/** Of which moment a dump is, that was begun at `began`: a standby may lag behind, and data must not look younger than it is. */
export function momentOf({ standbyAsOf }: Pick<DatabaseFacts, 'standbyAsOf'>, began: Date): Date {
  return standbyAsOf === null ? began : new Date(Math.min(began.getTime(), Date.parse(standbyAsOf)))
}

/** What is to be said of a dump that was taken from a standby; nothing for any other. */
export function onStandby({ standby, standbyAsOf }: Pick<DatabaseFacts, 'standby' | 'standbyAsOf'>): string {
  if (!standby) return ''
  const moment = standbyAsOf ?? 'a moment that it does not tell'
  return `, on a standby that holds what its primary did until ${moment}, and no rows of unlogged tables`
}
