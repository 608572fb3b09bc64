import type { Copy, CopyTable } from '#shared/copy.ts'
import type { JobTools } from '#engine/jobs/run.ts'
import { fingerprintSettings } from '#engine/fingerprint/settings.ts'
import { sourceName } from '#engine/postgres/dump-command.ts'
import type { DatabaseFacts } from '#engine/postgres/facts.ts'
import type { RemotePostgres } from '#engine/postgres/remote.ts'
import type { Connection } from '#engine/ssh/connection.ts'
import { asDumped, dumpedNames, type CountedTable } from '#engine/copies/at-source.ts'
import { countHeld, leftOutNote, methodFor, type LeftOut } from './count-source.ts'
import { guardSource } from './guard-source.ts'
import { endLeft, type Reach } from './end-left.ts'
import { holdSource } from './hold-source.ts'
import { openSession } from './open-session.ts'

/** A copy's tables as the source has them now, and those of the copy that can be compared with them. */
export type SourceNow = { readonly source: CopyTable[]; readonly copy: CopyTable[] }

/**
 * Counts a database at its server now, in one snapshot, as a copy of it was dumped. Ends what it began there, whatever
 * comes between.
 */
export async function countSourceNow(
  reach: Reach,
  copy: Copy,
  { jobId, signal, report }: JobTools,
): Promise<SourceNow> {
  report.step('connect')
  const connection = await reach.connect(signal)
  try {
    report.step('source')
    const { postgres, facts } = await reach.open(connection, signal)
    return await countOver(connection, { postgres, facts, reach, copy }, { jobId, signal, report })
  } finally {
    await connection.end()
  }
}

type Count = { postgres: RemotePostgres; facts: DatabaseFacts; reach: Reach; copy: Copy }

async function countOver(
  connection: Connection,
  { postgres, facts, reach, copy }: Count,
  { jobId, signal, report }: JobTools,
): Promise<SourceNow> {
  const name = sourceName(jobId)
  const session = openSession({ connection, postgres, name, signal })
  try {
    const { timeZone } = copy.source
    // values of time are written in the zone of whoever dumped them; where that is not known only rows can be compared
    const { method, note } = methodFor(timeZone === null ? 'counts' : 'fingerprints', facts)
    if (note !== null) report.log(note)
    const pinned = { ...fingerprintSettings, TimeZone: timeZone ?? 'UTC' }
    const held = await holdSource(await session.ready, facts.versionNumber, pinned)
    const counted: CountedTable[] = []
    const leftOut: LeftOut[] = []
    const guard = async () => guardSource(await session.another(), facts)
    for await (const some of countHeld(held, { method, encoding: facts.encoding, guard })) {
      counted.push(...some.counted)
      leftOut.push(...some.leftOut)
      report.rows(counted.reduce((sum, { rows }) => sum + rows, 0))
    }
    const why = leftOutNote(leftOut)
    if (why !== null) report.log(why)
    const unknown = [...held.tables.filter((table) => table.partly), ...leftOut].map(dumpedNames(copy.tables))
    const names = new Set(unknown.map((table) => `${table.schema}\0${table.name}`))
    return {
      source: asDumped(counted, { outcome: 'proven', tables: copy.tables }, leftOut),
      copy: copy.tables.filter((table) => !names.has(`${table.schema}\0${table.name}`)),
    }
  } finally {
    if (!(await session.end())) await endLeft(reach, postgres, [name], report.log)
  }
}
