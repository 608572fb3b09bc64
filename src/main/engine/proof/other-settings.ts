import type { DumpTable } from '#shared/dump-report.ts'
import { pinSettings } from '#engine/fingerprint/settings.ts'
import type { Dependency, RestoredTable } from './restored-tables.ts'
import type { DumpSettings, Settings } from './dump-settings.ts'
import { equalUnder } from './equal-under.ts'
import { rowReader, withSession, type Ask } from './session.ts'
import type { Summed, SumPlace } from './sums.ts'
import { zoneIsCertain, zoneIsPlainFor } from './zone.ts'

type Differing = Summed & { dump: DumpTable; restored: RestoredTable }

/** Why a table that differs is none that was damaged: it is equal under other settings, or nobody can say. */
export type Explanation = { equalUnder: string } | { why: string }

/** A zone for each hour of the day and those of most people first; the others are tried on small tables. */
const commonZones = (
  'UTC Asia/Shanghai Europe/Berlin Europe/London America/New_York America/Los_Angeles America/Chicago America/Denver ' +
  'Asia/Tokyo Asia/Singapore Asia/Kolkata Europe/Moscow Europe/Istanbul America/Sao_Paulo Australia/Sydney Asia/Dubai ' +
  'Asia/Bangkok Asia/Jakarta Asia/Seoul Asia/Hong_Kong Asia/Taipei Europe/Paris Europe/Madrid Europe/Amsterdam ' +
  'Europe/Kiev Europe/Athens Africa/Cairo Africa/Johannesburg Africa/Lagos America/Toronto America/Mexico_City ' +
  'America/Bogota America/Argentina/Buenos_Aires Asia/Karachi Asia/Dhaka Asia/Tehran Pacific/Auckland'
).split(' ')
/** Rows of a table on which every zone that PostgreSQL knows is tried. */
const SMALL_ROWS = 20_000
/** Tables on which zones are tried before it is given up for the others too. */
const MOST_TRIED = 3

/**
 * Tries the tables that differ once more, under the settings that whoever took the dump may have had. A table that is not
 * in the answer differs under all of them, and no setting can be the reason.
 */
export async function explainBySettings<T extends Differing>(
  differing: readonly T[],
  exact: readonly T[],
  context: { place: SumPlace; settings: DumpSettings; signal: AbortSignal },
): Promise<Map<T, Explanation>> {
  const { place, settings, signal } = context
  const explained = new Map<T, Explanation>()
  const open = differing.filter((table) => reasons(table, settings).length > 0).toSorted((a, b) => a.rows - b.rows)
  if (open.length === 0) return explained
  const session = { role: rowReader(place.sandbox), database: place.database }
  await withSession(place.sandbox, session, signal, async (ask) => {
    const found = settings.pinned ? [] : await tryOthers(ask, open, place, settings, explained)
    const rest = open.filter((table) => !explained.has(table))
    const certain = rest.length > 0 && (await zoneIsCertain(ask, settings, found, exact, place))
    for (const table of rest) {
      // Both forms of bytes and names were tried; what is left are zones that nobody thought of, versions and locales.
      const left = reasons(table, settings).filter((one) => one !== 'bytea' && one !== 'names')
      const open_ =
        certain && (await zoneIsPlainFor(ask, settings, table)) ? left.filter((one) => one !== 'zone') : left
      const [reason] = open_
      if (reason !== undefined) explained.set(table, { why: whyUnsure[reason] })
    }
  })
  return explained
}

/** What the text of this table's rows may depend on here. */
function reasons({ restored: { depends } }: Differing, { pinned, sameMajor }: DumpSettings): Dependency[] {
  return [...depends].filter((one) => {
    if (one === 'version') return !sameMajor
    return one === 'locale' || !pinned
  })
}

/** Fills in the tables that are equal under some settings, and gives those settings. */
async function tryOthers<T extends Differing>(
  ask: Ask,
  open: readonly T[],
  place: SumPlace,
  settings: DumpSettings,
  explained: Map<T, Explanation>,
): Promise<Settings[]> {
  const zones = await zonesOf(ask, settings)
  const found: Settings[] = []
  let tried = 0
  for (const table of open) {
    // what has explained a table before comes first
    const equal = await firstEqual(ask, table, [...found, ...candidatesFor(table, zones, tried < MOST_TRIED)], place)
    if (equal !== null) {
      if (!found.includes(equal)) found.unshift(equal)
      explained.set(table, { equalUnder: `compared with ${shownSettings(equal)}, as the dump was written` })
    } else if (table.restored.depends.has('zone')) tried++
  }
  await ask(pinSettings())
  return found
}

async function zonesOf(ask: Ask, { timeZone }: DumpSettings): Promise<{ few: string[]; all: string[] }> {
  const rows = await ask(
    'SELECT name FROM pg_catalog.pg_timezone_names WHERE name !~ \'^(posix|right)/\' ORDER BY name COLLATE "C"',
  )
  const known = rows.flatMap(([name]) => (name === null || name === undefined ? [] : [name]))
  const own = timeZone === null ? [] : [timeZone]
  const few = [...new Set([...own, ...commonZones.filter((zone) => known.includes(zone))])]
  return { few, all: [...new Set([...few, ...known])] }
}

function candidatesFor({ restored, rows }: Differing, zones: { few: string[]; all: string[] }, many: boolean) {
  const { depends } = restored
  let candidates: Settings[] = [{}]
  if (depends.has('zone')) {
    const some = !many ? zones.few.slice(0, 2) : rows <= SMALL_ROWS ? zones.all : zones.few
    candidates = some.map((TimeZone) => ({ TimeZone }))
  }
  if (depends.has('bytea')) candidates = candidates.flatMap((one) => [one, { ...one, bytea_output: 'escape' }])
  if (depends.has('names')) candidates = candidates.flatMap((one) => [one, { ...one, quote_all_identifiers: 'on' }])
  return candidates
}

async function firstEqual(ask: Ask, table: Differing, candidates: readonly Settings[], place: SumPlace) {
  for (const settings of candidates) {
    if (await equalUnder(ask, table, settings, place)) return settings
  }
  return null
}

function shownSettings(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
}

const whyUnsure: Record<Dependency, string> = {
  zone: 'its times with a zone may have been written in a zone that is not known',
  bytea: 'its bytes may have been written in another form',
  names: 'the names of objects in it may have been written in another form',
  version: 'another version of PostgreSQL may write its values in another way',
  locale: 'its amounts of money may have been written in another locale',
}
