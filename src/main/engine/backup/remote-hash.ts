import { LifeboatFailure } from '#shared/failure.ts'
import type { Connection } from '#engine/ssh/connection.ts'
import type { RunResult } from '#engine/ssh/run.ts'

/** Hours, for a large file on a slow disk; a server that died is noticed by its connection long before. */
const longestHash = 6 * 3600 * 1000

// openssl uses what the processor has for it: three times as fast as GNU's sha256sum. Each system brings another of the
// others; one that is there and does not work is passed over
const programs = `works() { "$@" </dev/null 2>/dev/null | grep -q ^e3b0c44298fc1c14; }
hash() {
  if works openssl dgst -sha256 -r; then openssl dgst -sha256 -r
  elif works sha256sum; then sha256sum
  elif works busybox sha256sum; then busybox sha256sum
  elif works shasum -a 256; then shasum -a 256
  elif works sha256 -q; then sha256 -q
  else echo none; fi
}
`

/** SHA-256 of a file as the server itself computes it; null when it has no program for that or may not read the file. */
export async function remoteHash(
  connection: Pick<Connection, 'run'>,
  path: string,
  signal: AbortSignal,
): Promise<string | null> {
  return run(connection, `${programs}hash < "$1"`, [path], signal)
}

/** SHA-256 of the first bytes of a file on the server. */
export async function prefixHash(
  connection: Pick<Connection, 'run'>,
  path: string,
  bytes: number,
  signal: AbortSignal,
): Promise<string | null> {
  return run(connection, `${programs}head -c "$2" < "$1" | hash`, [path, String(bytes)], signal)
}

/** Who may only bring files over SFTP has no shell that answers: nothing was said then. */
export function noShell(error: unknown): Pick<RunResult, 'code' | 'stdout'> {
  if (error instanceof LifeboatFailure && error.kind === 'remote-command') return { code: null, stdout: '' }
  throw error
}

async function run(
  connection: Pick<Connection, 'run'>,
  script: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<string | null> {
  const argv = ['/bin/sh', '-c', script, 'hash', ...args]
  const answer = await connection.run(argv, { signal, timeoutMs: longestHash }).catch(noShell)
  const hash = /^[0-9a-f]{64}(?=\s|$)/.exec(answer.stdout)?.[0]
  return answer.code === 0 && hash !== undefined ? hash : null
}
