import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Job } from '#shared/job.ts'
import { rigDatabase } from '../rig/machine/rig.ts'
import { distantDocker, withDockerHost } from '../rig/sandbox-support.ts'
import { copyBlock, dumpOf } from '../support/dump-text.ts'
import { campaign } from '../support/faults.ts'
import { whyNoMounts } from '../support/mounts.ts'
import { orphanedSandboxes, ownSandboxes } from '../support/sandboxes.ts'
import { arrivedAt, terminal, terminalOnOwnDisk } from './support/own-process.ts'
import { verifying, type Verified } from './support/verifying.ts'

const own = verifying()
const steps = ['read', 'sandbox', 'schema', 'load', 'keys', 'prove'] as const
const engines = ['docker', 'embedded'] as const
/** Long enough in each step that a fault can strike in it. */
let slow: string

beforeAll(async () => {
  const names = Array.from({ length: 700 }, (_, i) => `t${i}`)
  const columns = ['id', 't']
  const rows = Array.from({ length: 200 }, (_, i) => [`${i}`, `a row with the number ${i}`])
  const parts = [
    ...names.map((name) => `CREATE TABLE public.${name} (\n    id integer NOT NULL,\n    t text\n);\n\n`),
    ...names.map((name) => copyBlock({ schema: 'public', name, columns, rows })),
    ...names.map((name) => `ALTER TABLE ONLY public.${name}\n    ADD CONSTRAINT ${name}_pkey PRIMARY KEY (id);\n\n`),
    ...names.map(
      (name) =>
        `ALTER TABLE ONLY public.${name}\n    ADD CONSTRAINT own FOREIGN KEY (id) REFERENCES public.t0(id);\n\n`,
    ),
  ]
  slow = await own.fileOf('slow.sql.gz', gzipSync(dumpOf(parts.join('')), { level: 1 }))
})

/** It could not be checked: no word about the copy, nothing left, and why. */
function expectNotChecked({ job, result }: Verified, why: string): void {
  expect(job, JSON.stringify(job.failure)).toMatchObject({ state: 'done', outcome: 'not-checked' })
  expect(result?.findings.map((finding) => finding.class)).not.toContain('damage')
  expect(result?.findings.map((finding) => finding.kind)).toContain(why)
}

/** Does something once, when the job comes to a step. */
function once(step: Job['step'], strike: () => void): { at: (job: Job) => void } {
  let struck = false
  return {
    at(now) {
      if (struck || now.step !== step) return
      struck = true
      strike()
    },
  }
}

describe('without Docker', () => {
  test('from the beginning it is not checked', async () => {
    const away = campaign('Docker stopped before', { full: 1, sample: 1 })
    const verified = await withDockerHost('tcp://127.0.0.1:1', () => own.verify(slow, 'docker'))
    expectNotChecked(verified, 'sandbox-missing')
    expect(ownSandboxes()).toEqual([])
    away.came('not-checked')
  })

  test('that goes away in the middle it is not checked', async () => {
    const away = campaign('Docker stopped in the middle', { full: 3, sample: 1 })
    for (const step of (['load', 'schema', 'prove'] as const).slice(0, away.count)) {
      const distant = await distantDocker()
      try {
        const verified = await withDockerHost(distant.host, () => own.verify(slow, 'docker', once(step, distant.cut)))
        expectNotChecked(verified, 'sandbox-lost')
        away.came('not-checked')
      } finally {
        await distant.close()
      }
      // nobody could remove it while the daemon was away; without its line it ends by itself
      await expect.poll(() => ownSandboxes()).toEqual([])
    }
  })

  test('when all was proven, the proof stands, and what was kept goes later', async () => {
    const away = campaign('Docker stopped after', { full: 1, sample: 1 })
    const distant = await distantDocker()
    await withDockerHost(distant.host, async () => {
      const { job, result } = await own.verify(slow, 'docker', { keep: true })
      expect(job.outcome, JSON.stringify(result?.findings)).toBe('proven')
      await distant.close()
      expect((await own.engine.call('verify.result', { jobId: job.id }))?.outcome).toBe('proven')
    })
    for (const { id } of await own.engine.call('sandbox.list', {})) await own.engine.call('sandbox.stop', { id })
    await expect.poll(() => ownSandboxes()).toEqual([])
    away.came('still proven')
  })
})

test.skipIf(whyNoMounts() !== null)('a sandbox whose disk is full is not checked, and goes', async () => {
  const full = campaign('disk of the sandbox full', { full: 3, sample: 1 })
  for (const step of (['load', 'schema', 'keys'] as const).slice(0, full.count)) {
    const verified = await own.verify(
      slow,
      'docker',
      once(step, () => ownSandboxes().forEach(fillDisk)),
    )
    expectNotChecked(verified, 'sandbox-full')
    expect(ownSandboxes()).toEqual([])
    full.came('not-checked')
  }
})

