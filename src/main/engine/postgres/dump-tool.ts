import { LifeboatFailure } from '#shared/failure.ts'
import type { Answer } from './run.ts'

/** The pg_dump that the server has. */
export type DumpTool = {
  /** as it names itself: `18.1`, `17beta2` */
  readonly version: string
  readonly major: number
  /** it can compress with zstd: from 16 on, where it was built with it */
  readonly zstd: boolean
}

/** Reads `pg_dump (PostgreSQL) 18.1 (Debian 18.1-1)`. */
export function parseDumpVersion(output: string): { version: string; major: number } {
  const found = /\(PostgreSQL\)\s+((\d{1,3})[\w.]{0,20})/.exec(output)
  if (!found?.[1]) throw new LifeboatFailure('tool-missing', "The server's pg_dump does not say its version.")
  return { version: found[1], major: Number(found[2]) }
}

/**
 * Whether a pg_dump that was asked for zstd got past its options. It must then have failed to connect, which is what the
 * probe wants; anything else, also a sentence not understood, counts as "can not", since gzip always works.
 */
export function zstdInDump(answer: Answer): boolean {
  if (answer.code === 0 || /compress|zstd/i.test(answer.stderr)) return false
  return /connection to server|could not connect|no such file/i.test(answer.stderr)
}
