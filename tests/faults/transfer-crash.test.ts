import { beforeAll, describe, expect, test } from 'vitest'
import type { Job } from '#shared/job.ts'
import { campaign } from '../support/faults.ts'
import { backupsFolder, madeDump } from './support/backups-folder.ts'
import { expectDumpEnded, expectNothingBroken } from './support/expect.ts'
import { ownPostgres } from './support/own-postgres.ts'
import { terminal } from './support/own-process.ts'
import { outcomeOf, sceneWith, slowLine, type Scene, type Source } from './support/scene.ts'
import { truthOf } from './support/truth.ts'

let big: Source
let small: Source
beforeAll(async () => {
  const server = await ownPostgres()
  big = { ...server, truth: await truthOf(server.beside) }
  small = { ...server.small, truth: await truthOf(server.small.beside) }
})

/**
 * Runs a command in a terminal and kills it when so many bytes have come from the server; then begins an engine anew.
 * `lost` is what becomes of the line: a killed process closes it, a laptop without power leaves it open on the server.
 */
async function killAt(
  { world, database, beside }: Scene,
  words: readonly string[],
  bytes: number,
  lost: 'closed' | 'open',
): Promise<Job> {
  const { proxy } = world
  await world.stop()
  const twin = terminal(world.dataDir, words)
  proxy.faults = { ...slowLine, cutAfter: bytes, cutBy: 'silence', onCut: () => twin.child.kill('SIGKILL') }
  const { signal, stdout } = await twin.gone
  proxy.faults = {}
  if (lost === 'closed') proxy.resetAll()
  await world.start()
  // the engine has looked before it answers
  const [job] = await world.engine.call('job.list', { limit: 1 })
  if (!job) throw new Error('there is no job')
  expect(job.databaseId).toBe(database)
  await expectDumpEnded(beside, job.id)
  // sooner or later the server's end of an open line gives up as well
  proxy.resetAll()
  expect(signal === 'SIGKILL' || stdout !== '').toBe(true)
  return job
}

const states = ['interrupted', 'done'] as const

describe('a process that is killed', () => {
  test.each(['closed', 'open'] as const)('in a backup, its line %s', { timeout: 3_600_000 }, async (lost) => {
    const kills = campaign(`backup, process killed -9, line ${lost}`, { full: 40, sample: 1 })
    const scene = await sceneWith(big)
    const { world, database } = scene
    for (const bytes of kills.places(Math.floor(scene.bytes * 0.6), kills.count)) {
      const job = await killAt(scene, ['backup', 'shop/big'], bytes, lost)
      await expectNothingBroken({ ...scene, job, states, kinds: [], retry: () => world.backup(database) })
      kills.came(outcomeOf(job))
    }
  })

  test('in a pull', { timeout: 3_600_000 }, async () => {
    const kills = campaign('pull, process killed -9', { full: 40, sample: 2 })
    const folder = backupsFolder()
    const scene = await sceneWith({ ...small, database: { ...small.database, backups: folder.path } })
    const { world, database } = scene
    const backup = folder.add('backup_small_20250301_030000.sql', madeDump(600, 10_000))
    for (const bytes of kills.places(backup.content.length, kills.count)) {
      const job = await killAt(scene, ['pull', 'shop/small', '--newest'], bytes, 'closed')
      const retry = () => world.pull(database)
      await expectNothingBroken({ ...scene, truth: backup.truth, job, states, kinds: [], retry })
      kills.came(outcomeOf(job))
    }
  })
})
