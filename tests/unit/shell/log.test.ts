import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLog } from '../../../src/main/shell/log.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeboat-log-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))
const now = () => new Date('2026-01-05T03:00:00Z')

test('a line says when, and an error its cause', async () => {
  const log = openLog({ folder: join(folder, 'logs'), name: 'shell', now })
  log.info('hello')
  log.error('broken', new Error('because'))
  const text = await readFile(join(folder, 'logs', 'shell.log'), 'utf8')
  expect(text).toContain('2026-01-05T03:00:00.000Z info hello\n')
  expect(text).toContain('error broken: Error: because')
})

test('what looks like a secret is not written', async () => {
  const log = openLog({ folder, name: 'shell', now })
  log.error('engine: PGPASSWORD=hunter2 failed', new Error('postgres://ann:hunter2@db/x'))
  expect(await readFile(join(folder, 'shell.log'), 'utf8')).not.toContain('hunter2')
})

test('only the user may read it', async () => {
  openLog({ folder: join(folder, 'logs'), name: 'shell', now }).info('x')
  expect((await stat(join(folder, 'logs'))).mode & 0o777).toBe(0o700)
  expect((await stat(join(folder, 'logs', 'shell.log'))).mode & 0o777).toBe(0o600)
})

test('it stays small: old lines are turned over and at last dropped', async () => {
  const log = openLog({ folder, name: 'shell', now, maxBytes: 200, keep: 2 })
  for (let n = 0; n < 40; n += 1) log.info(`line ${n}`)
  expect((await readdir(folder)).sort()).toEqual(['shell.log', 'shell.log.1', 'shell.log.2'])
  expect(await readFile(join(folder, 'shell.log'), 'utf8')).toContain('line 39')
})

test('a place that can not be written to breaks nothing', () => {
  const log = openLog({ folder: '/dev/null/logs', name: 'shell', now })
  expect(() => log.info('x')).not.toThrow()
})
