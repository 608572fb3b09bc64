import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chown, mkdir, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { sweepSandboxes } from '#engine/sandbox/sweep.ts'
import { docker, folders, inDocker, processesOf, scratch } from './sandbox-support.ts'

let place: Awaited<ReturnType<typeof scratch>>
const patience = { timeout: 100_000, interval: 100 }

beforeAll(async () => {
  place = await scratch()
})
afterAll(async () => place.remove())

async function sweep(): Promise<number> {
  return sweepSandboxes({ scratchDir: place.dir, now: () => new Date(), signal: new AbortController().signal })
}

/** A process of its own with a sandbox in it. */
async function program(...argv: string[]): Promise<{ pid: number; id: string; kill: () => Promise<void> }> {
  const path = join(import.meta.dirname, '../support/sandbox-program.ts')
  const child = spawn(process.execPath, [path, ...argv], { stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await closed
  }
  const id = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(text.split(' ')[0] ?? ''))
    child.once('close', () => reject(new Error('the program ended')))
  })
  return { pid: child.pid ?? 0, id, kill }
}

test('a process that was killed leaves nothing behind the next sweep, and one that lives keeps all of its own', async () => {
  const memory = Number(await docker('info', '-f', '{{.MemTotal}}'))
  const inContainer = await program('docker', place.dir, String(memory / 5))
  const embedded = await program('embedded', place.dir, '1000000')
  const theirs = [...(await folders(inContainer.pid)), ...(await folders(embedded.pid))]
  try {
    expect(theirs).toHaveLength(2)
    await sweep()
    expect(await inDocker(inContainer.pid)).toHaveLength(2)
    expect(theirs.every((folder) => existsSync(folder))).toBe(true)
    const servers = await processesOf(theirs)
    expect(servers).toHaveLength(1)
  } finally {
    await inContainer.kill()
    await embedded.kill()
  }
  // the container ends by itself; what it can not take along, and the embedded server, are for the sweep
  await vi.waitFor(
    async () => expect(await docker('ps', '-q', '--filter', `name=${inContainer.id}`)).toBe(''),
    patience,
  )
  expect(await processesOf(theirs)).toHaveLength(1)
  await sweep()
  expect(await inDocker(inContainer.pid)).toEqual([])
  expect(theirs.filter((folder) => existsSync(folder))).toEqual([])
  expect(await processesOf(theirs)).toEqual([])
})

test('the sweep takes only what is known to be of a dead process on this computer', async () => {
  const dead = { pid: 4_194_303, startToken: 'no-boot:1', host: hostname() }
  const tag = randomBytes(4).toString('hex')
  const label = (owner: object | null): string[] => [
    '--label',
    `app.lifeboat.sandbox=${tag}`,
    ...(owner === null ? [] : ['--label', `app.lifeboat.owner=${JSON.stringify(owner)}`]),
  ]
  const volumes = {
    gone: dead,
    elsewhere: { ...dead, host: 'another-computer' },
    living: { ...dead, pid: process.pid, startToken: '' },
    nobody: null,
  }
  const folderNames = ['gone', 'foreign', 'young'].map((name) => join(tmpdir(), `lifeboat-sandbox-${tag}${name}`))
  const [gone = '', foreign = '', young = ''] = folderNames
  try {
    for (const [name, owner] of Object.entries(volumes))
      await docker('volume', 'create', ...label(owner), `${tag}-${name}`)
    for (const folder of folderNames) await mkdir(folder)
    for (const folder of [gone, foreign]) await writeFile(join(folder, 'owner.json'), JSON.stringify(dead))
    await chown(foreign, 65534, 65534)
    await sweep()
    const left = await docker('volume', 'ls', '-q', '--filter', `label=app.lifeboat.sandbox=${tag}`)
    expect(left.split('\n').toSorted()).toEqual(['elsewhere', 'living', 'nobody'].map((name) => `${tag}-${name}`))
    expect([gone, foreign, young].map((folder) => existsSync(folder))).toEqual([false, true, true])
    // one whose process died before it could say whose it is
    await sweepSandboxes({
      scratchDir: place.dir,
      now: () => new Date(Date.now() + 3_600_000),
      signal: new AbortController().signal,
    })
    expect(existsSync(young)).toBe(false)
  } finally {
    for (const folder of folderNames) await rm(folder, { recursive: true, force: true })
    for (const name of Object.keys(volumes)) await docker('volume', 'rm', '-f', `${tag}-${name}`)
  }
})

/** Moments of a start, each one known by what stands at that time. */
const moments: { name: string; engine: 'docker' | 'embedded'; seen: () => Promise<boolean> }[] = [
  { name: 'at once', engine: 'docker', seen: async () => true },
  { name: 'its folder is there', engine: 'docker', seen: async () => (await folders()).length > 0 },
  { name: 'its container is made', engine: 'docker', seen: async () => (await inDocker()).length > 0 },
  {
    name: 'its socket is there',
    engine: 'docker',
    seen: async () => (await folders()).some((folder) => existsSync(join(folder, 's', '.s.PGSQL.5432'))),
  },
  { name: 'at once', engine: 'embedded', seen: async () => true },
  { name: 'its folder is there', engine: 'embedded', seen: async () => (await folders()).length > 0 },
  {
    name: 'its cluster is being made',
    engine: 'embedded',
    seen: async () => (await folders()).some((folder) => existsSync(join(folder, 'data', 'PG_VERSION'))),
  },
  {
    name: 'its server runs',
    engine: 'embedded',
    seen: async () => (await folders()).some((folder) => existsSync(join(folder, 'data', 'postmaster.pid'))),
  },
]

test.each(moments)('cancelled when $name ($engine), a start leaves nothing', async ({ engine, seen }) => {
  const controller = new AbortController()
  const starting = place.start({ engine }, controller.signal)
  const outcome = expect(starting).rejects.toThrow(/abort/i)
  let made: string[] = []
  await vi.waitFor(async () => {
    made = await folders()
    expect(await seen()).toBe(true)
  }, patience)
  controller.abort()
  await outcome
  expect(await folders()).toEqual([])
  expect(await inDocker()).toEqual([])
  expect(await processesOf(made)).toEqual([])
})
