import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import type { SandboxKind } from '#shared/sandbox.ts'
import { rigDatabase } from '../rig/machine/rig.ts'
import { campaign } from '../support/faults.ts'
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

/** A container by its name, an embedded server by its folder. A container has a folder too, for its socket. */
function killServer(kind: SandboxKind, name: string): void {
  const isFolder = name.startsWith('/')
  if (kind === 'docker' && !isFolder) execFileSync('docker', ['kill', name])
  if (kind === 'embedded' && isFolder) execFileSync('pkill', ['-9', '-f', name])
}
