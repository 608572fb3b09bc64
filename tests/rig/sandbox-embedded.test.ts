import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, chown, copyFile, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findBinaries } from '#engine/sandbox/embedded/binaries.ts'
import { reachable } from '#engine/sandbox/embedded/user.ts'
import { sandboxEngines } from '#engine/sandbox/engines.ts'
import { roleNames, type Sandbox, type SandboxWish } from '#engine/sandbox/sandbox.ts'
import { ask, folders, processesOf, scratch } from './sandbox-support.ts'

const run = promisify(execFile)
let place: Awaited<ReturnType<typeof scratch>>
let sandbox: Sandbox

/** The server's folder, as the server itself tells it. */
async function folderOf(one: Sandbox): Promise<string> {
  const [data] = await ask(one, 'admin', 'SHOW data_directory')
  return join(String(data), '..')
}

async function serverPid(one: Sandbox): Promise<number> {
  return Number((await readFile(join(await folderOf(one), 'data', 'postmaster.pid'), 'utf8')).split('\n')[0])
}

beforeAll(async () => {
  place = await scratch()
  sandbox = await start()
  await ask(sandbox, 'admin', `CREATE DATABASE dump OWNER ${roleNames.loader}`)
})

afterAll(async () => {
  await sandbox.stop()
  await place.remove()
})

async function start(more: Partial<SandboxWish> = {}): Promise<Sandbox> {
  return place.start({ engine: 'embedded', major: 15, ...more })
}

test('the embedded PostgreSQL is found', async () => {
  const facts = (await sandboxEngines(new AbortController().signal)).find(({ kind }) => kind === 'embedded')
  expect(facts).toMatchObject({ available: true, version: 'PostgreSQL 18.4', reason: null })
})

test.each(['admin', 'loader', 'reader'] as const)('%s logs in as its own role, with settings pinned', async (role) => {
  const names = ['TimeZone', 'DateStyle', 'IntervalStyle', 'extra_float_digits', 'bytea_output', 'row_security']
  const values = [...names, 'search_path', 'client_encoding', 'event_triggers'].map(
    (one) => `current_setting('${one}')`,
  )
  expect(await ask(sandbox, role, `SELECT session_user || '|' || ${values.join(` || '|' || `)}`)).toEqual([
    `${roleNames[role]}|UTC|ISO, YMD|postgres|3|hex|off||UTF8|off`,
  ])
})

test('nobody comes in without a password, not even by the socket', async () => {
  const [address] = await ask(sandbox, 'admin', 'SELECT inet_client_addr()')
  expect(address).toBeNull()
  const [rules] = await ask(sandbox, 'admin', `SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules`)
  expect(rules).toBe('scram-sha-256')
})

test.each([
  [`COPY (SELECT 1) TO PROGRAM 'id'`, '42501'],
  [`COPY (SELECT 1) TO '/tmp/lifeboat-was-here'`, '42501'],
  [`CREATE TEMP TABLE t (x text); COPY t FROM '/etc/passwd'`, '42501'],
  [`CREATE TEMP TABLE t (x text); COPY t FROM PROGRAM 'id'`, '42501'],
  [`SELECT pg_read_file('/etc/passwd')`, '42501'],
  [`SELECT lo_import('/etc/passwd')`, '42501'],
  [`CREATE EXTENSION plpython3u SCHEMA pg_catalog`, '42501'],
  [`CREATE EXTENSION dblink SCHEMA public`, '42501'],
  [`CREATE FUNCTION public.f() RETURNS int LANGUAGE c AS 'libc', 'getpid'`, '42501'],
  [`ALTER ROLE ${roleNames.loader} SUPERUSER`, '42501'],
  [`GRANT pg_execute_server_program TO ${roleNames.loader}`, '42501'],
  [`SET SESSION AUTHORIZATION ${roleNames.admin}`, '42501'],
  [`SET event_triggers = on`, '42501'],
  [`CREATE SUBSCRIPTION s CONNECTION 'host=192.0.2.1' PUBLICATION p`, '42501'],
  [`CREATE FOREIGN DATA WRAPPER w`, '42501'],
  [`ALTER SYSTEM SET archive_command = 'id'`, '42501'],
])('the loader can not reach out of the server: %s', async (sql, code) => {
  await expect(ask(sandbox, 'loader', sql, 'dump')).rejects.toMatchObject({ code })
})

