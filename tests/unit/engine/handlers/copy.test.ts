import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ownProcess } from '#engine/disk/owner.ts'
import { createEngine } from '#engine/engine.ts'
import { noKeychain } from '#engine/host/keychain.ts'
import { catalogueIn, noon, scratch, someJob, storeCopy } from '../../../support/copies.ts'

test('a copy that another process is reading is not removed', async () => {
  const dataDir = scratch()
  const copiesDir = join(dataDir, 'copies')
  const catalogue = catalogueIn(dataDir)
  const copy = await storeCopy({ catalogue, copiesDir })
  const engine = await createEngine({ dataDir, copiesDir, version: 't', keychain: noKeychain, now: noon })
  try {
    // it is not one of this engine's jobs
    const job = someJob('elsewhere', { state: 'running', kind: 'verify', copyIds: [copy.id] })
    catalogue.jobs.insert(job, ownProcess())
    await expect(engine.call('copy.remove', { id: copy.id })).rejects.toMatchObject({ kind: 'in-use' })
    expect(existsSync(copy.file)).toBe(true)
    catalogue.jobs.update({ ...job, state: 'done' })
    await engine.call('copy.remove', { id: copy.id })
    expect(existsSync(copy.file)).toBe(false)
  } finally {
    await engine.stop()
  }
})

test('a job of another process that died is over while this one runs', async () => {
  const dataDir = scratch()
  const catalogue = catalogueIn(dataDir)
  const options = { dataDir, copiesDir: null, version: 't', keychain: noKeychain, now: noon, orphansEveryMs: 20 }
  const engine = await createEngine(options)
  try {
    // no process has this number
    catalogue.jobs.insert(someJob('killed', { state: 'running' }), { pid: 2 ** 22 + 1, startToken: 'x' })
    await expect.poll(async () => (await engine.call('job.show', { id: 'killed' })).state).toBe('interrupted')
  } finally {
    await engine.stop()
  }
})

test('Lifeboat starts with a new catalogue also where the folder of copies is none', async () => {
  const dataDir = scratch()
  const copiesDir = join(dataDir, 'a file', 'copies')
  writeFileSync(join(dataDir, 'a file'), '')
  const engine = await createEngine({ dataDir, copiesDir, version: 't', keychain: noKeychain, now: noon })
  try {
    const query = { sort: 'taken', descending: true, offset: 0, limit: 10 } as const
    expect(await engine.call('copy.list', query)).toEqual({ total: 0, copies: [] })
  } finally {
    await engine.stop()
  }
})
