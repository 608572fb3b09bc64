import { createHash } from 'node:crypto'
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Manifest } from '#shared/copy.ts'
import type { Proof } from '#shared/proof.ts'
import { openCatalogue } from '#engine/catalogue/open.ts'
import { manifestName, manifestText } from '#engine/copies/manifest.ts'
import { databases, proofs, servers } from './sample-data.ts'

interface Seed {
  copies: number
  now: Date
  /** every so manieth copy is damaged */
  damagedEvery?: number
}

const hour = 3_600_000

/** Fills a data folder through the engine's own catalogue: servers, databases, and copies with small files and whole manifests. */
export function seed(dataDir: string, { copies, now, damagedEvery = 17 }: Seed): void {
  const { catalogue } = openCatalogue(dataDir, { now: () => now })
  try {
    for (const server of servers) catalogue.servers.insert(server)
    for (const database of databases) catalogue.databases.insert(database)
    // One transaction: ten thousand of their own would each wait for the disk.
    catalogue.exclusively(() => {
      for (let index = 0; index < copies; index += 1) {
        const database = databases[index % databases.length]
        if (!database) continue
        const taken = new Date(Math.floor((now.getTime() - (index + 1) * hour) / 1000) * 1000)
        const folder = join(dataDir, 'copies', database.serverName, database.label)
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        const manifest = manifestOf(
          index,
          database.serverName,
          database.label,
          taken,
          index % damagedEvery === damagedEvery - 1,
        )
        const file = join(folder, manifest.file)
        writeFileSync(file, content(index), { mode: 0o600 })
        utimesSync(file, taken, taken)
        const manifestFile = join(folder, manifestName(manifest.file))
        writeFileSync(manifestFile, manifestText(manifest), { mode: 0o600 })
        catalogue.copies.put(manifest, manifestFile)
      }
    })
    catalogue.rebuildDone()
  } finally {
    catalogue.close()
  }
}

const content = (index: number): string => `-- sample ${index}\n`.padEnd(120, '-')

function manifestOf(index: number, server: string, label: string, taken: Date, damaged: boolean): Manifest {
  const text = content(index)
  const at = taken.toISOString()
  const stamp = at.replace(/\D/g, '').slice(0, 14)
  const known: Proof[] = proofs(damaged ? 'damaged' : 'proven', at)
  return {
    lifeboat: 1,
    id: createHash('sha256').update(`sample ${index}`).digest('hex').slice(0, 12),
    server,
    label,
    file: `backup_${label}_${stamp.slice(0, 8)}_${stamp.slice(8)}.sql.zst`,
    bytes: text.length,
    sha256: createHash('sha256').update(text).digest('hex'),
    takenAt: at,
    storedAt: at,
    origin: index % 3 === 2 ? 'backup' : 'dump',
    source: { host: 'shop.example.org', dbname: 'shop', path: null, modifiedAt: null, timeZone: 'Asia/Shanghai' },
    compression: 'zstd',
    format: 'plain',
    serverVersion: '18.6',
    dumpVersion: '18.6',
    encoding: 'UTF8',
    sqlBytes: text.length * 12,
    tables: [
      { schema: 'public', name: 'documents', rows: 1000 - index, fingerprint: String(index), database: null },
      { schema: 'public', name: 'auth_user', rows: 12, fingerprint: '42', database: null },
      { schema: 'public', name: 'evil \u202E name', rows: 0, fingerprint: '0', database: null },
    ],
    statements: { 'CREATE TABLE': 3 },
    largeObjects: 0,
    needs: { roles: ['shopuser'], extensions: ['pg_trgm'], settings: [] },
    snapshot: null,
    verification: null,
    findings: damaged
      ? [
          {
            kind: 'unclosed-copy',
            detail: 'The data of public.documents never ends.',
            table: 'public.documents',
            line: 12,
            byte: 300,
          },
        ]
      : [],
    proofs: known,
  }
}
