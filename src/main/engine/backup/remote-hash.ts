import type { Connection } from '#engine/ssh/connection.ts'

/** Hours, for a large file on a slow disk; a server that died is noticed by its connection long before. */
const longestHash = 6 * 3600 * 1000

// busybox, GNU, BSD and macOS each bring another one of these
const programs = `hash() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum
  elif command -v shasum >/dev/null 2>&1; then shasum -a 256
  elif command -v openssl >/dev/null 2>&1; then openssl dgst -sha256 -r
  else echo none; fi
}
`

/** SHA-256 of a file as the server itself computes it; null when it has no program for that or may not read the file. */
export async function remoteHash(connection: Connection, path: string, signal: AbortSignal): Promise<string | null> {
  return run(connection, `${programs}hash < "$1"`, [path], signal)
}

/** SHA-256 of the first bytes of a file on the server. */
export async function prefixHash(
  connection: Connection,
  path: string,
  bytes: number,
  signal: AbortSignal,
): Promise<string | null> {
  return run(connection, `${programs}head -c "$2" < "$1" | hash`, [path, String(bytes)], signal)
}

async function run(
  connection: Connection,
  script: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<string | null> {
  const answer = await connection.run(['/bin/sh', '-c', script, 'hash', ...args], { signal, timeoutMs: longestHash })
  const hash = /^[0-9a-f]{64}(?=\s|$)/.exec(answer.stdout)?.[0]
  return answer.code === 0 && hash !== undefined ? hash : null
}
