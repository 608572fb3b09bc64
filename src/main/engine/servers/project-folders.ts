import type { FoundDatabase } from '#shared/database.ts'
import { LifeboatFailure, type FailureKind } from '#shared/failure.ts'
import type { Remote } from '#engine/docker/remote.ts'
import type { Connection } from '#engine/ssh/connection.ts'
import type { DumpFile } from '#engine/ssh/dump-files.ts'
import type { Found } from './discover.ts'
import { findBackups, findEnvFiles, type EnvFile } from './folders.ts'

/** What lies around the found databases on the server's disk. */
export type ProjectFolders = {
  /** the found databases, now with their folder of backups and their readable .env files */
  readonly databases: readonly FoundDatabase[]
  readonly backups: readonly {
    readonly label: string
    readonly folder: string
    readonly backups: readonly DumpFile[]
  }[]
  readonly envFiles: readonly EnvFile[]
  /** why the server's files could not be listed at all */
  readonly failure: LifeboatFailure | null
}

/** The server has no SFTP, which says nothing about its databases. */
const withoutSftp: readonly FailureKind[] = ['tool-missing', 'sftp-noise']

/** Looks for backups and .env files where today's procedure keeps them: beside the Compose project. */
export async function projectFolders(
  connection: Pick<Connection, 'sftp'>,
  remote: Remote,
  found: readonly Found[],
  home: string,
  signal: AbortSignal,
): Promise<ProjectFolders> {
  const nothing = { databases: found.map(({ database }) => database), backups: [], envFiles: [] }
  if (found.length === 0) return { ...nothing, failure: null }
  let sftp: Awaited<ReturnType<Connection['sftp']>> | undefined
  try {
    sftp = await connection.sftp(signal)
    const databases: FoundDatabase[] = []
    const backups: ProjectFolders['backups'][number][] = []
    const envFiles = new Map<string, EnvFile>()
    for (const { database, dir } of found) {
      const { label, dbname } = database
      const others = found.filter((other) => other.dir === dir && other.database !== database)
      const source = { dir, home, label, dbname, others: others.map((other) => other.database.label) }
      const kept = await findBackups(sftp, source)
      const env = await findEnvFiles(remote, sftp, source, signal)
      if (kept) backups.push({ label, ...kept })
      for (const file of env) envFiles.set(file.path, file)
      const readable = env.filter((file) => file.readable).map((file) => file.path)
      databases.push({ ...database, backups: kept?.folder ?? null, env: readable })
    }
    return { databases, backups, envFiles: [...envFiles.values()], failure: null }
  } catch (error) {
    if (error instanceof LifeboatFailure && withoutSftp.includes(error.kind)) return { ...nothing, failure: error }
    throw error
  } finally {
    sftp?.end()
  }
}
