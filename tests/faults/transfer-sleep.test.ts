import { setTimeout as pass } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { campaign } from '../support/faults.ts'
import { expectNothingBroken } from './support/expect.ts'
import { ownPostgres } from './support/own-postgres.ts'
import { jobSaid, oneJob } from './support/own-process.ts'
import { outcomeOf, sceneWith, slowLine, type Source } from './support/scene.ts'
import { truthOf } from './support/truth.ts'

let big: Source
beforeAll(async () => {
  const server = await ownPostgres()
  big = { ...server, truth: await truthOf(server.beside) }
})

/** Longer than every time-out of the process that sleeps, once it is connected. */
const sleepMs = 8000

const wakings = [
  ['finds the line as it was', 'alive'],
  ['finds the line dead', 'silent'],
  ['finds the line closed', 'closed'],
] as const

describe('a laptop that falls asleep in the middle of a backup', () => {
  test.each(wakings)('and %s', async (name, line) => {
    const sleeps = campaign(`laptop asleep, ${name}`, { full: 5, sample: 1 })
    const scene = await sceneWith(big)
    const { world, database } = scene
    const { proxy } = world
    for (let i = 0; i < sleeps.count; i++) {
      await world.stop()
      proxy.faults = slowLine
      const asleep = Promise.withResolvers<void>()
      const { child, gone } = oneJob(world.dataDir, 'backup', database)
      const fallAsleep = () => {
        child.kill('SIGSTOP')
        proxy.goSilent()
        asleep.resolve()
      }
      const goal = proxy.passed.fromServer + 500_000 + sleeps.random.below(3_000_000)
      const watch = setInterval(() => proxy.passed.fromServer > goal && (clearInterval(watch), fallAsleep()), 5)
      // one that ended before it could fall asleep has failed: its words say why
      const early = await Promise.race([asleep.promise, gone])
      clearInterval(watch)
      expect(early).toBeUndefined()
      await pass(sleepMs)
      proxy.faults = {}
      if (line === 'closed') proxy.resetAll()
      if (line !== 'silent') proxy.speakAgain()
      child.kill('SIGCONT')
      const { stdout, stderr } = await gone
      proxy.resetAll()
      proxy.speakAgain()
      const job = jobSaid(stdout || stderr)
      await world.start()
      await expectNothingBroken({
        ...scene,
        job,
        states: line === 'alive' ? ['done', 'failed'] : ['failed'],
        kinds: ['connection-lost', 'stalled'],
        // while nothing passes, nobody can end it
        endedByRetry: line === 'silent',
        retry: () => world.backup(database),
      })
      sleeps.came(outcomeOf(job))
    }
    expect(sleeps.count).toBeGreaterThan(0)
  })
})
