import { posix } from 'node:path'
import { remedies } from '#shared/failure.ts'
import { printable } from '#shared/name.ts'
import { isAhead } from '#shared/overview.ts'
import type { DockerState } from '#engine/docker/remote.ts'
import type { DumpFile } from '#engine/ssh/dump-files.ts'
import type { Discovery, Found } from './discover.ts'
import { failed, notChecked, proven, type Verdict } from './facts.ts'
import type { ProjectFolders } from './project-folders.ts'

/** Verdicts about the databases that were found and the files around them. */

export function postgresVerdict(
  { found, stopped, unanswered, hostRefusal }: Discovery,
  docker: DockerState | null,
): Verdict {
  const versions = list(found.map(({ database }) => database.serverVersion ?? '?'))
  const servers = new Set(found.map(({ database }) => JSON.stringify(database.place))).size
  const silent = list([...unanswered.map(({ name }) => name), ...stopped])
  const counts = { unanswered: unanswered.length, stopped: stopped.length, names: silent }
  const facts = { databases: found.length, servers, versions, ...counts }
  const names = list(
    found.map(({ database }) => `${database.label} (${database.dbname}, ${database.serverVersion ?? '?'})`),
  )
  const seen = found.length === 0 ? 'No database answers.' : `Found: ${names}.`
  const still = stopped.length === 0 ? '' : ` Not running: ${list(stopped)}.`
  const beside = hostRefusal ? ` The PostgreSQL of the server itself is left out: ${hostRefusal.message}` : ''
  const first = unanswered[0]
  if (first) {
    const { kind, message } = first.failure
    return failed(
      'postgres',
      facts,
      `${seen} ${printable(first.name)} gave no answer: ${message}${still}`,
      remedies[kind].remedy,
    )
  }
  if (found.length > 0) return proven('postgres', facts, `${seen}${still}${beside}`)
  if (hostRefusal) return failed('postgres', facts, `${seen}${still}${beside}`, remedies[hostRefusal.kind].remedy)
  if (stopped.length > 0) return failed('postgres', facts, `${seen}${still}`, remedies['database-not-found'].remedy)
  if (docker?.state === 'ready' || docker?.state === 'absent')
    return failed(
      'postgres',
      facts,
      'No PostgreSQL was found, neither in a container nor on the server itself.',
      remedies['database-not-found'].remedy,
    )
  return notChecked(
    'postgres',
    facts,
    'No PostgreSQL runs on the server itself, and Docker could not be asked.',
    'Mend Docker first, then test again.',
  )
}

export function dumpToolVerdict(found: readonly Found[]): Verdict {
  if (found.length === 0) return notChecked('pg-dump', {}, 'Not checked, because no database answers.')
  const missing = found.filter(({ tool }) => tool === null)
  const tooOld = found.filter(
    ({ tool, versionNumber }) => tool !== null && tool.major < Math.floor(versionNumber / 10_000),
  )
  const zstd = found.filter(({ tool }) => tool?.zstd === true).length
  const versions = list([...new Set(found.flatMap(({ tool }) => (tool ? [tool.version] : [])))])
  const facts = { versions, databases: found.length, zstd, missing: missing.length, tooOld: tooOld.length }
  const labels = (some: readonly Found[]) => list(some.map(({ database }) => database.label))
  if (missing.length > 0)
    return failed(
      'pg-dump',
      facts,
      `There is no pg_dump beside the database for ${labels(missing)}.`,
      remedies['tool-missing'].remedy,
    )
  if (tooOld.length > 0)
    return failed(
      'pg-dump',
      facts,
      `pg_dump is older than the PostgreSQL of ${labels(tooOld)} and will refuse to dump it.`,
      'Install the pg_dump of the same major version as the server.',
    )
  const how =
    zstd === found.length ? 'zstd' : zstd === 0 ? 'gzip' : `zstd for ${zstd} of ${found.length}, gzip for the others`
  return proven('pg-dump', facts, `pg_dump ${versions} is new enough for all of them, compressed with ${how}.`)
}

/**
 * Every folder has to hold a backup that is not older than the limit: the fresh ones of one database say nothing about
 * another's. `now` is the server's clock, by which its files are dated.
 */
