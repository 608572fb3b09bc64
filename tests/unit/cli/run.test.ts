import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scratch } from '../../support/copies.ts'
import { lifeboat } from '../../support/lifeboat.ts'

const entry = join(import.meta.dirname, '..', '..', '..', 'src', 'main', 'cli', 'index.ts')

describe('with --json stdout is one object, whatever was typed', () => {
  it.each([
    [['--version'], 0],
    [['--help'], 0],
    [[], 2],
    [['constructor'], 2],
    [['toString', 'x'], 2],
    [['copy'], 2],
    [['copy', 'list', '--lang', 'fr'], 2],
    [['--data-dir', '', 'copy', 'list'], 2],
  ])('%j', async (args, code) => {
    const cwd = scratch()
    const result = await lifeboat(['--json', ...args], { cwd, env: { INIT_CWD: cwd, HOME: cwd } })
    expect(result.code).toBe(code)
    expect(result.json).toMatchObject(code === 0 ? { ok: true } : { ok: false, failure: { kind: 'wrong-usage' } })
    // nothing was begun in the folder where somebody happened to stand
    expect(readdirSync(cwd)).toEqual([])
  })
})

it('says that there is neither a copy nor a file', async () => {
  const dir = scratch()
  const { code, json } = await lifeboat(['--data-dir', dir, '--json', 'check', '/nowhere/backup.sql.gz'])
  expect(code).toBe(1)
  expect(json).toMatchObject({
    failure: { kind: 'not-found', message: expect.stringContaining('/nowhere/backup.sql.gz') },
  })
})

it('is not disturbed by a reader that has seen enough', async () => {
  const child = spawn(process.execPath, [entry, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.destroy()
  const errors: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
  const code = await new Promise((resolve) => child.once('close', resolve))
  expect({ code, errors: Buffer.concat(errors).toString() }).toEqual({ code: 0, errors: '' })
})

it('keeps its data private', async () => {
  const dir = join(scratch(), 'data')
  const { code } = await lifeboat(['--data-dir', dir, '--json', 'copy', 'list'])
  expect(code).toBe(0)
  expect(existsSync(join(dir, 'catalogue.sqlite'))).toBe(true)
})
