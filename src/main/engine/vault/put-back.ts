import { randomBytes } from 'node:crypto'
import { posix } from 'node:path'
import { LifeboatFailure, toFailure } from '#shared/failure.ts'
import { remoteCommand } from '#engine/ssh/command.ts'
import type { Connection } from '#engine/ssh/connection.ts'
import type { RemoteFacts, Sftp } from '#engine/ssh/sftp.ts'

/** Answers of the script below, beside 0. With each of them nothing was changed. */
const exits = { taken: 71, written: 72, owner: 73, renamed: 74, changed: 75 } as const

/**
 * So many bytes come in on stdin ("$3": a line that breaks off looks like an end) and go into a new file beside the old one:
 * nobody else may read it, it gets the old one's owner, it is on the disk before it takes the old one's place, and nothing is
 * left behind where it does not come so far. What is replaced has to be what was sealed before ("$4": its size and time), to
 * the last moment. Only the file and its folder are brought onto the disk: a `sync` of everything waits for every slow
 * disk and dead mount of the server.
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
sync "$2" || exit ${exits.written}
there=
if [ -e "$1" ] || [ -L "$1" ]; then there=$(stat -c %s:%Y -- "$1") || exit ${exits.owner}; fi
[ "$there" = "$4" ] || exit ${exits.changed}
mv -f -- "$2" "$1" || exit ${exits.renamed}
trap - EXIT
sync "\${1%/*}/" || sync || :`

type Put = {
  readonly connection: Pick<Connection, 'run'>
  readonly sftp: Sftp
  /** the work is done as root, as `sftp` then is too */
  readonly sudo: boolean
  /** absolute path on the server */
  readonly path: string
  readonly content: Uint8Array
  /** what lies there and was sealed before; null: nothing lies there. Anything else is not replaced. */
  readonly replaces: Pick<RemoteFacts, 'bytes' | 'modified'> | null
  readonly server: string
  readonly signal: AbortSignal
}

/**
 * Writes one file on the server in the place of what is there: mode 600, the owner kept, whole or not at all, and read
 * back. A link is followed, also one that leads to nothing yet: the file that it leads to is replaced, the link stays.
 * Where there is none, it is made, and belongs to whoever does it; its folder must be there.
 * @returns the path that was written
 * @throws LifeboatFailure env-missing · env-changed · remote-disk-full · remote-command : then nothing was changed ·
 * put-unsure : the server may have gone on without us
 */
export async function putBack(put: Put): Promise<string> {
  const { connection, sftp, sudo, path, content, replaces, server, signal } = put
  if (!posix.isAbsolute(path)) throw new LifeboatFailure('invalid-input', `${path} is no absolute path.`)
  const target = await whereItLeads(sftp, path)
  const facts = await sftp.stat(target)
  if (facts !== null && facts.kind !== 'file')
    throw new LifeboatFailure('invalid-input', `${target} on ${server} is no file.`)
  const folder = posix.dirname(target)
  if (facts === null && (await sftp.stat(folder))?.kind !== 'folder') throw noFolder(folder, server)
  const beside = posix.join(folder, `.lifeboat-put-${randomBytes(6).toString('hex')}`)
  const sealed = replaces === null ? '' : `${replaces.bytes}:${replaces.modified}`
  const words = ['sh', '-c', script, 'sh', target, beside, String(content.byteLength), sealed]
  signal.throwIfAborted()
  const unsure = (cause: unknown): never => {
    throw mayBeThere(target, server, { cause })
  }
  const { code, stderr } = await connection
    .run(remoteCommand(words, { sudo }), { signal, input: content })
    .catch(unsure)
  // a shell that was killed may have come as far as to the new name
  if (code === null || code > 128) throw mayBeThere(target, server, { detail: stderr })
  if (code !== 0) throw refusal(code, { path: target, server, existed: facts !== null }, stderr)
  const there = await sftp.readFile(target, content.byteLength + 1).catch(unsure)
  if (Buffer.compare(there, Buffer.from(content)) === 0) return target
  throw new LifeboatFailure(
    'remote-command',
    `${target} on ${server} is not what was written there. Look at it at once.`,
  )
}

/** Where a path leads in the end. Servers differ in what they say of one that is not there: it is then taken as it stands. */
async function whereItLeads(sftp: Sftp, path: string): Promise<string> {
  try {
    return await sftp.realPath(path)
  } catch (error) {
    if ((await sftp.stat(path)) === null) return path
    throw error
  }
}

/** On a server that was built anew the application may have to come first. */
function noFolder(folder: string, server: string): LifeboatFailure {
  const what = `There is no folder ${folder} on ${server}, so nothing was written. Make it there first.`
  return new LifeboatFailure('env-missing', what)
}

/** Nobody can call back a shell that was started: it may write on when the line is gone, and be done with it or not. */
function mayBeThere(path: string, server: string, how: { cause?: unknown; detail?: string }): LifeboatFailure {
  const what = `It is not known whether ${path} on ${server} was written: it may be the old one or the new one.`
  const detail = how.cause === undefined ? how.detail : toFailure(how.cause).message
  return new LifeboatFailure('put-unsure', what, { ...how, ...(detail === undefined ? {} : { detail }) })
}

type Target = { path: string; server: string; existed: boolean }

function refusal(code: number, { path, server, existed }: Target, detail: string): LifeboatFailure {
  if (code === exits.changed)
    return new LifeboatFailure(
      'env-changed',
      `${path} on ${server} changed after it was sealed, so nothing was put there.`,
    )
  const now = existed ? 'What was there is as it was.' : 'It was not there before, and it is not there now.'
  const what =
    code === exits.owner
      ? `The owner of ${path} on ${server} could not be kept, so nothing was changed. Log in as its owner.`
      : `${path} on ${server} could not be written. ${now}`
  const full = /no space left|disk quota/i.test(detail)
  return new LifeboatFailure(full ? 'remote-disk-full' : 'remote-command', what, { detail })
}
