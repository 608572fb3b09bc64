import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Job } from '#shared/job.ts'
import { isOver } from '#shared/job.ts'
import { createEngine, type Engine } from '#engine/engine.ts'
import { noKeychain } from '#engine/host/keychain.ts'
import { catalogueIn, noon, proof, scratch, storeCopy } from '../../../support/copies.ts'
import { dumpOf } from '../../../support/dump-text.ts'

/** An engine with these copies, taken an hour apart, the first one first; their ids by their names. */
async function engineWith(copies: Record<string, ReturnType<typeof proof>[]>) {
  const dataDir = scratch()
  const copiesDir = join(dataDir, 'copies')
  const catalogue = catalogueIn(dataDir)
  const ids: Record<string, string> = {}
  for (const [index, [stem, proofs]] of Object.entries(copies).entries()) {
    const takenAt = new Date(noon().getTime() + index * 3_600_000).toISOString()
    const content = Buffer.from(dumpOf(`CREATE TABLE public.t${index} (a integer);\n`))
    const change = { proofs, takenAt, tables: [], compression: 'none' as const }
    ids[stem] = (await storeCopy({ catalogue, copiesDir, stem, content, change })).id
  }
  const engine = await createEngine({ dataDir, copiesDir, version: 't', keychain: noKeychain, now: noon })
  onTestFinished(() => engine.stop())
  // nothing answers there: each of them is read, and none can be restored
  vi.stubEnv('DOCKER_HOST', 'tcp://127.0.0.1:1')
  onTestFinished(() => void vi.unstubAllEnvs())
  await engine.call('settings.set', { sandbox: 'docker' })
  const nameOf = (id: string): string | undefined => Object.keys(ids).find((stem) => ids[stem] === id)
  return { engine, ids, nameOf }
}

/** Writes down which of the jobs were running whenever one of them changed, until all of them are over. */
function watch(engine: Engine): { together: () => number; over(ids: readonly string[]): Promise<Job[]> } {
  const jobs = new Map<string, Job>()
  const waiting: (() => void)[] = []
  let together = 0
  engine.subscribe((event) => {
    if (event.name !== 'job') return
    jobs.set(event.value.id, event.value)
    together = Math.max(together, [...jobs.values()].filter(({ state }) => state === 'running').length)
    waiting.forEach((look) => look())
  })
  return {
    together: () => together,
    async over(ids) {
      const done = Promise.withResolvers<Job[]>()
      const look = (): void => {
        const found = ids.flatMap((id) => jobs.get(id) ?? [])
        if (found.length === ids.length && found.every(({ state }) => isOver(state))) done.resolve(found)
      }
      waiting.push(look)
      look()
      return done.promise
    },
  }
}

const read = [proof('stored'), proof('readable')]
const exact = [...read, proof('restored'), proof('exact')]
const damaged = [proof('stored'), proof('readable', 'damaged')]

test('all: those that are not proven, newest first, but those under way, and one after the other', async () => {
  const { engine, ids, nameOf } = await engineWith({
    old: read,
    proven: exact,
    busy: read,
    damaged,
    restored: exact.slice(0, 3),
  })
  const seen = watch(engine)
  const { jobId } = await engine.call('verify.start', { target: { kind: 'copy', id: ids['busy'] ?? '' } })
  const { jobIds } = await engine.call('verify.all', {})
  const queued = await Promise.all(jobIds.map((id) => engine.call('job.show', { id })))
  expect(queued.map(({ kind, state, copyIds }) => [kind, state, ...copyIds.map(nameOf)])).toEqual([
    ['verify', 'queued', 'restored'],
    ['verify', 'queued', 'old'],
  ])
  // all of them are under way by now
  expect(await engine.call('verify.all', {})).toEqual({ jobIds: [] })
  const jobs = await seen.over([jobId, ...jobIds])
  expect(jobs.map(({ state, failure }) => [state, failure])).toEqual(jobs.map(() => ['done', null]))
  expect(seen.together()).toBe(1)
  const results = await Promise.all(jobs.map(({ id }) => engine.call('verify.result', { jobId: id })))
  expect(results.map((result) => result?.outcome)).toEqual(['not-checked', 'not-checked', 'not-checked'])
})
