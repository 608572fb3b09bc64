import { createHash } from 'node:crypto'
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Manifest } from '#shared/copy.ts'

/** Writes so many small copies with their manifests, as Lifeboat would have left them over the years. */
export function seedCopies(copiesDir: string, count: number): void {
  for (let n = 0; n < count; n++) {
    const server = `server ${n % 20}`
    const label = n % 3 === 0 ? 'test' : 'prod'
    const folder = join(copiesDir, `server ${n % 20}`, label)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const at = new Date(Date.UTC(2026, 10, 20) - n * 3 * 3600 * 1000)
    const stamp = at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '_')
    const file = `backup_${label}_${stamp}_${n}.sql.gz`
    const content = `copy ${n}`
    const sha256 = createHash('sha256').update(content).digest('hex')
    const manifest = manifestOf({ server, label, file, bytes: content.length, sha256, at: at.toISOString(), n })
    writeFileSync(join(folder, file), content, { mode: 0o600 })
    utimesSync(join(folder, file), at, at)
    writeFileSync(join(folder, file.replace('.sql.gz', '.manifest.json')), JSON.stringify(manifest), { mode: 0o600 })
  }
}

type Seed = { server: string; label: string; file: string; bytes: number; sha256: string; at: string; n: number }

function manifestOf({ server, label, file, bytes, sha256, at, n }: Seed): Manifest {
  const proof = { at, seconds: 1, engine: 'bench', detail: 'seeded' }
  return {
    lifeboat: 1,
    id: n.toString(16).padStart(12, '0'),
    server,
    label,
    file,
    bytes,
    sha256,
    takenAt: at,
    storedAt: at,
    origin: 'dump',
    source: { host: 'example.org', dbname: 'app', path: null, modifiedAt: null, timeZone: 'UTC' },
    compression: 'gzip',
    format: 'plain',
    serverVersion: '18.1',
    dumpVersion: '18.1',
    encoding: 'UTF8',
    sqlBytes: bytes,
    tables: Array.from({ length: 30 }, (_, t) => ({
      schema: 'public',
      name: `table_${t}`,
      rows: 1000 + n + t,
      fingerprint: String(n * 31 + t),
      database: null,
    })),
    statements: { 'CREATE TABLE': 30 },
    largeObjects: 0,
    needs: { roles: ['app'], extensions: [], settings: [] },
    findings: [],
    snapshot: null,
    verification: null,
    proofs: [
      { ...proof, rung: 'stored', outcome: 'proven' },
      { ...proof, rung: 'readable', outcome: 'proven' },
    ],
  }
}
