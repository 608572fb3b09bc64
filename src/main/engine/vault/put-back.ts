import { randomBytes } from 'node:crypto'
import { posix } from 'node:path'
import { LifeboatFailure } from '#shared/failure.ts'
import { remoteCommand } from '#engine/ssh/command.ts'
import type { Connection } from '#engine/ssh/connection.ts'
import type { Sftp } from '#engine/ssh/sftp.ts'

/** Answers of the script below, beside 0. */
const exits = { taken: 71, written: 72, owner: 73, renamed: 74 } as const

/**
 * So many bytes come in on stdin ("$3": a line that breaks off looks like an end) and go into a new file beside the old one:
 * nobody else may read it, it gets the old one's owner, it is on the disk before it takes the old one's place, and nothing is
 * left behind where it does not come so far.
 */
const script = `set -C
umask 077
: >"$2" || exit ${exits.taken}
trap 'rm -f -- "$2"' EXIT
set +C
cat >"$2" || exit ${exits.written}
[ "$(wc -c <"$2")" -eq "$3" ] || exit ${exits.written}
chmod 600 -- "$2" || exit ${exits.written}
if [ -e "$1" ]; then
  old=$(stat -c %u:%g -- "$1") && new=$(stat -c %u:%g -- "$2") || exit ${exits.owner}
  [ "$old" = "$new" ] || chown "$old" -- "$2" || exit ${exits.owner}
fi
sync
mv -f -- "$2" "$1" || exit ${exits.renamed}
sync
trap - EXIT`

type Put = {
  readonly connection: Pick<Connection, 'run'>
  readonly sftp: Sftp
  /** the work is done as root, as `sftp` then is too */
  readonly sudo: boolean
  /** absolute path on the server */
  readonly path: string
  readonly content: Uint8Array
  readonly server: string
  readonly signal: AbortSignal
}

/**
 * Writes one file on the server in the place of what is there: mode 600, the owner kept, whole or not at all, and read
 * back. A link is followed: the file that it leads to is replaced, the link stays. Where there is none, it is made, and
 * belongs to whoever does it; its folder must be there.
 * @returns the path that was written
 */
export async function putBack({ connection, sftp, sudo, path, content, server, signal }: Put): Promise<string> {
  if (!posix.isAbsolute(path)) throw new LifeboatFailure('invalid-input', `${path} is no absolute path.`)
  const target = (await sftp.stat(path)) === null ? path : await sftp.realPath(path)
  const facts = await sftp.stat(target)
  if (facts !== null && facts.kind !== 'file')
    throw new LifeboatFailure('invalid-input', `${target} on ${server} is no file.`)
  const folder = posix.dirname(target)
  if (facts === null && (await sftp.stat(folder))?.kind !== 'folder') throw noFolder(folder, server)
  const beside = posix.join(folder, `.lifeboat-put-${randomBytes(6).toString('hex')}`)
  const command = remoteCommand(['sh', '-c', script, 'sh', target, beside, String(content.byteLength)], { sudo })
  const { code, stderr } = await connection.run(command, { signal, input: content })
  if (code !== 0) throw refusal(code, { path: target, server, existed: facts !== null }, stderr)
  const there = await sftp.readFile(target, content.byteLength + 1)
  if (Buffer.compare(there, Buffer.from(content)) === 0) return target
  throw new LifeboatFailure(
    'remote-command',
    `${target} on ${server} is not what was written there. Look at it at once.`,
  )
}

/** On a server that was built anew the application may have to come first. */
function noFolder(folder: string, server: string): LifeboatFailure {
  const what = `There is no folder ${folder} on ${server}, so nothing was written. Make it there first.`
  return new LifeboatFailure('env-missing', what)
}

type Target = { path: string; server: string; existed: boolean }

function refusal(code: number | null, { path, server, existed }: Target, detail: string): LifeboatFailure {
  const now = existed ? 'What was there is as it was.' : 'It was not there before, and it is not there now.'
  const what =
    code === exits.owner
      ? `The owner of ${path} on ${server} could not be kept, so nothing was changed. Log in as its owner.`
      : `${path} on ${server} could not be written. ${now}`
  const full = /no space left|disk quota/i.test(detail)
  return new LifeboatFailure(full ? 'remote-disk-full' : 'remote-command', what, { detail })
}
