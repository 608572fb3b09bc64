import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { lifeboatOn } from '../support/lifeboat.ts'
import { rig, rigAvailable, rigDatabase } from './machine/rig.ts'

const taken = z.object({
  copies: z.tuple([
    z.object({ tables: z.array(z.object({ schema: z.string(), name: z.string(), rows: z.number() })).nonempty() }),
  ]),
})
const docker = (...argv: string[]): string => execFileSync('docker', argv, { encoding: 'utf8' })
const container = 'lifeboat-restore'

/** The commands of the English steps, as somebody without Lifeboat copies them into a terminal. */
function commands(text: string, database: string): string[] {
  const [english = ''] = text.split('='.repeat(78))
  const [, recipe = ''] = english.split(`---- ${database} ----\n`)
  const [steps = ''] = recipe.split(/^(?:6\. |---- |ONTO A SERVER)/m)
  return steps.split('\n').flatMap((line) => (line.startsWith('     ') ? [line.trim()] : []))
}

describe.runIf(rigAvailable())('READ-ME-FIRST.txt', () => {
  let dir: string
  let named = false
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lifeboat-readme-'))
    // the text names the image as the registry has it; the rig's own one stands in for it
    named = docker('images', '-q', 'postgres:18').trim() === ''
    if (named) docker('tag', 'postgres:18-alpine', 'postgres:18')
  })
  afterAll(async () => {
    docker('rm', '-f', '-v', container)
    if (named) docker('rmi', 'postgres:18')
    await rm(dir, { recursive: true, force: true })
  })

  test('its commands bring a backup back, as they stand there', async () => {
    const { ssh, users, keys } = rig()
    const { place, dbname, user } = rigDatabase('prod')
    if (place.kind !== 'compose') throw new Error('the database prod runs in a Compose service')
    const run = lifeboatOn(dir)
    const login = ['--host', ssh.host, '--port', String(ssh.port), '--user', users.operator.name]
    const known = ['--key', keys.ed25519.path, '--host-key', ssh.hostKeys[0]?.fingerprint ?? '']
    await run(z.unknown(), ['server', 'add', 'shop', ...login, ...known])
    const where = ['--compose', place.dir, '--compose-file', place.file, '--service', place.service]
    await run(z.unknown(), ['database', 'add', 'shop/prod', ...where, '--dbname', dbname, '--dbuser', user])
    const { json } = await run(taken, ['backup', 'shop/prod'])
    const [{ tables }] = json.copies

    const copiesDir = join(dir, 'copies')
    const script = commands(await readFile(join(copiesDir, 'READ-ME-FIRST.txt'), 'utf8'), 'shop/prod').join('\n')
    const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', script], { cwd: copiesDir, encoding: 'utf8' })
    expect([status, stdout], `${script}\n${stderr}`).toEqual([0, expect.stringMatching(/: OK\n[\s\S]*all loaded\n$/)])

    const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
    const counts = tables.map(({ schema, name }, i) => {
      const table = `${quoted(schema)}.${quoted(name)}`
      // what was loaded through the root of partitions lies in them
      const root = `(SELECT relkind FROM pg_class WHERE oid = '${table.replaceAll("'", "''")}'::regclass) = 'p'`
      const [all, only] = [`(SELECT count(*) FROM ${table})`, `(SELECT count(*) FROM ONLY ${table})`]
      return `SELECT ${i} AS i, CASE WHEN ${root} THEN ${all} ELSE ${only} END`
    })
    const sql = `${counts.join(' UNION ALL ')} ORDER BY i`
    const rows = docker('exec', container, 'psql', '-X', '-A', '-t', '-U', 'postgres', '-d', 'restored', '-c', sql)
    expect(rows.trim().split('\n')).toEqual(tables.map((table, i) => `${i}|${table.rows}`))
    expect(tables.reduce((sum, { rows }) => sum + rows, 0)).toBeGreaterThan(100)
  })
})
