import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { CopyRow, Manifest } from '#shared/copy.ts'
import type { Database } from '#shared/database.ts'
import type { Job } from '#shared/job.ts'
import type { Proof } from '#shared/proof.ts'
import type { Server } from '#shared/server.ts'
import { openCatalogue, type Catalogue } from '#engine/catalogue/open.ts'
import { commitCopy } from '#engine/copies/commit.ts'
import { openPart } from '#engine/copies/part.ts'

/** A clock that stands still. */
export const noon = (): Date => new Date('2025-06-15T12:00:00.000Z')

/** A folder that goes with the test. `memory`: where syncing costs nothing, if there is such a place. */
export function scratch(where: 'disk' | 'memory' = 'disk'): string {
  const base = where === 'memory' && existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
  const dir = mkdtempSync(join(base, 'lifeboat-test-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** A catalogue that is closed with the test. */
export function catalogueIn(dataDir: string, now: () => Date = noon): Catalogue {
  const { catalogue } = openCatalogue(dataDir, { now })
  onTestFinished(() => catalogue.close())
  return catalogue
}

export function proof(rung: Proof['rung'], outcome: Proof['outcome'] = 'proven', at = noon().toISOString()): Proof {
  return { rung, outcome, at, seconds: 1, engine: 'test', detail: `${rung} ${outcome}` }
}

let counted = 0

/** A manifest of `content`, taken at noon, proven readable; `change` makes it another one. */
export function draftOf(content: Buffer, change: Partial<Manifest> = {}): Omit<Manifest, 'file'> {
  counted += 1
  return {
    lifeboat: 1,
    id: createHash('sha256').update(`${counted} ${process.pid}`).digest('hex').slice(0, 12),
    server: 'shop',
    label: 'prod',
    bytes: content.byteLength,
    sha256: createHash('sha256').update(content).digest('hex'),
    takenAt: noon().toISOString(),
    storedAt: noon().toISOString(),
    origin: 'dump',
    source: { host: 'example.org', dbname: 'shop', path: null, modifiedAt: null, timeZone: 'UTC' },
    compression: 'gzip',
    format: 'plain',
    serverVersion: '18.1',
    dumpVersion: '18.1',
    encoding: 'UTF8',
    sqlBytes: content.byteLength,
    tables: [{ schema: 'public', name: 'orders', rows: 3, fingerprint: '42', database: null }],
    statements: { COPY: 1 },
    largeObjects: 0,
    needs: { roles: ['shopuser'], extensions: [], settings: [] },
    findings: [],
    snapshot: null,
    verification: null,
    proofs: [proof('stored'), proof('readable')],
    ...change,
  }
}

type Stored = { catalogue: Catalogue; copiesDir: string; content?: Buffer; stem?: string; change?: Partial<Manifest> }

/** Stores a copy as a backup would, through part file and commit. */
export async function storeCopy(wanted: Stored): Promise<CopyRow> {
  const { catalogue, copiesDir, content = Buffer.from(`-- dump ${counted}\n`), change = {} } = wanted
  const manifest = draftOf(content, change)
  const { server, label } = manifest
  const part = await openPart({ copiesDir, server, label, jobId: 'job1', now: noon })
  try {
    await part.write(content)
    const stem = wanted.stem ?? 'backup_prod_20250615_120000'
    return await commitCopy({ part, copiesDir, stem, extension: 'sql.gz', manifest, catalogue })
  } finally {
    await part.discard()
  }
}

export function someServer(name: string, change: Partial<Server> = {}): Server {
  return {
    id: `id-of-${name}`,
    name,
    host: `${name}.example.org`,
    port: 22,
    user: 'operator',
    auth: { kind: 'auto' },
    jump: null,
    hostKey: null,
    configHost: null,
    sudo: false,
    demo: false,
    addedAt: noon().toISOString(),
    ...change,
  }
}

export function someDatabase(server: Server, label: string, change: Partial<Database> = {}): Database {
  return {
    id: `id-of-${server.name}-${label}`,
    server: server.id,
    serverName: server.name,
    label,
    place: { kind: 'host' },
    dbname: 'shop',
    dbuser: 'shopuser',
    backups: null,
    env: [],
    format: 'auto',
    sourceProof: 'fingerprints',
    verifyAfter: false,
    driftCheck: true,
    image: null,
    addedAt: noon().toISOString(),
    ...change,
  }
}

export function someJob(id: string, change: Partial<Job> = {}): Job {
  return {
    id,
    kind: 'backup',
    state: 'running',
    subject: 'shop/prod',
    serverId: null,
    databaseId: null,
    copyIds: [],
    step: 'dump',
    stepDetail: null,
    bytesDone: 0,
    bytesTotal: null,
    rows: 0,
    startedAt: noon().toISOString(),
    endedAt: null,
    lastTook: null,
    failure: null,
    outcome: null,
    ...change,
  }
}
