import type { DumpFormat } from '#shared/database.ts'
import type { DumpTool } from './dump-tool.ts'
import { loginArguments, type Login } from './login.ts'

export type Compression = 'zstd' | 'gzip'

export type DumpPlan = {
  readonly compression: Compression
  readonly tool: DumpTool
  /** by which the server knows this dump, so that it can be ended from elsewhere */
  readonly applicationName: string
  /** exported by a transaction that is held open; absent: pg_dump takes its own */
  readonly snapshot?: string
}

/** What the operator wants, as far as the server's pg_dump can do it. */
export function chooseCompression(wanted: DumpFormat, tool: DumpTool): Compression {
  return wanted !== 'gzip' && tool.zstd ? 'zstd' : 'gzip'
}

/** The name of a job's pg_dump, as PostgreSQL knows it. */
export function dumpName(jobId: string): string {
  return applicationName('dump', jobId)
}

/** The name of the session that holds and counts the source beside it. */
export function sourceName(jobId: string): string {
  return applicationName('source', jobId)
}

/** PostgreSQL cuts longer names and replaces what is not ASCII; then the session could not be found again. */
function applicationName(what: 'dump' | 'source', jobId: string): string {
  const name = `lifeboat-${what}-${jobId}`
  if (!/^[\w.-]{1,63}$/.test(name)) throw new TypeError(`not usable as an application name: ${JSON.stringify(name)}`)
  return name
}

/** The job that a session on a server belongs to; null for one that is none of ours. */
export function jobOfName(applicationName: string): string | null {
  return /^lifeboat-(?:dump|source)-([\w.-]+)$/.exec(applicationName)?.[1] ?? null
}

/** pg_dump compresses by itself: a pipe through gzip hides its failure where the shell has no pipefail. */
export function dumpArguments(login: Login, { compression, tool, snapshot }: DumpPlan): string[] {
  return [
    'pg_dump',
    '--no-password',
    // below the time after which the silent line itself would be given up, so that the reason is told
    '--lock-wait-timeout=90s',
    ...(snapshot === undefined ? [] : [`--snapshot=${snapshot}`]),
    ...compressionArguments(compression, tool),
    ...loginArguments(login),
  ]
}

function compressionArguments(compression: Compression, tool: DumpTool): string[] {
  switch (compression) {
    case 'zstd':
      return ['--compress=zstd:3']
    case 'gzip':
      return [tool.major >= 16 ? '--compress=gzip:6' : '--compress=6']
  }
}

/** Pinned, because each changes the text of values: the zone of timestamps, and bytea where a role has its own setting. */
export function dumpEnvironment({ applicationName }: DumpPlan): Record<string, string> {
  return {
    LC_ALL: 'C',
    PGAPPNAME: applicationName,
    PGCONNECT_TIMEOUT: '15',
    PGTZ: 'UTC',
    PGOPTIONS: '-c bytea_output=hex',
  }
}
