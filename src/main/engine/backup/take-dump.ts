import type { CopyRow, Snapshot } from '#shared/copy.ts'
import { isAbort, LifeboatFailure } from '#shared/failure.ts'
import type { Catalogue } from '#engine/catalogue/open.ts'
import { commitCopy } from '#engine/copies/commit.ts'
import { stampName } from '#engine/copies/names.ts'
import { openPart, type Part } from '#engine/copies/part.ts'
import { requireSpace } from '#engine/disk/space.ts'
import type { JobTools } from '#engine/jobs/run.ts'
import { chooseCompression, dumpName, sourceName, type DumpPlan } from '#engine/postgres/dump-command.ts'
import { explainDump } from '#engine/postgres/explain.ts'
import type { DatabaseFacts, SourceNeeds } from '#engine/postgres/facts.ts'
import type { RemotePostgres } from '#engine/postgres/remote.ts'
import type { Connection } from '#engine/ssh/connection.ts'
import { readableProof, sourceProof, storedProof } from '#engine/copies/evidence.ts'
import { serverStamp } from '#engine/ssh/server-stamp.ts'
import { endLeft, type Reach } from './end-left.ts'
import { endLeftovers } from './leftovers.ts'
import { draftManifest } from './manifest.ts'
import { namedNow } from './named-now.ts'
import { receive, type Received } from './receive.ts'
import { startSourceProof, type SourceProof } from './source-proof.ts'
import { momentOf, onStandby } from './standby.ts'
import { requireWhole } from './whole.ts'

export type TakeDump = Reach & {
  catalogue: Catalogue
  copiesDir: string
  version: string
  now: () => Date
}

/**
 * pg_dump is silent while it reads a large catalogue, waits for a lock or passes over dead rows, and the line is watched
 * besides. Who does not want to wait cancels it.
 */
const longestThoughtMs = 3_600_000

type Source = { facts: DatabaseFacts; needs: SourceNeeds; plan: DumpPlan; stamp: string }
type Taken = { received: Received; snapshot: Snapshot | null; takenAt: Date }

/**
 * Takes a dump of a database now and keeps it as a copy: proven stored and readable, or not kept at all.
 * Cancelled or failed, it leaves nothing behind: no part file here, no pg_dump there.
 */
export async function takeDump(take: TakeDump, { jobId, signal, report }: JobTools): Promise<CopyRow> {
  const { database, catalogue, now } = take
  report.step('connect')
  const connection = await take.connect(signal)
  try {
    report.step('look')
    const { postgres: remote, facts } = await take.open(connection, signal)
    const [left, looked] = await Promise.all([
      endLeftovers(remote, catalogue.jobs.get, signal).catch((error: unknown) => {
        if (signal.aborted || !isRefused(error)) throw error
        // what can not be ended is no reason to have no dump
        report.log(`Something that an interrupted job had left on the server is still there: ${error.message}`)
        return 0
      }),
      lookAtSource(take, connection, remote, jobId, signal),
    ])
    if (left > 0) report.log(`${left} dumps that an interrupted job had left on the server were ended.`)
    const source = { facts, ...looked }
    report.log(`PostgreSQL ${source.facts.version}, pg_dump ${source.plan.tool.version}, ${source.plan.compression}`)
    await requireSpace(take.copiesDir, source.facts.size === null ? 0 : Math.ceil(source.facts.size / 20))
    const part = await openPart({
      copiesDir: take.copiesDir,
      server: database.serverName,
      label: database.label,
      jobId,
      now,
    })
    try {
      const taken = await dumpBesideCount(take, part, connection, remote, source, { jobId, signal, report })
      report.step('store')
      return await keep(take, connection, part, source, taken)
    } finally {
      await part.discard()
    }
  } finally {
    await connection.end()
  }
}

async function lookAtSource(
  { database }: TakeDump,
  connection: Connection,
  remote: RemotePostgres,
  jobId: string,
  signal: AbortSignal,
): Promise<Omit<Source, 'facts'>> {
  const [needs, tool, stamp] = await Promise.all([
    remote.needs(signal),
    remote.dumpTool(signal),
    serverStamp(connection, signal),
  ])
  const compression = chooseCompression(database.format, tool)
  const plan = { compression, tool, applicationName: dumpName(jobId) }
  return { needs, plan, stamp }
}

