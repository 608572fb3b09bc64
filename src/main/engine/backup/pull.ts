import type { CopyRow } from '#shared/copy.ts'
import type { Backup, Database } from '#shared/database.ts'
import { LifeboatFailure, toFailure } from '#shared/failure.ts'
import { printable } from '#shared/name.ts'
import type { Outcome } from '#shared/proof.ts'
import type { Catalogue } from '#engine/catalogue/open.ts'
import type { JobTools } from '#engine/jobs/run.ts'
import type { Connection } from '#engine/ssh/connection.ts'
import type { OpenDatabase } from './end-left.ts'
import { backupsOver } from './list-backups.ts'
import { pullOne, type ServerState } from './pull-one.ts'
import { noShell } from './remote-hash.ts'

export type Which = { kind: 'newest' } | { kind: 'all' } | { kind: 'named'; names: string[] }

export type PullBackups = {
  database: Database
  which: Which
  connect: (signal: AbortSignal) => Promise<Connection>
  open: OpenDatabase
  catalogue: Catalogue
  copiesDir: string
  version: string
  now: () => Date
  /** a copy is complete */
  onCopy: (row: CopyRow) => void
}

/**
 * Brings backups of the server's cron. What is here already is not brought again; what is damaged is brought and called
 * damaged. One that fails does not keep the others from coming; the failures are told together at the end.
 * @returns the worst outcome among the new copies, null when there are none; a newest backup that is here already and
 *   damaged stays damaged, however often it is asked for
 */
export async function pullBackups(pull: PullBackups, tools: JobTools): Promise<Outcome | null> {
  const { signal, report } = tools
  report.step('connect')
  const connection = await pull.connect(signal)
  try {
    report.step('list')
    const [backups, clockLeadMs] = await Promise.all([
      backupsOver(connection, pull.database, pull.catalogue, signal),
      clockLead(pull, connection, signal),
    ])
    const serverNow = pull.now().getTime() + clockLeadMs
    const wanted = choose(backups, pull.which, serverNow)
    report.log(`${backups.length} backups on the server, ${wanted.length} to bring`)
    if (wanted.length === 0)
      return pull.which.kind === 'newest' && newest(backups, serverNow)?.outcome === 'damaged' ? 'damaged' : null
    // its answer is only needed for the first manifest: meanwhile the first backup is on its way
    const timeZone = zoneOfServer(pull, connection, signal)
    return await pullEach(pull, wanted, { timeZone, clockLeadMs }, connection, tools)
  } finally {
    await connection.end()
  }
}

async function pullEach(
  pull: PullBackups,
  wanted: readonly Backup[],
  server: ServerState,
  connection: Connection,
  tools: JobTools,
): Promise<Outcome | null> {
  const rows: CopyRow[] = []
  const failures: { name: string; error: unknown }[] = []
  for (const backup of wanted) {
    tools.signal.throwIfAborted()
    try {
      const row = await pullOne({ ...pull, backup, server, connection }, tools)
      tools.report.copy(row.id)
      rows.push(row)
      pull.onCopy(row)
    } catch (error) {
      if (tools.signal.aborted || !concernsOneFile(error)) throw error
      tools.report.log(`${printable(backup.name)}: ${toFailure(error).message}`)
      failures.push({ name: backup.name, error })
    }
  }
  const [first] = failures
  if (first) throw wanted.length === 1 ? first.error : several(failures, wanted.length)
  return worst(rows)
}

/** A file of next year would be the newest one until then: it comes behind all that can be true. */
function newest(backups: readonly Backup[], serverNow: number): Backup | undefined {
  const possible = ({ modifiedAt }: Backup): boolean => Date.parse(modifiedAt) <= serverNow + 3_600_000
  return backups.find(possible) ?? backups[0]
}

/**
 * Newest first, as the list is. Named ones that are not there any more are a failure, not silence.
 * @param serverNow the server's time, ms
 */
export function choose(backups: readonly Backup[], which: Which, serverNow: number): Backup[] {
  const missing = (backup: Backup): boolean => backup.copyId === null
  switch (which.kind) {
    case 'newest':
      return [newest(backups, serverNow)].filter((backup) => backup !== undefined).filter(missing)
    case 'all':
      return backups.filter(missing)
    case 'named':
      return which.names
        .map((name) => {
          const found = backups.find((backup) => backup.name === name)
          if (found) return found
          throw new LifeboatFailure('backup-vanished', `${printable(name)} is not on the server any more.`)
        })
        .filter(missing)
  }
}

/** Trouble with this one file; anything else, such as a full disk or a lost line, would hit the next one as well. */
function concernsOneFile(error: unknown): boolean {
  if (!(error instanceof LifeboatFailure)) return false
  return ['backup-vanished', 'backup-growing', 'backup-changed', 'hash-differs'].includes(error.kind)
}

function several(failures: readonly { name: string; error: unknown }[], wanted: number): LifeboatFailure {
  const kind = failures[0]?.error instanceof LifeboatFailure ? failures[0].error.kind : 'bug'
  const lines = failures.map(({ name, error }) => `${printable(name)}: ${toFailure(error).message}`)
  return new LifeboatFailure(kind, `${failures.length} of ${wanted} backups could not be brought.`, {
    detail: lines.join('\n'),
  })
}

function worst(rows: readonly CopyRow[]): Outcome | null {
  const order: Outcome[] = ['damaged', 'not-checked', 'proven']
  return order.find((outcome) => rows.some((row) => row.face === outcome)) ?? null
}

/** In whose zone the cron's pg_dump wrote its timestamps; null where the database does not say. A pull goes on without. */
async function zoneOfServer(pull: PullBackups, connection: Connection, signal: AbortSignal): Promise<string | null> {
  const database = await pull.open(connection, signal).catch(() => null)
  return database?.facts.timeZone ?? null
}

/** The server's clock against ours; zero when it does not tell, which only costs a second look at each file. */
async function clockLead(pull: PullBackups, connection: Connection, signal: AbortSignal): Promise<number> {
  const answer = await connection.run(['date', '+%s'], { signal }).catch(noShell)
  const seconds = Number(answer.stdout.trim())
  return answer.code === 0 && seconds > 0 ? seconds * 1000 - pull.now().getTime() : 0
}
