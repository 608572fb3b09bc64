import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sandboxEngines } from '#engine/sandbox/engines.ts'
import { roleNames, type Sandbox, type SandboxWish } from '#engine/sandbox/sandbox.ts'
import { startSandbox } from '#engine/sandbox/start.ts'

const run = promisify(execFile)
const docker = async (...argv: string[]): Promise<string> => (await run('docker', argv)).stdout.trim()

let scratchDir: string
let sandbox: Sandbox

const wish: SandboxWish = {
  engine: 'docker',
  image: null,
  major: 18,
  sqlBytes: 1_000_000,
  jobId: 'job',
  copyId: null,
  subject: 'shop/prod',
}

async function start(more: Partial<SandboxWish> = {}, signal = new AbortController().signal): Promise<Sandbox> {
  const report = { step: () => {}, log: () => {} }
  return startSandbox({ ...wish, ...more }, { scratchDir, now: () => new Date(), signal, report })
}

async function ask(role: 'admin' | 'loader' | 'reader', sql: string, database = 'postgres'): Promise<unknown[]> {
  const client = await sandbox.connect(role, database)
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows.map((row) => Object.values(row)[0])
  } finally {
    await client.end()
  }
}

/** What is left of a sandbox. */
async function leftOf(id: string): Promise<string> {
  const filter = ['--filter', `label=app.lifeboat.sandbox=${id}`]
  return (await docker('ps', '-aq', ...filter)) + (await docker('volume', 'ls', '-q', ...filter))
}

beforeAll(async () => {
  scratchDir = await mkdtemp(join(tmpdir(), 'lifeboat-test-'))
  sandbox = await start()
})

afterAll(async () => {
  await sandbox.stop()
  await rm(scratchDir, { recursive: true, force: true })
})

test('docker is found, with the images that lie here', async () => {
  const facts = (await sandboxEngines(new AbortController().signal)).find(({ kind }) => kind === 'docker')
  expect(facts).toMatchObject({ available: true, reason: null })
  expect(facts?.images).toEqual(
    expect.arrayContaining(['postgres:15-alpine', 'postgres:17-alpine', 'postgres:18-alpine']),
  )
})

describe('sessions', () => {
  test.each(['admin', 'loader', 'reader'] as const)(
    '%s logs in as its own role, with the settings that make text equal',
    async (role) => {
      const names = [
        'TimeZone',
        'DateStyle',
        'IntervalStyle',
        'extra_float_digits',
        'bytea_output',
        'row_security',
        'search_path',
        'client_encoding',
        'event_triggers',
      ]
      const values = names.map((name) => `current_setting('${name}')`).join(` || '|' || `)
      expect(await ask(role, `SELECT session_user || '|' || ${values}`)).toEqual([
        `${roleNames[role]}|UTC|ISO, YMD|postgres|3|hex|off||UTF8|off`,
      ])
    },
  )

  test('a setting that the dump gives a role or a database changes no session', async () => {
    await ask('admin', `CREATE DATABASE zoned`)
    await ask('admin', `ALTER DATABASE zoned SET "TimeZone" = 'Asia/Tokyo'`)
    await ask('admin', `ALTER ROLE ${roleNames.loader} SET bytea_output = 'escape'`)
    expect(
      await ask('loader', `SELECT current_setting('TimeZone') || current_setting('bytea_output')`, 'zoned'),
    ).toEqual(['UTChex'])
  })

  test('a database that is not there is said to be missing, and the sandbox is not lost', async () => {
    await expect(sandbox.connect('loader', 'nowhere')).rejects.toMatchObject({ kind: 'not-found' })
    expect(await ask('admin', 'SELECT 1')).toEqual([1])
  })
})

test('a container that is killed is lost at once, and nothing of it stays', async () => {
  const other = await start({ major: 15 })
  await docker('kill', `lifeboat-sandbox-${other.id}`)
  await expect(other.lost).rejects.toMatchObject({ kind: 'sandbox-lost' })
  await expect(other.connect('loader', 'postgres')).rejects.toMatchObject({ kind: 'sandbox-lost' })
  await other.stop()
  expect(await leftOf(other.id)).toBe('')
})
