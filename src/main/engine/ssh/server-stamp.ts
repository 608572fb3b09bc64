import { LifeboatFailure } from '#shared/failure.ts'
import type { Connection } from './connection.ts'

/** The server's local time, as today's script stamps its files with: YYYYMMDD_HHMMSS. */
export async function serverStamp(connection: Pick<Connection, 'run'>, signal: AbortSignal): Promise<string> {
  const { code, stdout, stderr } = await connection.run(['date', '+%Y%m%d_%H%M%S'], { signal })
  const stamp = stdout.trim()
  if (code === 0 && /^\d{8}_\d{6}$/.test(stamp)) return stamp
  throw new LifeboatFailure('remote-command', 'The server does not tell its time.', { detail: stderr })
}
