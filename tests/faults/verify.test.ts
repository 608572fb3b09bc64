import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import type { SandboxKind } from '#shared/sandbox.ts'
import { rigDatabase } from '../rig/machine/rig.ts'
import { campaign, type Random } from '../support/faults.ts'
import { ownSandboxes } from '../support/sandboxes.ts'
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

describe('a dump that is no dump', () => {
  test('cut or flipped anywhere is damaged before anything of it is loaded, or its content is the same', async () => {
    const faults = campaign('dump cut or one bit flipped, then verified', { full: 1400, sample: 28 })
    const packed = gzipSync(dump)
    for (let i = 0; i < faults.count; i++) {
      const { bad, name, why, isSame } = spoilt(packed, faults.random, i)
      const { job, result } = await verify(await fileOf(name, bad), 'docker')
      if (job.outcome === 'damaged') expect(result?.engine, why).toBeNull()
      else expect(isSame(), `${why}: ${job.outcome}`).toBe(true)
      faults.came(job.outcome ?? job.state)
    }
  })
})

describe('a verification', () => {
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

  test('beside another one: both prove', async () => {
    const both = campaign('two verifications at once', { full: 1, sample: 1 })
    const other = terminal(join(own.dir, 'other'), ['verify', healthy, '--engine', 'docker'])
    const { job } = await verify(healthy, 'docker')
    const { code, stdout } = await other.gone
    expect([job.outcome, code], stdout).toEqual(['proven', 0])
    both.came('both proven')
  })
})

/** In turn: a packed dump cut, a plain one cut, and five times a packed one with one bit flipped. */
function spoilt(packed: Buffer, random: Random, turn: number) {
  if (turn % 7 === 1) {
    const at = random.below(dump.length)
    const isSame = () => dump.subarray(0, at).includes('-- PostgreSQL database dump complete')
    return { bad: dump.subarray(0, at), name: 'bad.sql', why: `plain, cut at ${at}`, isSame }
  }
  if (turn % 7 === 0) {
    const at = random.below(packed.length)
    return { bad: packed.subarray(0, at), name: 'bad.sql.gz', why: `cut at ${at}`, isSame: () => false }
  }
  const bad = Buffer.from(packed)
  const bit = random.below(bad.length * 8)
  bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  const isSame = () => gunzipSync(bad).equals(dump)
  return { bad, name: 'bad.sql.gz', why: `bit ${bit} flipped`, isSame }
}

/** A container by its name, an embedded server by its folder. A container has a folder too, for its socket. */
function killServer(kind: SandboxKind, name: string): void {
  const isFolder = name.startsWith('/')
  if (kind === 'docker' && !isFolder) execFileSync('docker', ['kill', name])
  if (kind === 'embedded' && isFolder) execFileSync('pkill', ['-9', '-f', name])
}
