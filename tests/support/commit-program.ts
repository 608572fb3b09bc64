// Stores one copy as a backup would, in a process of its own that can be killed: `commit-program.ts DATA COPIES STEM [wait]`.
// Says `committed` when the store has said so. With `wait` it says `ready` first, and goes on when a line comes in.
import { createHash } from 'node:crypto'
import { commitCopy } from '#engine/copies/commit.ts'
import { openCatalogue } from '#engine/catalogue/open.ts'
import { recordProofs } from '#engine/copies/record-proofs.ts'
import { openPart } from '#engine/copies/part.ts'
import type { Job } from '#shared/job.ts'
import { untilWord } from './until-word.ts'

const [, , dataDir = '', copiesDir = '', stem = '', wait = ''] = process.argv
const now = (): Date => new Date()
/** More than one buffer of the part file. */
const content = Buffer.from(`-- dump ${stem}\n`.repeat(150_000))
const jobId = `job${process.pid}`
const at = now().toISOString()

const { catalogue } = openCatalogue(dataDir, { now })
const job: Job = {
  id: jobId,
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
  startedAt: at,
  endedAt: null,
  lastTook: null,
  failure: null,
  outcome: null,
}
if (wait !== '') await untilWord(dataDir)
catalogue.jobs.insert(job, { pid: process.pid, startToken: '' })
const part = await openPart({ copiesDir, server: 'shop', label: 'prod', jobId, now })
try {
  for (let done = 0; done < content.length; done += 65_536) await part.write(content.subarray(done, done + 65_536))
  const row = await commitCopy({
    part,
    copiesDir,
    stem,
    extension: 'sql',
    catalogue,
    manifest: {
      lifeboat: 1,
      id: createHash('sha256').update(`${stem} ${process.pid}`).digest('hex').slice(0, 12),
      server: 'shop',
      label: 'prod',
      bytes: content.byteLength,
      sha256: createHash('sha256').update(content).digest('hex'),
      takenAt: at,
      storedAt: at,
      origin: 'dump',
      source: { host: 'example.org', dbname: 'shop', path: null, modifiedAt: null, timeZone: 'UTC' },
      compression: 'none',
      format: 'plain',
      serverVersion: '18.1',
      dumpVersion: '18.1',
      encoding: 'UTF8',
      sqlBytes: content.byteLength,
      tables: [],
      statements: {},
      largeObjects: 0,
      needs: { roles: [], extensions: [], settings: [] },
      findings: [],
      snapshot: null,
      verification: null,
      proofs: [
        { rung: 'stored', outcome: 'proven', at, seconds: 0, engine: 'test', detail: '' },
        { rung: 'readable', outcome: 'proven', at, seconds: 0, engine: 'test', detail: '' },
      ],
    },
  })
  catalogue.jobs.update({ ...job, state: 'done', endedAt: at, copyIds: [row.id] })
  process.stdout.write('committed\n')
  catalogue.settings.set({ ageLimitHours: 30 })
  await recordProofs(catalogue, row.id, {
    proofs: [{ rung: 'readable', outcome: 'proven', at, seconds: 0, engine: 'test', detail: 'again' }],
    before: null,
  })
} finally {
  await part.discard()
  catalogue.close()
}
