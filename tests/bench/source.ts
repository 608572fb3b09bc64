import type { SourceProof } from '#shared/database.ts'
import { rigDatabase } from '../rig/machine/rig.ts'
import { inTurn, seconds, type Figure } from './measure.ts'
import { done, engineWith, rigProgram } from './on-rig.ts'

/** *Back up now* with the source counted or fingerprinted in the dump's own snapshot, beside one that asks nothing. */
export async function benchSource(): Promise<Figure[]> {
  rigProgram('big.ts')
  const backups = await Promise.all((['off', 'counts', 'fingerprints'] as const).map(backupWith))
  try {
    const [off = 0, counts = 0, fingerprints = 0] = await inTurn(
      5,
      backups.map(({ run }) => run),
    )
    return [
      figure('Back up now, rows counted at the source', counts, off, 1.05),
      figure('Back up now, rows and fingerprints at the source', fingerprints, off, 1.5),
    ]
  } finally {
    for (const { stop } of backups) await stop()
  }
}

async function backupWith(sourceProof: SourceProof) {
  const { place, dbname, user } = rigDatabase('big')
  if (place.kind !== 'container') throw new Error('the large database runs in a container')
  const { engine, databaseId } = await engineWith({ place, dbname, dbuser: user, sourceProof })
  const run = async (): Promise<void> => {
    const { jobId } = await engine.call('backup.start', { databaseId })
    for (const id of (await done(engine, jobId)).copyIds) {
      const { snapshot } = await engine.call('copy.show', { id })
      // a proof that was given up costs nothing
      if (sourceProof !== 'off' && (!snapshot || snapshot.note !== null))
        throw new Error(`not counted: ${snapshot?.note}`)
      await engine.call('copy.remove', { id })
    }
  }
  return { run, stop: () => engine.stop() }
}

function figure(what: string, ours: number, off: number, most: number): Figure {
  return {
    what,
    ours: seconds(ours),
    theirs: seconds(off),
    ratio: `${ours < off ? '' : '+'}${((ours / off - 1) * 100).toFixed(0)} %`,
    aim: `≤ +${Math.round((most - 1) * 100)} %`,
    reached: ours <= most * off,
  }
}
