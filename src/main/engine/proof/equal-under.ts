import { DatabaseError } from 'pg'
import { readTableSums } from '#engine/fingerprint/answer.ts'
import { fingerprintStatements } from '#engine/fingerprint/query.ts'
import { fingerprintSettings, pinSettings } from '#engine/fingerprint/settings.ts'
import type { Settings } from './dump-settings.ts'
import type { Ask } from './session.ts'
import type { Summed, SumPlace } from './sums.ts'

/** Whether a table's rows are the dump's when they are written under these settings. The session keeps the settings. */
export async function equalUnder(
  ask: Ask,
  table: Summed & { dump: { fingerprint: string | null } },
  settings: Settings,
  place: SumPlace,
): Promise<boolean> {
  const [statement] = fingerprintStatements([table], { method: 'fingerprints', encoding: place.encoding })
  try {
    await ask(pinSettings({ ...fingerprintSettings, ...settings }))
    const sum = readTableSums(await ask(statement?.sql ?? '')).get(0)
    return sum?.rows === table.rows && sum.fingerprint === table.dump.fingerprint
  } catch (error) {
    // a zone that this server does not know
    if (error instanceof DatabaseError) return false
    throw error
  }
}
