import type { Database } from '#shared/database.ts'
import type { Job } from '#shared/job.ts'
import { isAhead, latestNow, type Care, type DatabaseState } from '#shared/overview.ts'
import type { CopyRow } from '#shared/copy.ts'
import { latestProofs, rungs, type Rung } from '#shared/proof.ts'
import { sealToCompare } from '#shared/vault.ts'
import type { CopySight } from '#engine/catalogue/copies.ts'
import type { Catalogue } from '#engine/catalogue/open.ts'
import type { FoundSeal } from '#engine/vault/list.ts'
import type { Vault } from '#engine/vault/vault.ts'
import type { Context, Handlers } from './context.ts'

const attempts: readonly { what: Extract<Care, { kind: 'failed' }>['what']; kinds: readonly Job['kind'][] }[] = [
  { what: 'copy', kinds: ['backup', 'pull'] },
  { what: 'verify', kinds: ['verify'] },
  { what: 'seal', kinds: ['seal'] },
]
const calendarDays = 84
const trendLength = 60
/** so long a restored copy speaks for the newer ones that nobody has restored */
const restoredSpeaksForMs = 7 * 24 * 3600 * 1000
const dayMs = 24 * 3600 * 1000

/** The answer to "are we safe?": what is left of each database if its server vanished now, and what needs care. */
export function overviewHandlers(context: Context, vault: Vault): Pick<Handlers, 'overview.get'> {
  const { catalogue } = context
  return {
    'overview.get': async ({ timeZone }) => {
      const now = context.now()
      context.lookAgain()
      const jobs = catalogue.jobs.list(500)
      const dayOf = dayFormatter(timeZone)
      const limitMs = catalogue.settings.get().ageLimitHours * 3600 * 1000
      const seals = await vault.list().catch(() => null)
      const seen = catalogue.databases.list().map((database) => stateOf(catalogue.copies, database, jobs, now, dayOf))
      const states = seen.map(({ state }) => state)
      const care = seen.flatMap(({ state, newestBackup }) => [
        ...careOf(state, newestBackup, now, limitMs),
        ...failedOf(state.database, catalogue),
        ...driftOf(state.database, catalogue),
        ...unsealedOf(state.database, seals),
      ])
      return { at: now.toISOString(), databases: [...states].sort(worstFirst(care)), care: [...care].sort(byWeight) }
    },
  }
}

function stateOf(
  all: Catalogue['copies'],
  database: Database,
  jobs: readonly Job[],
  now: Date,
  dayOf: DayOf,
): { state: DatabaseState; newestBackup: CopyRow | null } {
  // a day more at either end: the operator's days are not those of Greenwich
  const since = new Date(now.getTime() - (calendarDays + 2) * dayMs).toISOString()
  const wanted = { sizes: trendLength, since, latest: latestNow(now) }
  const { recent, sizes, restored, newestBackup, ...sight } = all.sightOf(database.serverName, database.label, wanted)
  const backup = jobs.find((job) => job.kind === 'backup' && job.databaseId === database.id && job.state === 'done')
  const state = {
    database,
    ...sight,
    face: sight.newest?.face ?? 'not-checked',
    days: calendar(recent, now, dayOf),
    sizes: sizes.reverse(),
    lastRestore: lastRestoreOf(restored),
    lastBackupSeconds: backup?.endedAt ? (Date.parse(backup.endedAt) - Date.parse(backup.startedAt)) / 1000 : null,
  }
  return { state, newestBackup }
}

/** The latest restore of any of these copies that went well: what it took is what getting back would take. */
function lastRestoreOf(copies: readonly CopyRow[]): DatabaseState['lastRestore'] {
  const restores = copies.flatMap((copy) =>
    latestProofs(copy.proofs)
      .filter((proof) => proof.rung === 'restored' && proof.outcome === 'proven')
      .map(({ at, seconds }) => ({ at, seconds, copyId: copy.id })),
  )
  return restores.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))[0] ?? null
}

/** The last twelve weeks, oldest day first; each day has the best rung among the copies that were taken on it. */
function calendar(copies: CopySight['recent'], now: Date, dayOf: DayOf): DatabaseState['days'] {
  const best = new Map<string, { rung: Rung | null; damaged: boolean }>()
  for (const copy of copies) {
    const day = dayOf(new Date(copy.takenAt))
    const before = best.get(day) ?? { rung: null, damaged: false }
    const rung = copy.face === 'damaged' ? null : copy.rung
    best.set(day, { rung: higher(before.rung, rung), damaged: before.damaged || copy.face === 'damaged' })
  }
  // counted in days and not in hours: where clocks are changed, a day has 23 or 25 of them
  const today = Date.parse(`${dayOf(now)}T00:00:00Z`)
  return Array.from({ length: calendarDays }, (_, index) => {
    const day = new Date(today - (calendarDays - 1 - index) * dayMs).toISOString().slice(0, 10)
    return { day, ...(best.get(day) ?? { rung: null, damaged: false }) }
  })
}

