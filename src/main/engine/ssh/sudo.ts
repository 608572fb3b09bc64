import { LifeboatFailure } from '#shared/failure.ts'
import { remoteCommand, type RemoteCommand } from './command.ts'
import type { RemoteExit } from './remote-stream.ts'
import type { SshTarget } from './target.ts'

/** Where distributions put the program behind SFTP: Debian, Red Hat, Alpine and Arch, BSD and macOS, by hand. */
const places = [
  '/usr/lib/openssh/sftp-server',
  '/usr/libexec/openssh/sftp-server',
  '/usr/lib/ssh/sftp-server',
  '/usr/libexec/sftp-server',
  '/usr/local/libexec/sftp-server',
]

const noProgram = 127
const script = `for each do [ -x "$each" ] && exec "$each"; done; exit ${noProgram}`

/** OpenSSH's own SFTP server, started as root: files that only root may read are then read as any others. */
export function sftpAsRoot(): RemoteCommand {
  return remoteCommand(['sh', '-c', script, 'sh', ...places], { sudo: true })
}

/** Why there is no SFTP as root: what sudo said, or that the program is missing. */
export function sudoRefused(target: SshTarget, { code, stderr }: RemoteExit): LifeboatFailure {
  const what =
    code === noProgram && stderr.trim() === ''
      ? `There is no sftp-server on ${target.label} that could be started as root.`
      : `sudo on ${target.label} does not let ${target.user} work as root without a password.`
  return new LifeboatFailure('sudo-refused', what, { detail: stderr.trim().slice(-2000) })
}
