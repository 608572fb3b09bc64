import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import type { SandboxKind } from '#shared/sandbox.ts'
import { rigDatabase } from '../rig/machine/rig.ts'
import { dumpOf } from '../support/dump-text.ts'
import { campaign } from '../support/faults.ts'
import { orphanedSandboxes, ownSandboxes } from '../support/sandboxes.ts'
import { terminal } from './support/own-process.ts'
import { verifying } from './support/verifying.ts'

const own = verifying()
const { verify, fileOf } = own
let dump: Buffer
let healthy: string

beforeAll(async () => {
  const { place, user, dbname } = rigDatabase('test')
  if (place.kind !== 'compose') throw new Error('the test database runs in a Compose service')
  dump = execFileSync('docker', ['exec', place.container, 'pg_dump', '-U', user, dbname], { maxBuffer: 1e9 })
  healthy = await fileOf('healthy.sql.gz', gzipSync(dump))
})

const commands = [
  '! touch',
  'o |touch',
  'g |touch',
  'copy t to program',
  'i',
  'setenv X',
  'gexec',
  'lo_import',
  'w |touch',
]
const copies = ["COPY t TO PROGRAM 'touch", "COPY t FROM PROGRAM 'touch", "COPY t TO '", "COPY t FROM '"]

describe('a dump that is no dump', () => {
  test('is loaded nowhere when it holds what pg_dump never writes', async () => {
    const hostile = campaign('hostile dump, refused', { full: commands.length + copies.length, sample: 6 })
    const witness = join(own.dir, 'refused')
    const lines = [
      ...commands.map((command) => `\\${command} ${witness}`),
      ...copies.map((copy) => `${copy} ${witness}';`),
    ]
    for (const index of hostile.places(lines.length, lines.length)) {
      const file = await fileOf('hostile.sql', dumpOf(`CREATE TABLE t (a text);\n${lines[index] ?? ''}\n`))
      const { job } = await verify(file, 'docker')
      expect(job.failure?.kind, lines[index]).toBe('dump-refused')
      expect(existsSync(witness)).toBe(false)
      hostile.came('refused')
    }
    expect(ownSandboxes()).toEqual([])
  })

  // Each of these is SQL that a dump may well hold, and that tries to reach this computer while it is loaded or proven.
  const attempts = (witness: string): string[] => [
    `CREATE FUNCTION public.f(integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
       EXECUTE 'COPY (SELECT 1) TO PROGRAM ''touch ${witness}'''; RETURN 1; EXCEPTION WHEN OTHERS THEN RETURN 1; END $$;
     CREATE TABLE public.t (a integer);
     COPY public.t (a) FROM stdin;\n1\n\\.\n
     CREATE INDEX i ON public.t USING btree (public.f(a));`,
    `CREATE FUNCTION public.fired() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
       EXECUTE 'COPY (SELECT 1) TO ''${witness}'''; EXCEPTION WHEN OTHERS THEN NULL; END $$;
     CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION public.fired();
     CREATE TABLE public.t (a integer);`,
    `CREATE TABLE public.t (a text);
     COPY public.t (a) FROM stdin;\n1\n\\.\n
     CREATE FUNCTION public.f() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
       PERFORM lo_export(lo_create(0), '${witness}'); RETURN true; EXCEPTION WHEN OTHERS THEN RETURN true; END $$;
     CREATE VIEW public.v AS SELECT public.f() AS f;
     CREATE MATERIALIZED VIEW public.m AS SELECT f FROM public.v WITH NO DATA;
     REFRESH MATERIALIZED VIEW public.m;`,
  ]
  test.each(['docker', 'embedded'] as const)('in %s does nothing on this computer', async (kind) => {
    const hostile = campaign(`hostile dump, loaded in ${kind}`, { full: 3, sample: 3 })
    const witness = join(tmpdir(), `lifeboat-witness-${process.pid}`)
    for (const sql of attempts(witness)) {
      const { job } = await verify(await fileOf('hostile.sql', dumpOf(`${sql}\n`)), kind)
      expect(job.state, JSON.stringify(job.failure)).toBe('done')
      expect(existsSync(witness)).toBe(false)
      hostile.came(job.outcome ?? job.state)
    }
    expect(ownSandboxes()).toEqual([])
  })

  test('cut or flipped anywhere is damaged before anything of it is loaded, or its content is the same', async () => {
    const faults = campaign('dump cut or one bit flipped, then verified', { full: 1200, sample: 30 })
    const packed = gzipSync(dump)
    for (let i = 0; i < faults.count; i++) {
      const bad = Buffer.from(packed)
      const bit = faults.random.below(bad.length * 8)
      const cut = i % 2 === 0
      if (!cut) bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const file = await fileOf('bad.sql.gz', cut ? bad.subarray(0, bit >> 3) : bad)
      const { job, result } = await verify(file, 'docker')
      if (job.outcome === 'damaged') expect(result?.engine, `bit ${bit}`).toBeNull()
      else expect(!cut && gunzipSync(bad).equals(dump), `bit ${bit}`).toBe(true)
      faults.came(job.outcome ?? job.state)
    }
  })
})

