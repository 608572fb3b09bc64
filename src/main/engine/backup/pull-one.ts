import { setTimeout as pause } from 'node:timers/promises'
import type { CopyRow } from '#shared/copy.ts'
import type { Backup } from '#shared/database.ts'
import type { FindingKind } from '#shared/dump-report.ts'
import { dumpEnding } from '#shared/dump-name.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import { printable } from '#shared/name.ts'
import { commitCopy } from '#engine/copies/commit.ts'
import { openResumable, type Part } from '#engine/copies/part.ts'
import { requireSpace } from '#engine/disk/space.ts'
import type { JobTools } from '#engine/jobs/run.ts'
import type { Connection } from '#engine/ssh/connection.ts'
import type { RemoteFacts, RemoteFile } from '#engine/ssh/sftp.ts'
import { readableProof, storedProof } from '#engine/copies/evidence.ts'
import { isoOf } from '#engine/ssh/dump-files.ts'
import { draftManifest } from './manifest.ts'
import { namedNow } from './named-now.ts'
import type { PullBackups } from './pull.ts'
import { receive, type Received } from './receive.ts'
import { prefixHash, remoteHash } from './remote-hash.ts'

type PullOne = PullBackups & { backup: Backup; server: ServerState; connection: Connection }

/** What the server said before the first transfer. */
export type ServerState = {
  /** in whose zone its pg_dump wrote timestamps, null when nobody could say */
  timeZone: Promise<string | null>
  /** its clock's lead over this computer's */
  clockLeadMs: number
}

/** A file that was written to within this time, by the server's clock, may still be growing: it is looked at twice. */
const freshMs = 60_000
const restMs = 2000
/** So long after its last byte a backup without an end may still get one; afterwards it is damaged. */
const pausedMs = 10 * 60_000
const ofBegun: ReadonlySet<FindingKind> = new Set(['empty', 'cut', 'no-end-marker', 'unclosed-copy'])
const minuteMs = 60_000

/**
 * Brings one backup: only one that stands still, and only as a copy when its SHA-256 is the server's own.
 * What an earlier try has left is gone on from, after its bytes were proven to be the server's.
 */
export async function pullOne(pull: PullOne, tools: JobTools): Promise<CopyRow> {
  const { backup, connection, copiesDir, database } = pull
  const { signal, report, jobId } = tools
  report.step('transfer', backup.name)
  const sftp = await connection.sftp(signal)
  try {
    // an open file stays the same file when the server's rotation gives its name to another one
    const file = await sftp.open(backup.path)
    await requireStill(file, pull, signal)
    const origin = { path: backup.path, bytes: backup.bytes, modifiedAt: backup.modifiedAt }
    const part = await openResumable({
      copiesDir,
      server: database.serverName,
      label: database.label,
      jobId,
      origin,
      now: pull.now,
    })
    // what an earlier try has brought is on the disk already, and stays there when the rest has no room
    let keepForResume = part.bytes > 0
    try {
      await requireSpace(copiesDir, backup.bytes - part.bytes)
      keepForResume = false
      const hash = remoteHash(connection, backup.path, signal)
      hash.catch(() => {})
      await proveKept(part, backup, connection, signal)
      const received = await transfer(part, file, backup, tools).catch((error: unknown) => {
        keepForResume = canGoOn(error) && !signal.aborted
        throw error
      })
      await requireUnchanged(file, backup)
      requireEnded(pull, received)
      report.step('store', backup.name)
      return await keep(pull, part, received, await hash)
    } finally {
      if (keepForResume) await part.keep()
      else await part.discard()
    }
  } finally {
    sftp.end()
  }
}

/** Size and time must be what the list said, and must not move while we look. */
async function requireStill(file: RemoteFile, { backup, server, now }: PullOne, signal: AbortSignal): Promise<void> {
  const fresh = now().getTime() + server.clockLeadMs - file.facts.modified * 1000 < freshMs
  if (!fresh && isSame(file.facts, backup)) return
  await pause(restMs, undefined, { signal })
  if (!isSame(await file.stat(), backup)) {
    throw new LifeboatFailure('backup-growing', `${printable(backup.name)} is still being written on the server.`)
  }
}

/** After the transfer: a file that moved under us may be a mixture of two. */
async function requireUnchanged(file: RemoteFile, backup: Backup): Promise<void> {
  if (isSame(await file.stat(), backup)) return
  throw new LifeboatFailure(
    'backup-growing',
    `${printable(backup.name)} has changed on the server during the transfer.`,
  )
}

/**
 * What was written to a short time ago and is the begin of a dump is not damaged: its writer may only have paused. A
 * compressed file that is closed has no writer any more, whatever is in it.
 */
function requireEnded({ backup, server, now }: PullOne, { findings, compression }: Received): void {
  const age = now().getTime() + server.clockLeadMs - Date.parse(backup.modifiedAt)
  const isOpen = compression === 'none' || findings.some(({ kind }) => kind === 'cut')
  const begun = isOpen && findings.length > 0 && findings.every(({ kind }) => ofBegun.has(kind))
  // a time far in the future is nobody's who writes now
  if (begun && Math.abs(age) < pausedMs)
    throw new LifeboatFailure('backup-growing', `${printable(backup.name)} has no end yet: it was begun just now.`)
}

