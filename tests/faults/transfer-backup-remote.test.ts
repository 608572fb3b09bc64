import { beforeAll, describe, expect, test } from 'vitest'
import type { Job } from '#shared/job.ts'
import { campaign } from '../support/faults.ts'
import { expectNothingBroken } from './support/expect.ts'
import { ownPostgres, type OwnPostgres } from './support/own-postgres.ts'
import { outcomeOf, sceneWith, slowLine, stillLine, type Scene, type Source } from './support/scene.ts'
import { dumpBackends, dumpProcesses, sshSession } from './support/server-side.ts'
import { truthOf } from './support/truth.ts'
import type { Running } from './support/world.ts'

let server: OwnPostgres
let big: Source
let small: Source

beforeAll(async () => {
  server = await ownPostgres()
  big = { ...server, truth: await truthOf(server.beside) }
  small = { ...server.small, truth: await truthOf(server.small.beside) }
})

/** After the fault the server's pg_dump does its work again. */
async function broken(
  scene: Scene,
  job: Job,
  expected: Pick<Parameters<typeof expectNothingBroken>[0], 'states' | 'kinds'> & { endedByRetry?: boolean },
): Promise<void> {
  server.play({ does: 'dumps' })
  scene.world.proxy.faults = {}
  await expectNothingBroken({ ...scene, job, retry: () => scene.world.backup(scene.database), ...expected })
}

describe('a pg_dump', () => {
  test('that ends with exit code 0 and was cut', async () => {
    const cuts = campaign('pg_dump cut, exit code 0', { full: 40, sample: 1 })
    const scene = await sceneWith(small)
    // Two dumps of the same data differ by up to 210 bytes in 27,700, since the key behind \restrict changes how all of it
    // is compressed: what is not shorter than the next dump would not be cut.
    const whole = (scene.older[0]?.bytes ?? 0) - 1000
    for (const bytes of [0, whole, ...cuts.places(whole, cuts.count)]) {
      server.play({ does: 'cuts', bytes })
      const job = await (await scene.world.backup(scene.database)).ended
      await broken(scene, job, { states: ['failed'], kinds: ['dump-cut', 'dump-damaged'] })
      cuts.came(outcomeOf(job))
    }
  })

  test('that fails after its last byte', async () => {
    const late = campaign('pg_dump fails late', { full: 10, sample: 1 })
    const scene = await sceneWith(small)
    for (let i = 0; i < late.count; i++) {
      server.play({ does: 'fails', code: i % 2 === 0 ? 1 : 137 })
      const job = await (await scene.world.backup(scene.database)).ended
      await broken(scene, job, { states: ['failed'], kinds: ['dump-failed'] })
      expect(job.failure?.detail).toContain('something went wrong at the very end')
      late.came(outcomeOf(job))
    }
  })

  test.each([
    ['warns and ends well', { does: 'warns' }],
    ['says 20 MB on its error stream', { does: 'shouts', bytes: 20_000_000 }],
  ] as const)('that %s', async (name, trick) => {
    const talk = campaign(`pg_dump ${name}`, { full: 5, sample: 1 })
    const scene = await sceneWith(small)
    for (let i = 0; i < talk.count; i++) {
      server.play(trick)
      const job = await (await scene.world.backup(scene.database)).ended
      if (trick.does === 'warns') {
        const log = await scene.world.engine.call('job.log', { id: job.id })
        expect(log.map(({ text }) => text).join('\n')).toContain('circular foreign-key')
      }
      await broken(scene, job, { states: ['done'], kinds: [] })
      talk.came(outcomeOf(job))
    }
  })
})

/** Ends something of a dump that is in its middle. */
const killings: [string, (job: Running) => Promise<void>, Parameters<typeof broken>[2]][] = [
  [
    'whose backend is terminated',
    async ({ id }) => {
      const told = await Promise.all(
        (await dumpBackends(big.beside, id)).map((pid) => big.beside.query(`select pg_terminate_backend(${pid})`)),
      )
      expect(told).toHaveLength(1)
    },
    { states: ['failed'], kinds: ['dump-failed'] },
  ],
  [
    'that is killed in its container',
    async ({ id }) => kill(dumpProcesses(id).filter(({ command }) => /^\S*pg_dump/.test(command))),
    { states: ['failed'], kinds: ['dump-failed'] },
  ],
  [
    'whose docker exec is killed on the server',
    async ({ id }) => kill(dumpProcesses(id).filter(({ command }) => /^\S*docker exec/.test(command))),
    { states: ['failed'], kinds: ['dump-failed'] },
  ],
  [
    'whose SSH session is killed on the server',
    async ({ id }) => {
      const [inside] = dumpProcesses(id).filter(({ command }) => /^\S*docker exec/.test(command))
      if (!inside) throw new Error('no docker exec was found')
      kill([sshSession(inside)])
    },
    { states: ['failed'], kinds: ['connection-lost'] },
  ],
]

function kill(processes: readonly { pid: number }[]): void {
  expect(processes.length).toBeGreaterThan(0)
  for (const { pid } of processes) process.kill(pid, 'SIGKILL')
}

describe('a pg_dump in its middle', () => {
  test.each(killings)('%s', async (name, end, expected) => {
    const kills = campaign(`pg_dump ${name}`, { full: 20, sample: 1 })
    const scene = await sceneWith(big)
    for (let i = 0; i < kills.count; i++) {
      const after = kills.random.below(3_000_000)
      scene.world.proxy.faults = slowLine
      const job = await scene.world.backup(scene.database)
      await job.reached(({ bytesDone }) => bytesDone > after)
      // whatever it takes to find and to end it, the dump does not come to its own end meanwhile
      scene.world.proxy.faults = stillLine
      await end(job)
      scene.world.proxy.faults = {}
      const ended = await job.ended
      await broken(scene, ended, expected)
      kills.came(outcomeOf(ended))
    }
  })

  test('is ended when the backup is cancelled', async () => {
    const cancels = campaign('backup cancelled', { full: 50, sample: 3 })
    const scene = await sceneWith(big)
    for (let i = 0; i < cancels.count; i++) {
      scene.world.proxy.faults = slowLine
      const job = await scene.world.backup(scene.database)
      const after = cancels.random.below(4_000_000)
      // a third of them before the first byte of the dump, at one of the steps
      const step = (['connect', 'look', 'dump'] as const)[cancels.random.below(3)]
      await job.reached((seen) => (i % 3 === 0 ? seen.step === step : seen.bytesDone > after))
      await scene.world.engine.call('job.cancel', { id: job.id })
      const ended = await job.ended
      await broken(scene, ended, { states: ['cancelled'], kinds: [] })
      cancels.came(`${outcomeOf(ended)}`)
    }
  })
})
