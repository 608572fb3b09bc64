import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createEngine, type Engine } from '#engine/engine.ts'
import { noKeychain } from '#engine/host/keychain.ts'
import { catalogueIn, noon, scratch, storeCopy } from '../../../support/copies.ts'
import { lifeboat } from '../../../support/lifeboat.ts'
import { smallDisk, whyNoMounts } from '../../../support/mounts.ts'

async function engineIn(dataDir: string, copiesDir: string | null = null): Promise<Engine> {
  const engine = await createEngine({ dataDir, copiesDir, version: 't', keychain: noKeychain, now: noon })
  onTestFinished(() => engine.stop())
  return engine
}

async function lineOf(engine: Engine, name: string) {
  return (await engine.call('doctor', {})).find((each) => each.name === name)
}

/** A daemon of Docker that nobody answers for, whether or not there is one on this computer. */
const silentDocker = { DOCKER_HOST: 'tcp://127.0.0.1:1' }

test('a fresh install is well: the folder of the copies can be made, and need not be there', async () => {
  const dataDir = join(scratch(), 'new', 'data')
  const { code, json } = await lifeboat(['--data-dir', dataDir, '--json', 'doctor'], { env: silentDocker })
  const copies = { name: 'copies', outcome: 'ok', detail: expect.stringContaining(join(dataDir, 'copies')) as string }
  expect(json).toMatchObject({ ok: true, diagnoses: expect.arrayContaining([expect.objectContaining(copies)]) as [] })
  expect(code).toBe(0)
  expect(existsSync(join(dataDir, 'copies'))).toBe(false)
})

test('a folder of copies that is there is well when a file can be written, and none is left', async () => {
  const dataDir = scratch()
  const copiesDir = join(dataDir, 'copies')
  mkdirSync(copiesDir)
  const engine = await engineIn(dataDir, copiesDir)
  const before = readdirSync(copiesDir)
  expect(await lineOf(engine, 'copies')).toEqual({ name: 'copies', outcome: 'ok', detail: copiesDir, remedy: null })
  expect(readdirSync(copiesDir)).toEqual(before)
})

test.each([
  ['in its place', 'copies'],
  ['above it', 'copies/of/mine'],
])('a folder of copies that can not be made, for a file %s, is a problem', async (_where, way) => {
  const dataDir = scratch()
  const engine = await engineIn(dataDir, join(dataDir, way))
  writeFileSync(join(dataDir, 'copies'), '')
  const detail = expect.stringContaining(join(dataDir, way)) as string
  expect(await lineOf(engine, 'copies')).toMatchObject({
    outcome: 'problem',
    detail,
    remedy: expect.anything() as string,
  })
})

test.skipIf(whyNoMounts() !== null).each([
  ['with the folder on it', true],
  ['without it', false],
])('a disk that takes no writing is a problem, %s', async (_what, there) => {
  const dir = join(scratch(), 'disk')
  const disk = smallDisk(dir, 64)
  if (there) mkdirSync(join(dir, 'copies'))
  const engine = await engineIn(scratch(), join(dir, 'copies'))
  disk.readOnly()
  expect(await lineOf(engine, 'copies')).toMatchObject({ outcome: 'problem' })
})

test('a folder of copies that was there and is gone is a problem', async () => {
  const dataDir = scratch()
  const copiesDir = join(dataDir, 'copies')
  await storeCopy({ catalogue: catalogueIn(dataDir), copiesDir })
  const engine = await engineIn(dataDir, copiesDir)
  expect(await lineOf(engine, 'copies')).toMatchObject({ outcome: 'ok' })
  renameSync(copiesDir, `${copiesDir}.away`)
  expect(await lineOf(engine, 'copies')).toMatchObject({
    outcome: 'problem',
    detail: `${copiesDir} is no longer there.`,
  })
})

test('a folder that was chosen and is gone before its first copy is a problem', async () => {
  const dataDir = scratch()
  const chosen = join(dataDir, 'usb')
  const engine = await engineIn(dataDir)
  await engine.call('settings.set', { copiesDir: chosen })
  expect(await lineOf(engine, 'copies')).toMatchObject({ outcome: 'ok', detail: chosen })
  renameSync(chosen, `${chosen}.away`)
  expect(await lineOf(engine, 'copies')).toMatchObject({ outcome: 'problem', detail: `${chosen} is no longer there.` })
})

test('what copies would be restored in is what verification finds on this computer', async () => {
  const engine = await engineIn(scratch())
  const [docker, embedded] = await engine.call('sandbox.engines', {})
  expect(await lineOf(engine, 'docker')).toMatchObject(
    docker?.available ? { outcome: 'ok', detail: `${docker.version} answers` } : { outcome: 'missing' },
  )
  const version = docker?.available ? docker.version : embedded?.version
  expect(await lineOf(engine, 'sandbox')).toMatchObject(
    version ? { outcome: 'ok', detail: expect.stringContaining(version) as string } : { outcome: 'problem' },
  )
})

test('where Docker does not answer, the PostgreSQL that comes with the program is named; a problem if Docker is a must', async () => {
  const engine = await engineIn(scratch())
  const [found] = (await engine.call('sandbox.engines', {})).filter(({ kind }) => kind === 'embedded')
  for (const [name, value] of Object.entries(silentDocker)) vi.stubEnv(name, value)
  onTestFinished(() => void vi.unstubAllEnvs())
  expect(await lineOf(engine, 'docker')).toMatchObject({
    outcome: 'missing',
    detail: expect.stringContaining('Docker') as string,
  })
  expect(await lineOf(engine, 'sandbox')).toMatchObject(
    found?.available
      ? { outcome: 'ok', detail: `copies are restored in ${found.version}, which comes with Lifeboat` }
      : { outcome: 'problem' },
  )
  await engine.call('settings.set', { sandbox: 'docker' })
  expect(await lineOf(engine, 'sandbox')).toMatchObject({
    outcome: 'problem',
    detail: expect.stringMatching(/^no copy can be restored: Docker/) as string,
  })
})
