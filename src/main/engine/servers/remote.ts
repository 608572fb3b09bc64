import type { Remote } from '#engine/docker/remote.ts'
import type { Connection } from '#engine/ssh/connection.ts'

/** Short commands over one connection, in the form that the rooms below take. `signal` ends them all. */
export function remoteOver(connection: Pick<Connection, 'run'>, signal: AbortSignal): Remote {
  return (argv, options) => connection.run(argv, { signal: options?.signal ?? signal })
}
