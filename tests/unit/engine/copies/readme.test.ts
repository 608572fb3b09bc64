import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Manifest } from '#shared/copy.ts'
import { catalogueIn, proof, scratch, storeCopy } from '../../../support/copies.ts'

const dump = '-- PostgreSQL database dump\nSELECT 1;\n'

async function textOf(...copies: { stem?: string; change: Partial<Manifest> }[]) {
  const dir = scratch()
  const copiesDir = join(dir, 'copies')
  const catalogue = catalogueIn(join(dir, 'data'))
  for (const { stem = 'backup_prod_1', change } of copies) {
    await storeCopy({ catalogue, copiesDir, stem, content: gzipSync(dump), change })
  }
  return { copiesDir, dir, text: readFileSync(join(copiesDir, 'READ-ME-FIRST.txt'), 'utf8') }
}

/** The commands of the English part, as a person would copy them. */
function commands(text: string): string[] {
  const [english = ''] = text.split('='.repeat(78))
  return english
    .split('\n')
    .filter((line) => line.startsWith('     ') && !line.includes('ALTER '))
    .map((line) => line.trim())
}

test('it says in both languages what to do, for the newest copy that can be counted on', async () => {
  const damaged = [proof('stored'), proof('readable', 'damaged')]
  const { text } = await textOf(
    { stem: 'good', change: { takenAt: '2025-06-13T12:00:00.000Z' } },
    { stem: 'bad', change: { takenAt: '2025-06-14T12:00:00.000Z', proofs: damaged } },
  )
  expect(text).toContain('Newest copy to use: shop/prod/good.sql.gz')
  expect(text).toContain('应使用的最新副本：shop/prod/good.sql.gz')
  expect(text).toContain('There is a newer copy, and it is damaged')
  expect(text).not.toContain('bad.sql.gz')
  expect(text).toContain('postgres:18')
})

test('where only a damaged copy is left, it does not call it good', async () => {
  const { text } = await textOf({ change: { proofs: [proof('stored'), proof('readable', 'damaged')] } })
  expect(text).toContain('DAMAGED')
  expect(text).toContain('已损坏')
  expect(text).not.toContain('found it whole')
})

test('it names what the dump needs and does not carry', async () => {
  const roles = ['shopuser', 'odd "role"', 'postgres', 'pg_read_all_data', 'new\nline']
  const settings = ['shopuser: search_path=shop, public']
  const needs = { roles, superusers: ['odd "role"'], extensions: ['pg_trgm'], settings }
  const { text } = await textOf({ change: { needs } })
  expect(text).toContain('CREATE ROLE "shopuser"; CREATE ROLE "odd ""role""" SUPERUSER;')
  expect(text).not.toContain('CREATE ROLE "postgres"')
  expect(text).not.toContain('pg_read_all_data')
  expect(text).toContain('pg_trgm')
  expect(text).toContain('shopuser: search_path=shop, public')
  expect((await textOf({ change: { needs: { roles: [], extensions: [], settings: null } } })).text).toContain(
    'could not be read',
  )
})

test('its commands run in a shell: they verify the file and hand its SQL to psql', async () => {
  const roles = [`it's $(touch pwned) \`x\``]
  const change = { server: `O'Brien & Söhne`, label: '生产 $HOME', needs: { roles, extensions: [], settings: [] } }
  const { copiesDir, dir, text } = await textOf({ stem: `backup 生产 '1'`, change })
  // a docker that writes down what it was asked to do
  const bin = join(dir, 'bin')
  mkdirSync(bin)
  writeFileSync(
    join(bin, 'docker'),
    `#!/bin/sh\nprintf '%s\\n' "$*" >> "$LOG"\ncase "$*" in *' -i '*) cat > "$LOG.sql";; esac\n`,
    { mode: 0o755 },
  )
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}`, LOG: join(dir, 'log'), LC_ALL: 'C.UTF-8' }
  const script = commands(text).join('\n')
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', script], { cwd: copiesDir, env, encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  expect(stdout).toMatch(/OK\nall loaded\n$/)
  expect(readFileSync(join(dir, 'log.sql'), 'utf8')).toBe(dump)
  const log = readFileSync(join(dir, 'log'), 'utf8')
  expect(log).toContain(`CREATE ROLE "it's $(touch pwned) \`x\`";`)
  expect(log).toContain('createdb -U postgres -T template0 restored')
})

test('a file that was changed stops at the first step', async () => {
  const { copiesDir, text } = await textOf({ change: {} })
  const [verify = ''] = commands(text)
  writeFileSync(join(copiesDir, 'shop', 'prod', 'backup_prod_1.sql.gz'), 'changed')
  expect(spawnSync('bash', ['-c', verify], { cwd: copiesDir }).status).not.toBe(0)
})

test('zstd, plain and custom-format files get the program that opens them', async () => {
  expect((await textOf({ change: { compression: 'zstd' } })).text).toContain('zstd -dc')
  expect((await textOf({ change: { compression: 'none', format: 'custom' } })).text).toContain('pg_restore')
})
