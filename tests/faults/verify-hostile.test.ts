import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { copyBlock, dumpOf } from '../support/dump-text.ts'
import { campaign } from '../support/faults.ts'
import { ownSandboxes } from '../support/sandboxes.ts'
import { attempts, lockouts, reach, refusedLines } from './support/hostile-dumps.ts'
import { verifying } from './support/verifying.ts'

const own = verifying()
const engines = ['docker', 'embedded'] as const
/** What appears on this computer would be called so, here or in the folder of the test. */
const witness = join(tmpdir(), `lifeboat-witness-${process.pid}`)
const secret = `${witness}-secret`

beforeAll(() => writeFile(secret, 'for nobody else', { mode: 0o644 }))
afterAll(async () => {
  for (const name of appeared()) await rm(join(tmpdir(), name), { force: true })
  await rm(secret)
})

function appeared(): string[] {
  return [tmpdir(), own.dir].flatMap((folder) =>
    readdirSync(folder).filter((name) => name.startsWith(basename(witness)) && name !== basename(secret)),
  )
}

describe('a hostile dump', () => {
  test('that holds what pg_dump never writes is loaded nowhere', async () => {
    const lines = refusedLines(witness)
    const hostile = campaign('hostile dump, refused', { full: lines.length * engines.length, sample: 8 })
    for (const index of hostile.places(lines.length * engines.length, 8)) {
      const kind = engines[index % 2] ?? 'docker'
      const line = lines[index >> 1] ?? ''
      const file = await own.fileOf('hostile.sql', dumpOf(`CREATE TABLE t (a text);\n${line}\n`))
      const { job } = await own.verify(file, kind)
      expect(job.failure?.kind, line).toBe('dump-refused')
      expect(appeared(), line).toEqual([])
      hostile.came(`refused, ${kind}`)
    }
    expect(ownSandboxes()).toEqual([])
  })

  test.each(engines)(
    'that is loaded in %s does nothing on this computer, and what it changes is no proof',
    async (kind) => {
      const all = attempts(witness)
      const hostile = campaign(`hostile dump, loaded in ${kind}`, { full: all.length, sample: all.length })
      const parts = [
        reach([witness, join(own.dir, basename(witness))]),
        ...all.map(({ before }) => before),
        ...all.map(({ rows = '' }) => rows),
        ...all.map(({ after = '' }) => after),
      ]
      const file = await own.fileOf('hostile.sql', dumpOf(parts.join('\n')))
      onTestFinished(stopAll)
      const { job, result } = await own.verify(file, kind, { keep: true })
      expect([job.state, job.outcome], JSON.stringify([job.failure, result?.findings])).toEqual(['done', 'damaged'])
      await browseAll()
      expect(appeared()).toEqual([])
      // in the container its code has run: what is tried here is no idle threat
      const ran = all.flatMap(({ name, runs }) => (runs ? [name] : []))
      if (kind === 'docker') expect(insideOf(ownSandboxes())).toEqual(expect.arrayContaining(ran))
      const changed = all.flatMap(({ changes = [] }) => changes)
      const wrong = (result?.tables ?? []).filter(({ match }) => match !== true)
      expect(wrong.map(({ name, match }) => `${name} ${match}`).toSorted()).toEqual(
        changed.map((name) => `${name} false`).toSorted(),
      )
      expect(result?.tables.length).toBeGreaterThan(changed.length)
      await stopAll()
      expect(ownSandboxes()).toEqual([])
      for (const { changes } of all) hostile.came(changes ? 'damaged' : 'nothing done')
    },
  )

  test.each(engines)('that locks us out in %s is not called damaged', async (kind) => {
    const hostile = campaign(`dump that locks out, in ${kind}`, { full: lockouts.length, sample: 1 })
    const rows = copyBlock({ schema: 'public', name: 't', columns: ['a'], rows: [['1']] })
    for (const index of hostile.places(lockouts.length, 1)) {
      const [name, sql] = lockouts[index] ?? ['', '']
      const file = await own.fileOf('locked.sql', dumpOf(`CREATE TABLE public.t (a integer);\n${sql}\n${rows}`))
      const { job, result } = await own.verify(file, kind)
      expect(['not-checked', 'proven'], `${name}: ${JSON.stringify([job.failure, result?.findings])}`).toContain(
        job.outcome,
      )
      expect(ownSandboxes()).toEqual([])
      hostile.came(job.outcome ?? job.state)
    }
  })
})

async function stopAll(): Promise<void> {
  for (const { id } of await own.engine.call('sandbox.list', {})) await own.engine.call('sandbox.stop', { id })
}

/** Looks at everything that is there, as a person would. */
async function browseAll(): Promise<void> {
  for (const { id: sandboxId } of await own.engine.call('sandbox.list', {})) {
    for (const { database, schema, name } of await own.engine.call('browse.tables', { sandboxId })) {
      // what can not be read says so
      const opened = await own.engine.call('browse.open', { sandboxId, database, schema, name }).catch(() => null)
      if (opened === null) continue
      await own.engine.call('browse.fetch', { cursorId: opened.cursorId, limit: 10 }).catch(() => null)
      await own.engine.call('browse.close', { cursorId: opened.cursorId })
    }
  }
}

/** Whose code has reached the container's own disk. */
function insideOf(sandboxes: readonly string[]): string[] {
  const containers = sandboxes.filter((name) => !name.startsWith('/'))
  const listed = containers.map((name) => execFileSync('docker', ['exec', name, 'ls', tmpdir()], { encoding: 'utf8' }))
  return listed
    .join('\n')
    .split('\n')
    .flatMap((name) => (name.startsWith(`${basename(witness)}-`) ? [name.slice(basename(witness).length + 1)] : []))
}