function higher(a: Rung | null, b: Rung | null): Rung | null {
  if (a === null || b === null) return a ?? b
  return rungs.indexOf(a) >= rungs.indexOf(b) ? a : b
}

/** YYYY-MM-DD in the operator's zone. */
type DayOf = (date: Date) => string

/** In the engine's own zone where the operator's is not known. Making it costs more than all that it formats. */
function dayFormatter(timeZone: string | undefined): DayOf {
  const format = (zone: string | undefined): Intl.DateTimeFormat =>
    // the Canadian form of a date is the ISO one
    new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })
  try {
    const known = format(timeZone)
    return (date) => known.format(date)
  } catch {
    const own = format(undefined)
    return (date) => own.format(date)
  }
}

function careOf(state: DatabaseState, newestBackup: CopyRow | null, now: Date, limitMs: number): Care[] {
  const { database, newest, newestGood } = state
  const who = { databaseId: database.id, server: database.serverName, label: database.label }
  const care: Care[] = []
  if (newest?.face === 'damaged') care.push({ kind: 'damaged', ...who, ...damageOf(newest) })
  // a good dump since then does not make the server's cron a good one
  if (newestBackup?.face === 'damaged' && newestBackup.id !== newest?.id) {
    const damage = damageOf(newestBackup)
    if (damage.origin === 'backup') care.push({ kind: 'damaged', ...who, ...damage })
  }
  if (newest && isAhead(newest.takenAt, now))
    care.push({ kind: 'ahead', ...who, copyId: newest.id, takenAt: newest.takenAt })
  if (newestGood === null) care.push({ kind: 'no-copy', ...who })
  else if (now.getTime() - Date.parse(newestGood.takenAt) > limitMs) {
    // A new copy first: only that one is worth a restore.
    care.push({ kind: 'old', ...who, newestAt: newestGood.takenAt })
  } else if (!isRestored(newestGood)) {
    const provenAt = state.lastRestore?.at ?? null
    if (provenAt === null || now.getTime() - Date.parse(provenAt) > restoredSpeaksForMs)
      care.push({ kind: 'unproven', ...who, copyId: newestGood.id, provenAt })
  }
  return care
}

function damageOf(copy: CopyRow): Pick<Extract<Care, { kind: 'damaged' }>, 'copyId' | 'takenAt' | 'origin' | 'detail'> {
  const damaged = latestProofs(copy.proofs).find((proof) => proof.outcome === 'damaged')
  // what was well when it came has become bad here: the server's own file may be sound
  const origin = damaged?.rung === 'stored' ? 'dump' : copy.origin
  return { copyId: copy.id, takenAt: copy.takenAt, origin, detail: damaged?.detail ?? '' }
}

/** Attempts that nothing has made good since. A verification is never taken for one of a copy: it says nothing about it. */
function failedOf(database: Database, { jobs }: Catalogue): Care[] {
  const { id: databaseId, serverName: server, label } = database
  return attempts.flatMap(({ what, kinds }): Care[] => {
    const last = jobs.lastAttempt(databaseId, kinds)
    if (last?.state !== 'failed' && last?.state !== 'interrupted') return []
    const message = last.failure?.message ?? ''
    return [
      { kind: 'failed', what, databaseId, server, label, jobId: last.id, at: last.endedAt ?? last.startedAt, message },
    ]
  })
}

/** @param seals null: nobody can tell which there are, so that none is counted */
function unsealedOf({ id, serverName: server, label, env }: Database, seals: readonly FoundSeal[] | null): Care[] {
  const own = (seals ?? []).filter((seal) => seal.server === server && seal.label === label)
  if (sealToCompare(own, env) || env.length === 0) return []
  return [{ kind: 'unsealed', databaseId: id, server, label, files: env.length }]
}

/** What the last look at its `.env` files has shown, on request or before a backup. */
function driftOf(database: Database, { drifts }: Catalogue): Care[] {
  const seen = drifts.get(database.id)
  if (!seen || seen.equal) return []
  const { equal: _equal, ...rest } = seen
  return [{ kind: 'drift', databaseId: database.id, server: database.serverName, label: database.label, ...rest }]
}

function isRestored({ rung }: CopyRow): boolean {
  return rung !== null && rungs.indexOf(rung) >= rungs.indexOf('restored')
}

const weights: Record<Care['kind'], number> = {
  'no-copy': 0,
  damaged: 1,
  ahead: 2,
  old: 2,
  failed: 3,
  drift: 4,
  unsealed: 4,
  unproven: 5,
}

function byWeight(a: Care, b: Care): number {
  return weights[a.kind] - weights[b.kind]
}

function worstFirst(care: readonly Care[]): (a: DatabaseState, b: DatabaseState) => number {
  const worst = (state: DatabaseState): number =>
    Math.min(9, ...care.filter((each) => each.databaseId === state.database.id).map((each) => weights[each.kind]))
  return (a, b) => worst(a) - worst(b) || nameOf(a).localeCompare(nameOf(b))
}

function nameOf({ database }: DatabaseState): string {
  return `${database.serverName}/${database.label}`
}