describe('a verification', () => {
  const steps = ['read', 'sandbox', 'schema', 'load', 'keys', 'prove'] as const

  test('is cancelled at each step and leaves nothing; the next one proves', async () => {
    const cancels = campaign('verification cancelled', { full: 6, sample: 6 })
    for (const step of steps) {
      const { job } = await verify(healthy, 'docker', {
        at: (now) => {
          if (now.step === step) void own.engine.call('job.cancel', { id: now.id })
        },
      })
      // the last steps of a small dump may be over before the word arrives
      expect(['cancelled', 'done'], `${step}: ${JSON.stringify(job.failure)}`).toContain(job.state)
      expect(ownSandboxes(), step).toEqual([])
      cancels.came(job.state)
    }
    expect((await verify(healthy, 'docker')).job.outcome).toBe('proven')
  })

  test.each(['docker', 'embedded'] as const)('whose %s server is killed says "not checked"', async (kind) => {
    const kills = campaign(`${kind} sandbox killed`, { full: 2, sample: 2 })
    for (const step of ['schema', 'prove'] as const) {
      let struck = false
      const { job, result } = await verify(healthy, kind, {
        at: (now) => {
          if (struck || now.step !== step) return
          struck = true
          for (const name of ownSandboxes()) killServer(kind, name)
        },
      })
      expect(struck).toBe(true)
      // proven only where the blow came too late
      expect(['not-checked', 'proven'], JSON.stringify(job.failure)).toContain(job.outcome)
      if (job.outcome === 'not-checked') {
        expect(result?.findings.map((finding) => finding.kind)).toContain('sandbox-lost')
      }
      expect(ownSandboxes(), step).toEqual([])
      kills.came(job.outcome ?? job.state)
    }
  })

  test.each(['docker', 'embedded'] as const)('in %s killed -9 leaves nothing after the next start', async (kind) => {
    const kills = campaign(`verifying process killed -9, ${kind}`, { full: 1, sample: 1 })
    const data = join(own.dir, `killed-${kind}`)
    const twin = terminal(data, ['verify', healthy, '--engine', kind])
    await expect.poll(() => sandboxesOf(twin.child.pid), { timeout: 60_000 }).not.toEqual([])
    twin.child.kill('SIGKILL')
    await twin.gone
    const next = await terminal(data, ['job', 'list']).gone
    expect(next.stdout).toContain('"interrupted"')
    await expect.poll(() => orphanedSandboxes(), { timeout: 60_000 }).toEqual([])
    kills.came('swept')
  })

  test('beside another one: both prove', async () => {
    const both = campaign('two verifications at once', { full: 1, sample: 1 })
    const other = terminal(join(own.dir, 'other'), ['verify', healthy, '--engine', 'docker'])
    const { job } = await verify(healthy, 'docker')
    const { code, stdout } = await other.gone
    expect([job.outcome, code], stdout).toEqual(['proven', 0])
    both.came('both proven')
  })
})

function sandboxesOf(pid: number | undefined): string[] {
  return pid === undefined ? [] : ownSandboxes(pid)
}

/** A container by its name, an embedded server by its folder. A container has a folder too, for its socket. */
function killServer(kind: SandboxKind, name: string): void {
  const isFolder = name.startsWith('/')
  if (kind === 'docker' && !isFolder) execFileSync('docker', ['kill', name])
  if (kind === 'embedded' && isFolder) execFileSync('pkill', ['-9', '-f', name])
}
