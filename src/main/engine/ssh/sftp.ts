import type { SFTPWrapper } from 'ssh2'
import type { SshTarget } from './target.ts'
export type Sftp = { end(): void }
export function sftpOver(
  session: SFTPWrapper,
  _settings: { target: SshTarget; stall: number; connectionEnd: AbortSignal },
): Sftp {
  return { end: () => session.end() }
}
