import { beforeAll, describe, expect, test } from 'vitest'
import { campaign } from '../support/faults.ts'
import { expectNothingBroken } from './support/expect.ts'
import { outcomeOf, rigSource, sceneWith, type Source } from './support/scene.ts'
import { impatient } from './support/world.ts'

let source: Source
beforeAll(async () => {
  source = await rigSource('test')
})

describe('a backup', () => {
  test('whose connection is reset at any byte', { timeout: 3_600_000 }, async () => {
    const resets = campaign('backup, connection reset', { full: 200, sample: 6 })
    const scene = await sceneWith(source)
    const { world, database, bytes } = scene
    for (const cutAfter of resets.places(bytes, resets.count)) {
      world.proxy.faults = { cutAfter, onCut: () => (world.proxy.faults = {}) }
      const job = await (await world.backup(database)).ended
      world.proxy.faults = {}
      await expectNothingBroken({
        ...scene,
        job,
        states: ['failed', 'done'],
        kinds: ['connection-lost', 'unreachable', 'ssh-protocol'],
        retry: () => world.backup(database),
      })
      resets.came(outcomeOf(job))
    }
  })
  test('whose line goes black at any byte', { timeout: 3_600_000 }, async () => {
    const holes = campaign('backup, black hole', { full: 40, sample: 2 })
    const scene = await sceneWith(source, { timeouts: { ...impatient, connect: 8000 } })
    const { world, database, bytes } = scene
    for (const cutAfter of holes.places(bytes, holes.count)) {
      world.proxy.faults = { cutAfter, cutBy: 'silence', onCut: () => world.proxy.goSilent() }
      const job = await (await world.backup(database)).ended
      world.proxy.faults = {}
      world.proxy.resetAll()
      world.proxy.speakAgain()
      await expectNothingBroken({
        ...scene,
        job,
        states: ['failed', 'done'],
        kinds: ['connection-lost', 'stalled', 'unreachable'],
        endedByRetry: true,
        retry: () => world.backup(database),
      })
      holes.came(outcomeOf(job))
    }
  })

  test('whose line is slow but alive succeeds', async () => {
    const slow = campaign('backup, slow but alive', { full: 5, sample: 1 })
    const patience = { connect: 20_000, keepAlive: 500, dead: 3000, stall: 3000 }
    const scene = await sceneWith(source, { timeouts: patience })
    for (let i = 0; i < slow.count; i++) {
      // more than twice the time after which a silent line is given up
      scene.world.proxy.faults = { bytesPerSecond: Math.ceil(scene.bytes / 8), mostInFlight: 16 * 1024 }
      const began = performance.now()
      const job = await (await scene.world.backup(scene.database)).ended
      expect(performance.now() - began).toBeGreaterThan(patience.dead + patience.stall)
      scene.world.proxy.faults = {}
      await expectNothingBroken({ ...scene, job, states: ['done'], kinds: [] })
      slow.came(outcomeOf(job))
    }
  })
})
