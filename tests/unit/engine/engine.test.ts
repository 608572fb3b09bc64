import { existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import Sqlite from 'better-sqlite3'
import { delimiter, join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createEngine, type Engine } from '#engine/engine.ts'
import { noKeychain } from '#engine/host/keychain.ts'
import { openCatalogue } from '#engine/catalogue/open.ts'
import { noon, scratch, someDatabase, someJob, someServer } from '../../support/copies.ts'

/** Takes connections and never says a word. */
async function blackHole(): Promise<number> {
  const hole = createServer((socket) => socket.on('error', () => {}))
  await new Promise<void>((resolve) => hole.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void hole.close())
  const address = hole.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** A data folder whose last process died in the middle of a backup of a server at this port. */
function afterCrash(port: number): string {
  const dataDir = scratch()
  const { catalogue } = openCatalogue(dataDir, { now: noon })
  const server = someServer('shop', { host: '127.0.0.1', port, auth: { kind: 'password' } })
  const database = someDatabase(server, 'prod')
  catalogue.servers.insert(server)
  catalogue.databases.insert(database)
  catalogue.jobs.insert(someJob('dead', { serverId: server.id, databaseId: database.id }), {
    pid: 4194304,
    startToken: 'of a boot long ago',
  })
  catalogue.close()
  return dataDir
}

function engineIn(dataDir: string): Promise<Engine> {
  return createEngine({
    dataDir,
    copiesDir: join(dataDir, 'copies'),
    version: 't',
    keychain: noKeychain,
    now: noon,
    timeouts: { connect: 3_600_000 },
  })
}

test('ends although the server that it would tidy up after a crash never answers', async () => {
  const engine = await engineIn(afterCrash(await blackHole()))
  expect(await engine.call('job.show', { id: 'dead' })).toMatchObject({ state: 'interrupted' })
  await engine.stop()
})

test('ends although the catalogue is held while it would note that the server can not be reached', async () => {
  const dataDir = afterCrash(await blackHole())
  const engine = await engineIn(dataDir)
  const other = new Sqlite(join(dataDir, 'catalogue.sqlite'))
  onTestFinished(() => void other.close())
  other.exec('BEGIN IMMEDIATE')
  await engine.stop()
  other.exec('ROLLBACK')
  await expect(engine.call('job.show', { id: 'dead' })).rejects.toThrow('not open')
})

test('asks no Docker where it only lists something and ends, and does where a process died', async () => {
  const bin = scratch()
  const asked = join(bin, 'asked')
  writeFileSync(join(bin, 'docker'), `#!/bin/sh\necho "$@" >> '${asked}'\nexit 1\n`, { mode: 0o755 })
  vi.stubEnv('PATH', `${bin}${delimiter}${process.env['PATH']}`)
  onTestFinished(() => void vi.unstubAllEnvs())
  const dataDir = scratch()
  const list = async (): Promise<boolean> => {
    const engine = await engineIn(dataDir)
    await engine.call('job.list', {})
    await engine.stop()
    return existsSync(asked)
  }
  expect(await list()).toBe(false)
  const { catalogue } = openCatalogue(dataDir, { now: noon })
  catalogue.jobs.insert(someJob('dead', { kind: 'verify' }), { pid: 4194304, startToken: 'of a boot long ago' })
  catalogue.close()
  expect(await list()).toBe(true)
})