test('as root the server runs as somebody else', async () => {
  const { stdout } = await run('ps', ['-o', 'user=', '-p', String(await serverPid(sandbox))])
  expect(stdout.trim()).not.toBe('root')
})

test('a newer dump than the binaries is not begun, and the remedy names the image', async () => {
  await expect(start({ major: 19 })).rejects.toMatchObject({
    kind: 'sandbox-missing',
    message: expect.stringContaining('postgres:19-alpine') as string,
  })
})

test('a dump that the disk can not take is not begun', async () => {
  await expect(start({ sqlBytes: 1e15 })).rejects.toMatchObject({ kind: 'sandbox-full' })
})

test('a server that is killed is lost at once; two stand beside each other; nothing stays', async () => {
  const other = await start()
  const folder = await folderOf(other)
  process.kill(await serverPid(other), 'SIGKILL')
  await expect(other.lost).rejects.toMatchObject({ kind: 'sandbox-lost' })
  await expect(other.connect('loader', 'postgres')).rejects.toMatchObject({ kind: 'sandbox-lost' })
  await other.stop()
  await other.stop()
  expect(existsSync(folder)).toBe(false)
  expect(await ask(sandbox, 'loader', 'SELECT 1')).toEqual([1])
})

describe('who runs it', () => {
  const nobody = { uid: 65534, gid: 65534 }

  test('an operator without any rights, with a scratch folder whose name is too long for a socket', async () => {
    const scratchDir = join(place.dir, 'x'.repeat(120))
    await mkdir(scratchDir, { mode: 0o700 })
    await chown(scratchDir, nobody.uid, nobody.gid)
    await chmod(place.dir, 0o711)
    const path = join(import.meta.dirname, '../support/sandbox-program.ts')
    const child = spawn(process.execPath, [path, 'embedded', scratchDir, '1000000'], {
      ...nobody,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    const said = new Promise<string>((resolve) => child.stdout.setEncoding('utf8').once('data', resolve))
    const data = (await Promise.race([said, ended])) ?? ''
    expect(data).toContain(`${scratchDir}/lifeboat-sandbox-`)
    const mine = await folders(child.pid ?? 0, [tmpdir(), scratchDir])
    expect(mine).toHaveLength(2)
    expect(await processesOf(mine)).toHaveLength(1)
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
    expect(await readdir(scratchDir)).toEqual([])
    expect(mine.filter((folder) => existsSync(folder))).toEqual([])
    expect(await processesOf(mine)).toEqual([])
  })

  test('root, from binaries that nobody else can read: a copy is made once', async () => {
    const found = await findBinaries()
    const hidden = join(place.dir, 'hidden')
    const version = `0-test-${process.pid}`
    const copy = join('/var/cache/lifeboat', `embedded-${version}`)
    try {
      await mkdir(join(hidden, 'native', 'bin'), { recursive: true, mode: 0o700 })
      await mkdir(join(hidden, 'native', 'share', 'postgresql'), { recursive: true, mode: 0o700 })
      const bki = join('share', 'postgresql', 'postgres.bki')
      for (const file of [bki, join('bin', 'postgres')])
        await copyFile(join(found.native, file), join(hidden, 'native', file))
      await chmod(hidden, 0o700)
      const moved = await reachable({ ...found, native: join(hidden, 'native'), version }, nobody)
      expect(moved.native).toBe(copy)
      await run('/bin/cat', [join(copy, bki)], { ...nobody, cwd: '/', maxBuffer: 1e8 })
      await run('/usr/bin/test', ['-x', join(copy, 'bin', 'postgres')], { ...nobody, cwd: '/' })
      const { ino } = await stat(copy)
      await reachable({ ...found, native: join(hidden, 'native'), version }, nobody)
      expect((await stat(copy)).ino).toBe(ino)
      // what others can write to is not run
      await chmod(copy, 0o777)
      await expect(reachable({ ...found, native: join(hidden, 'native'), version }, nobody)).rejects.toThrow()
    } finally {
      await rm(copy, { recursive: true, force: true })
    }
  })
})
