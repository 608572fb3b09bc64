import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { createEngine } from '#engine/engine.ts'
import { noKeychain } from '#engine/host/keychain.ts'
import { inTurn, type Figure } from './measure.ts'
import { scratch } from './on-rig.ts'
import { seedCopies } from './seed-copies.ts'

const count = 10_000

/** The list of 10,000 copies, as the window asks for it. */
export async function benchCatalogue(): Promise<Figure[]> {
  const dataDir = mkdtempSync(join(scratch, 'catalogue-'))
  seedCopies(join(dataDir, 'copies'), count)
  const options = { dataDir, copiesDir: null, version: 'bench', keychain: noKeychain, now: () => new Date() }
  const engine = await createEngine(options)
  try {
    const rebuilt = await engine.call('catalogue.rebuild', {})
    if (rebuilt.copies !== count)
      throw new Error(`${rebuilt.copies} of ${count} copies: ${rebuilt.problems.join('; ')}`)
    const [whole = 1, page = 1] = await inTurn(9, [
      async () => {
        const { copies } = await engine.call('copy.list', {})
        if (copies.length !== count) throw new Error(`${copies.length} copies`)
      },
      () => engine.call('copy.list', { limit: 100 }),
    ])
    return [
      {
        what: 'List of 10,000 copies, beside the first 100 of them',
        ours: `${(whole * 1000).toFixed(1)} ms`,
        theirs: `${(page * 1000).toFixed(1)} ms`,
        ratio: `${(whole / page).toFixed(1)} ×`,
        aim: '≤ 50 ms',
        reached: whole <= 0.05,
      },
    ]
  } finally {
    await engine.stop()
  }
}