/** Makes the file system of a container's data as small as what lies in it. */
function fillDisk(name: string): void {
  if (name.startsWith('/')) return
  const pid = execFileSync('docker', ['inspect', '-f', '{{.State.Pid}}', name], { encoding: 'utf8' }).trim()
  const mounts = readFileSync(`/proc/${pid}/mounts`, 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
  const [, place] = mounts.find(([, at = '', type]) => type === 'tmpfs' && /data|postgresql/.test(at)) ?? []
  if (place === undefined) throw new Error('its data does not lie in memory')
  const { blocks, bfree, bsize } = statfsSync(`/proc/${pid}/root${place}`)
  const size = `remount,size=${((blocks - bfree) * bsize) / 1024 + 64}k`
  execFileSync('nsenter', ['-t', pid, '-m', '-p', 'mount', '-o', size, place])
}

test.skipIf(whyNoMounts() !== null)('an embedded sandbox whose disk is full is not checked, and goes', async () => {
  const full = campaign('disk of the embedded sandbox full', { full: 3, sample: 1 })
  for (const step of (['load', 'schema', 'keys'] as const).slice(0, full.count)) {
    const twin = terminalOnOwnDisk(join(own.dir, `full-${step}`), ['verify', slow, '--engine', 'embedded'])
    await arrivedAt(step, twin)
    twin.fill()
    const { code, stdout } = await twin.gone
    expect([step, code], stdout).toEqual([step, 5])
    expect(stdout).not.toMatch(/damaged/i)
    expect(spawnSync('pgrep', ['-f', 'postgres.*lifeboat-sandbox-']).stdout.toString()).toBe('')
    full.came('not-checked')
  }
})

describe('what a sandbox does not have', () => {
  const lacking: [what: string, sql: string, outcome: string][] = [
    ['an extension', 'CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public;', 'not-checked'],
    [
      'a type of that extension',
      'CREATE EXTENSION postgis;\nCREATE TABLE public.t (g public.geometry);',
      'not-checked',
    ],
    ['a collation', `CREATE COLLATION public.c (provider = libc, locale = 'xx_YY.utf8');`, 'not-checked'],
    [
      'a role, which is made for it',
      'CREATE TABLE public.t (a integer);\nALTER TABLE public.t OWNER TO "no such role";\nCOPY public.t (a) FROM stdin;\n1\n\\.\n',
      'proven',
    ],
  ]
  test.each(['docker', 'embedded'] as const)('is no damage in %s', async (kind) => {
    const faults = campaign(`extension, collation, role missing in ${kind}`, { full: 4, sample: 4 })
    for (const [what, sql, outcome] of lacking) {
      const { job, result } = await own.verify(await own.fileOf('lacking.sql', dumpOf(`${sql}\n`)), kind)
      expect([what, job.outcome], JSON.stringify(result?.findings)).toEqual([what, outcome])
      faults.came(outcome)
    }
    expect(ownSandboxes()).toEqual([])
  })

  test('another version of PostgreSQL never calls a healthy dump damaged', async () => {
    const versions = campaign('wrong server version', { full: 2, sample: 2 })
    const { place, user, dbname } = rigDatabase('prod')
    if (place.kind !== 'compose') throw new Error('the database prod runs in a Compose service')
    const dump = execFileSync('docker', ['exec', place.container, 'pg_dump', '-U', user, dbname], { maxBuffer: 1e9 })
    const older = await own.verify(await own.fileOf('newer.sql', dump), 'docker', { image: 'postgres:15-alpine' })
    expect(['not-checked', 'proven'], JSON.stringify(older.result?.findings)).toContain(older.job.outcome)
    versions.came(older.job.outcome ?? older.job.state)
    const future = dumpOf('CREATE TABLE public.t (a integer);\n').replaceAll('version 18.1', 'version 19.0')
    expectNotChecked(await own.verify(await own.fileOf('future.sql', future), 'embedded'), 'sandbox-missing')
    versions.came('not-checked')
  })

  test('an encoding that can not be loaded safely says so', async () => {
    const text = dumpOf(
      `CREATE TABLE public.t (a text, b text);\n\nCOPY public.t (a, b) FROM stdin;\n\xa2\x5c\tb\n\\.\n`,
    )
    const dump = Buffer.from(text.replace("'UTF8'", "'GB18030'"), 'latin1')
    const { job, result } = await own.verify(await own.fileOf('gb18030.sql', dump), 'docker')
    expect(job.outcome).toBe('not-checked')
    expect(result?.findings.map(({ detail }) => detail).join()).toContain('GB18030')
  })
})

test('cancelled at each step it leaves nothing, and the next one proves', async () => {
  const tries = engines.flatMap((kind) => steps.map((step) => ({ kind, step })))
  const cancels = campaign('verification cancelled at each step', { full: tries.length, sample: 3 })
  for (const index of cancels.places(tries.length, 3)) {
    const { kind, step } = tries[index] ?? { kind: 'docker', step: 'read' }
    let cancel: Promise<unknown> | undefined
    const { job } = await own.verify(slow, kind, {
      at: (now) => {
        if (now.step === step) cancel ??= own.engine.call('job.cancel', { id: now.id })
      },
    })
    await cancel
    expect([kind, step, job.state], JSON.stringify(job.failure)).toEqual([kind, step, 'cancelled'])
    expect(job.step).toBe(step)
    expect(ownSandboxes(), step).toEqual([])
    cancels.came(`cancelled, ${kind}`)
  }
  const small = await own.fileOf(
    'small.sql',
    dumpOf('CREATE TABLE public.t (a integer);\nCOPY public.t (a) FROM stdin;\n1\n\\.\n'),
  )
  expect((await own.verify(small, 'embedded')).job.outcome).toBe('proven')
})

test.each(engines)('killed -9 at each step in %s, the next start leaves nothing', async (kind) => {
  const kills = campaign(`verifying process killed -9 at each step, ${kind}`, { full: steps.length, sample: 1 })
  for (const index of kills.places(steps.length, 1)) {
    const step = steps[index] ?? 'read'
    const data = join(own.dir, `killed-${kind}-${step}`)
    const twin = terminal(data, ['verify', slow, '--engine', kind], { json: false })
    await arrivedAt(step, twin)
    twin.child.kill('SIGKILL')
    await twin.gone
    const next = await terminal(data, ['job', 'list']).gone
    expect(next.stdout).toContain('"interrupted"')
    expect(next.stdout).toContain(`"step":"${step}"`)
    await expect.poll(() => orphanedSandboxes()).toEqual([])
    kills.came('swept')
  }
})
