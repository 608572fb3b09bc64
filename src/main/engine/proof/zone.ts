import { quoteName } from '#engine/fingerprint/query.ts'
import type { DumpSettings, Settings } from './dump-settings.ts'
import { equalUnder } from './equal-under.ts'
import type { RestoredTable } from './restored-tables.ts'
import type { Ask } from './session.ts'
import type { Summed, SumPlace } from './sums.ts'

type Table = Summed & { dump: { fingerprint: string | null }; restored: RestoredTable }

/** Tables on which it is looked whether the zone shows at all. */
const LOOKED_AT = 5
/** An offset that no place on earth has had. */
const NOWHERE = '<+13:37>-13:37'

/**
 * Whether the dump was surely written in the zone that is named for it: some other table is equal in that zone, and is not
 * in another one.
 */
export async function zoneIsCertain(
  ask: Ask,
  { timeZone }: DumpSettings,
  found: readonly Settings[],
  exact: readonly Table[],
  place: SumPlace,
): Promise<boolean> {
  if (timeZone === null) return false
  if (found.some(({ TimeZone }) => TimeZone === timeZone)) return true
  const telling = exact.filter(({ restored, rows }) => restored.depends.has('zone') && rows > 0)
  for (const table of telling.toSorted((a, b) => a.rows - b.rows).slice(0, LOOKED_AT)) {
    if (!(await equalUnder(ask, table, { TimeZone: NOWHERE }, place))) return true
  }
  return false
}

/**
 * Whether the zone means one and the same for all of a table's times, whatever the release of the zones' own database: it
 * has had one offset since 2000, and no time is older. Only times that stand in a column of their own can be looked at.
 */
export async function zoneIsPlainFor(ask: Ask, { timeZone }: DumpSettings, table: Table): Promise<boolean> {
  const { plainTimes, depends } = table.restored
  if (timeZone === null || !depends.has('zone') || plainTimes === null) return false
  const at = `(t AT TIME ZONE ${literal(timeZone)}) - (t AT TIME ZONE 'UTC')`
  const [one] = await ask(
    `SELECT pg_catalog.count(DISTINCT ${at}) = 1
     FROM pg_catalog.generate_series('2000-01-01 UTC'::pg_catalog.timestamptz, '2038-01-01 UTC', '7 days') t`,
  )
  if (one?.[0] !== 't') return false
  const outside = plainTimes.map((column) => {
    const time = `t.${quoteName(column)}`
    return `(pg_catalog.isfinite(${time}) AND (${time} < '2000-01-01 UTC' OR ${time} >= '2038-01-01 UTC'))`
  })
  const from = `${table.only ? 'ONLY ' : ''}${quoteName(table.schema)}.${quoteName(table.name)} t`
  const [row] = await ask(`SELECT pg_catalog.count(*) FROM ${from} WHERE ${outside.join(' OR ')}`)
  return row?.[0] === '0'
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