export function backupsVerdict(folders: ProjectFolders | null, now: Date, limitHours: number): Verdict {
  if (!folders || folders.databases.length === 0)
    return notChecked('backups', {}, 'Not checked, because no database was found.')
  if (folders.failure) return failed('backups', {}, folders.failure.message, remedies[folders.failure.kind].remedy)
  const kept = folders.backups.map(({ folder, backups }) => ({ folder, newest: newestOf(backups) }))
  const files = folders.backups.flatMap(({ folder, backups }) => backups.map((backup) => ({ folder, ...backup })))
  const facts = { folders: folders.backups.length, files: files.length }
  if (folders.backups.length === 0)
    return notChecked(
      'backups',
      facts,
      'No folder with backups of the server itself was found. Lifeboat needs none.',
      'Name the folder by hand, if there is one.',
    )
  const empty = list(kept.flatMap(({ folder, newest }) => (newest ? [] : [folder])))
  const newest = newestOf(files)
  if (empty !== '' || !newest)
    return failed('backups', { ...facts, folder: empty }, `No backup lies in ${empty}.`, lookAtCron)
  const found = {
    ...facts,
    folder: newest.folder,
    newest: newest.name,
    newestAt: newest.modifiedAt,
    newestBytes: newest.bytes,
  }
  const hours = ({ modifiedAt }: DumpFile) => (now.getTime() - Date.parse(modifiedAt)) / 3_600_000
  const all = kept.flatMap(({ folder, newest: one }) => (one ? [{ folder, ...one }] : []))
  const ahead = all.find(({ modifiedAt }) => isAhead(modifiedAt, now))
  if (ahead)
    return failed(
      'backups',
      found,
      `${printable(ahead.path)} is dated ahead of the server's clock, ${ahead.modifiedAt}: how old the newest backup is can not be told.`,
      "Find out what dated it so, and look whether the server's backup job (cron) runs.",
    )
  const old = all.filter((backup) => hours(backup) > limitHours)
  if (old.length > 0)
    return failed(
      'backups',
      found,
      `No backup is newer than ${limitHours} h: ${old
        .map((backup) => `the newest in ${printable(backup.folder)} is ${ageOf(hours(backup))} old`)
        .join(', ')}.`,
      lookAtCron,
    )
  const where = list(folders.backups.map(({ folder }) => folder))
  return proven(
    'backups',
    found,
    `${files.length} backups in ${where}; the newest is ${ageOf(hours(newest))} old (${printable(newest.name)}).`,
  )
}

const lookAtCron = "Look whether the server's backup job (cron) runs."

function newestOf<T extends DumpFile>(files: readonly T[]): T | null {
  return files.reduce<T | null>((best, next) => (best && best.modifiedAt >= next.modifiedAt ? best : next), null)
}

function ageOf(hours: number): string {
  return hours < 48 ? `${Math.max(0, Math.round(hours))} h` : `${Math.round(hours / 24)} days`
}

export function envVerdict(folders: ProjectFolders | null): Verdict {
  if (!folders || folders.databases.length === 0)
    return notChecked('env-files', {}, 'Not checked, because no database was found.')
  if (folders.failure) return failed('env-files', {}, folders.failure.message, remedies[folders.failure.kind].remedy)
  const name = ({ path }: { path: string }) => posix.basename(path)
  const closed = folders.envFiles.filter(({ readable }) => !readable).map(name)
  const facts = {
    files: folders.envFiles.length,
    unreadable: closed.length,
    names: list(folders.envFiles.map(name)),
    unreadableNames: list(closed),
  }
  if (facts.files === 0) return notChecked('env-files', facts, 'No .env file lies beside the Compose files.')
  if (closed.length > 0)
    return failed(
      'env-files',
      facts,
      `This user may not read ${facts.unreadableNames}.`,
      'Give this user the right to read the file, or log in as its owner.',
    )
  return proven('env-files', facts, `Found and readable: ${facts.names}.`)
}

/** Foreign names on one line, and not endlessly many of them. */
function list(names: readonly string[]): string {
  const shown = [...new Set(names)].slice(0, 20).map(printable).join(', ')
  return names.length > 20 ? `${shown}, …` : shown
}