/** The dump, and beside it the source counted in the dump's own snapshot. Leaves nothing behind on the server. */
async function dumpBesideCount(
  take: TakeDump,
  part: Part,
  connection: Connection,
  remote: RemotePostgres,
  { facts, plan }: Source,
  { jobId, signal, report }: JobTools,
): Promise<Taken> {
  const name = sourceName(jobId)
  const wanted = take.database.sourceProof
  let proof: SourceProof | undefined
  try {
    proof = await startSourceProof({ connection, postgres: remote, facts, wanted, name, now: take.now, signal })
    const takenAt = take.now()
    report.step('dump')
    const received = await dumpInto(part, connection, remote, plan, proof, { jobId, signal, report })
    if (wanted !== 'off') report.step('source')
    const snapshot = await proof.result(received)
    if (snapshot?.note) report.log(snapshot.note)
    if (!(await proof.end())) await endLeft(take, remote, [name], report.log)
    return { received, snapshot, takenAt }
  } catch (error) {
    proof?.drop()
    await endLeft(take, remote, [plan.applicationName, name], report.log)
    throw signal.aborted && !isAbort(error) ? signal.reason : error
  }
}

/**
 * pg_dump's output into the part file. Only exit code 0 *and* a dump that is readable to its end count as success.
 * A snapshot that is gone before pg_dump could take it is no reason to have no dump: then it takes one of its own.
 */
async function dumpInto(
  part: Part,
  connection: Connection,
  remote: RemotePostgres,
  plan: DumpPlan,
  proof: SourceProof,
  tools: JobTools,
): Promise<Received> {
  const { snapshot } = proof
  if (snapshot === null) return runDump(part, connection, remote, plan, proof, tools)
  try {
    return await runDump(part, connection, remote, { ...plan, snapshot }, proof, tools)
  } catch (error) {
    if (part.bytes > 0 || !isSnapshotGone(error)) throw error
    proof.letGo('the transaction that held it was gone before pg_dump could see what it saw')
    return runDump(part, connection, remote, plan, proof, tools)
  }
}

/** The server said no; the line to it is fine. */
function isRefused(error: unknown): error is LifeboatFailure {
  return error instanceof LifeboatFailure && ['remote-command', 'database-refused'].includes(error.kind)
}

/** pg_dump names the statement that failed, in English whatever language the server speaks. */
function isSnapshotGone(error: unknown): boolean {
  return error instanceof LifeboatFailure && /SET TRANSACTION SNAPSHOT/.test(error.detail ?? '')
}

async function runDump(
  part: Part,
  connection: Connection,
  remote: RemotePostgres,
  plan: DumpPlan,
  proof: SourceProof,
  { signal, report }: JobTools,
): Promise<Received> {
  proof.started()
  const running = await connection.stream(remote.dumpCommand(plan), { signal, stallMs: longestThoughtMs })
  const source = telling(running.stdout, proof.begun)
  const received = await receive({ source, part, signal, report, total: null })
  const exit = await running.done
  // pg_dump may warn on stderr and still exit 0
  if (exit.stderr.trim() !== '') report.log(exit.stderr.trim())
  if (exit.code !== 0) throw explainDump({ code: exit.code, stdout: '', stderr: exit.stderr }, remote.login)
  requireWhole(received)
  return received
}

/** Tells when the first bytes come. */
async function* telling(source: AsyncIterable<Uint8Array>, begun: () => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    begun()
    yield chunk
  }
}

async function keep(
  take: TakeDump,
  connection: Connection,
  part: Part,
  source: Source,
  { received, snapshot, takenAt }: Taken,
): Promise<CopyRow> {
  const { catalogue, copiesDir, version, now } = take
  const { dbname } = take.database
  const named = namedNow(catalogue, take.database)
  const { sha256, bytes, readSeconds } = received
  const storedAt = now()
  const stored = storedProof({
    sha256,
    bytes,
    seconds: readSeconds,
    at: storedAt,
    version,
    how: `pg_dump ended with code 0${onStandby(source.facts)}`,
  })
  const manifest = draftManifest(received, {
    ...named,
    bytes,
    sha256,
    takenAt: momentOf(source.facts, takenAt).toISOString(),
    storedAt: storedAt.toISOString(),
    origin: 'dump',
    source: { host: connection.target.host, dbname, path: null, modifiedAt: null, timeZone: 'UTC' },
    proofs: [
      stored,
      readableProof(received, storedAt, readSeconds, version),
      ...sourceProof(received, snapshot, `PostgreSQL ${source.facts.version} at the source`),
    ],
    snapshot,
    roles: source.needs.roles,
    settings: source.needs.settings,
    serverVersion: source.facts.version,
    dumpVersion: source.plan.tool.version,
  })
  return commitCopy({
    part,
    copiesDir,
    stem: stampName(named.label, source.stamp),
    extension: source.plan.compression === 'zstd' ? 'sql.zst' : 'sql.gz',
    manifest,
    catalogue,
  })
}