function isSame(facts: RemoteFacts, backup: Backup): boolean {
  return facts.kind === 'file' && facts.bytes === backup.bytes && isoOf(facts.modified) === backup.modifiedAt
}

/** A prefix that is not the server's any more is thrown away, and the file begun anew. */
async function proveKept(part: Part, backup: Backup, connection: Connection, signal: AbortSignal): Promise<void> {
  if (part.bytes === 0) return
  const [here, there] = await Promise.all([part.hash(signal), prefixHash(connection, backup.path, part.bytes, signal)])
  if (here !== there) await part.restart()
}

async function transfer(part: Part, file: RemoteFile, backup: Backup, { signal, report }: JobTools): Promise<Received> {
  const source = file.read({ start: part.bytes, end: backup.bytes })
  const come = () => report.step('read', backup.name)
  const received = await receive({ source, part, signal, report, total: backup.bytes, come })
  if (received.bytes === backup.bytes) return received
  throw new LifeboatFailure('backup-changed', `${printable(backup.name)} became shorter during the transfer.`)
}

/** The bytes so far are good; only the line was not. */
function canGoOn(error: unknown): boolean {
  return error instanceof LifeboatFailure && ['connection-lost', 'stalled'].includes(error.kind)
}

async function keep(pull: PullOne, part: Part, received: Received, serverHash: string | null): Promise<CopyRow> {
  const { backup, server, version, now } = pull
  const { sha256, bytes, readSeconds } = received
  if (serverHash !== null && serverHash !== sha256) {
    throw new LifeboatFailure(
      'hash-differs',
      `What arrived of ${printable(backup.name)} is not what the server holds.`,
      {
        detail: `server ${serverHash}, here ${sha256}`,
      },
    )
  }
  const storedAt = now()
  const stored = storedProof({
    sha256,
    bytes,
    seconds: readSeconds,
    at: storedAt,
    version,
    how: "equal to the server's own",
  })
  const unproven = {
    ...stored,
    outcome: 'not-checked',
    detail: 'the server told no SHA-256 to compare with: it has no program for it, or the file was gone by then',
  } as const
  const manifest = draftManifest(received, {
    ...namedNow(pull.catalogue, pull.database),
    bytes,
    sha256,
    takenAt: takenAt(backup, server, storedAt),
    storedAt: storedAt.toISOString(),
    origin: 'backup',
    source: {
      host: pull.connection.target.host,
      dbname: pull.database.dbname,
      path: backup.path,
      modifiedAt: backup.modifiedAt,
      timeZone: await server.timeZone,
    },
    proofs: [serverHash === null ? unproven : stored, readableProof(received, storedAt, readSeconds, version)],
    settings: null,
  })
  const { stem, extension } = splitName(backup.name)
  return commitCopy({ part, copiesDir: pull.copiesDir, stem, extension, manifest, catalogue: pull.catalogue })
}

/**
 * When a backup was made. Where the server's clock leads, one of the two is wrong and nobody knows which: data must not look
 * younger than it is, so that the older of both times counts. A server that lags makes it look older by itself.
 */
export function takenAt(
  { name, modifiedAt }: Pick<Backup, 'name' | 'modifiedAt'>,
  { clockLeadMs }: Pick<ServerState, 'clockLeadMs'>,
  storedAt: Date,
): string {
  // in whole minutes: asking for the time takes a moment too
  const lead = Math.max(0, Math.round(clockLeadMs / minuteMs)) * minuteMs
  const modified = Date.parse(modifiedAt)
  const stamp = stampIn(name)
  // moved without its times, a file is of the day on which it was moved; its name still tells when it was made
  const made = stamp !== null && stamp < modified - longestDumpMs ? stamp : modified
  return new Date(Math.min(made - lead, storedAt.getTime())).toISOString()
}

/** No dump takes a day, and no zone is more than 14 hours away. */
const longestDumpMs = 38 * 3_600_000

/** The moment in `backup_prod_20250109_030000.sql.gz`, as if in UTC, in ms; null where a name tells none. */
function stampIn(name: string): number | null {
  const [, day, hour] = /_(\d{8})_(\d{6})(?=\D|$)/.exec(name) ?? []
  if (day === undefined || hour === undefined) return null
  const at = Date.parse(
    `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T${hour.slice(0, 2)}:${hour.slice(2, 4)}:${hour.slice(4)}Z`,
  )
  return Number.isNaN(at) ? null : at
}

/** `backup_prod_20250109_030000.sql.gz` → the name without and the extension with which files of this kind end. */
export function splitName(name: string): { stem: string; extension: string } {
  const ending = dumpEnding.exec(name)
  return { stem: name.slice(0, ending?.index ?? 0) || 'backup', extension: ending?.[1] ?? 'sql' }
}
