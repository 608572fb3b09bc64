import { z } from 'zod'

/** Everything that can go wrong, as a closed set: each kind has exactly one remedy, so that no failure leaves a person without a next step. */
export const failureKinds = [
  // reaching a server
  'unreachable',
  'host-key-unknown',
  'host-key-changed',
  'login-refused',
  'key-file',
  'answer-needed',
  'connection-lost',
  'stalled',
  'ssh-protocol',
  'sftp-noise',
  // what is there
  'remote-command',
  'tool-missing',
  'docker-refused',
  'docker-stopped',
  'database-not-found',
  'database-refused',
  'remote-disk-full',
  'backup-vanished',
  'backup-growing',
  'backup-changed',
  'hash-differs',
  'folder-missing',
  // the dump
  'dump-failed',
  'dump-cut',
  'dump-damaged',
  'dump-refused',
  // this laptop
  'disk-full',
  'disk-failed',
  'folder-refused',
  'copy-missing',
  'copy-changed',
  'name-taken',
  'catalogue-busy',
  'catalogue-corrupt',
  'keychain-absent',
  'engine-stopped',
  // the sandbox
  'sandbox-missing',
  'sandbox-lost',
  'sandbox-full',
  'query-slow',
  'query-refused',
  'reading-closed',
  // the vault
  'passphrase-wrong',
  'passphrase-refused',
  'seal-damaged',
  'seal-refused',
  'seal-key',
  'env-missing',
  'env-unreadable',
  'sudo-refused',
  'env-changed',
  'put-unsure',
  'gpg-failed',
  // the request
  'not-found',
  'invalid-input',
  'wrong-usage',
  'in-use',
  'not-checkable',
  'cancelled',
  'bug',
] as const
export type FailureKind = (typeof failureKinds)[number]

/** When a second try makes sense: at once, after something has changed, or never as it stands. */
export type Retry = 'now' | 'later' | 'no'

type Advice = { remedy: string; retry: Retry }

/** English remedies, the terminal's; the window translates by kind and falls back to these. */
export const remedies: Record<FailureKind, Advice> = {
  unreachable: {
    remedy: 'Check that the server is on, that host and port are right, and that this network lets SSH through.',
    retry: 'now',
  },
  'host-key-unknown': {
    remedy: 'Compare the fingerprint with the one your provider or the server itself shows, then accept it.',
    retry: 'no',
  },
  'host-key-changed': {
    remedy:
      "Do not go on. Find out why the key changed. Only when you know, remove the old key and test the connection again: on the server's page, or with `lifeboat server unpin NAME`.",
    retry: 'no',
  },
  'login-refused': {
    remedy: 'Check user, key and password. The public key must stand in ~/.ssh/authorized_keys of that user.',
    retry: 'later',
  },
  'key-file': { remedy: 'Name a private key in OpenSSH or PEM format that you may read.', retry: 'later' },
  'answer-needed': { remedy: 'Run it again where somebody can answer the question.', retry: 'later' },
  'connection-lost': { remedy: 'Try again. Nothing of the half transfer was kept as a copy.', retry: 'now' },
  stalled: {
    remedy: 'The line stayed silent for too long. Check the network and the load of the server, then try again.',
    retry: 'now',
  },
  'ssh-protocol': {
    remedy: 'The server speaks no method that is considered safe today. Update its OpenSSH.',
    retry: 'no',
  },
  'sftp-noise': {
    remedy:
      'Let the start files of the shell there (.bashrc and others) print only in interactive shells, or set "Subsystem sftp internal-sftp" in its sshd_config.',
    retry: 'later',
  },
  'remote-command': { remedy: 'Look at the details: they are what the server answered.', retry: 'later' },
  'tool-missing': { remedy: 'Install the missing program on the server, or correct its path.', retry: 'later' },
  'docker-refused': {
    remedy: 'Add the user to the docker group on the server (usermod -aG docker USER), then log in anew.',
    retry: 'later',
  },
  'docker-stopped': {
    remedy:
      'Start Docker on the server (systemctl start docker), and have it start with the machine (systemctl enable docker).',
    retry: 'later',
  },
  'database-not-found': {
    remedy: 'Start the database, or correct the service, container and database name.',
    retry: 'later',
  },
  'database-refused': {
    remedy: 'Check the database user and its rights; pg_dump must be able to read every table.',
    retry: 'later',
  },
  'remote-disk-full': { remedy: 'Free some space on the server.', retry: 'later' },
  'backup-vanished': {
    remedy: 'The server has rotated this backup away. Pull the newest one instead.',
    retry: 'no',
  },
  'backup-growing': { remedy: 'The server is still writing this backup. Pull it a little later.', retry: 'later' },
  'backup-changed': {
    remedy: 'The file on the server is no longer the one that was begun. Pull it again from the start.',
    retry: 'now',
  },
  'hash-differs': { remedy: 'What arrived is not what the server holds. Pull it again.', retry: 'now' },
  'folder-missing': { remedy: 'Correct the path of the backups folder on the server.', retry: 'later' },
  'dump-failed': {
    remedy: 'Look at what pg_dump said in the details, mend that on the server, then try again.',
    retry: 'later',
  },
  'dump-cut': { remedy: 'The dump has no end. Nothing was kept; try again.', retry: 'now' },
  'dump-damaged': { remedy: 'The dump can not be read to its end. Nothing was kept; try again.', retry: 'now' },
  'dump-refused': {
    remedy:
      'This file holds commands that pg_dump never writes. Do not load it anywhere; find out where it comes from.',
    retry: 'no',
  },
  'disk-full': { remedy: 'Free some space on this computer, or choose another folder for the copies.', retry: 'later' },
  'disk-failed': {
    remedy: 'The disk refused to read or write. Check it before you trust it with copies.',
    retry: 'later',
  },
  'folder-refused': { remedy: 'Choose a folder for the copies that you may write to.', retry: 'later' },
  'copy-missing': {
    remedy: 'Bring the file back, or remove the copy from the list and take a new one.',
    retry: 'later',
  },
  'copy-changed': { remedy: 'Do not rely on this copy. Take a new one.', retry: 'no' },
  'name-taken': { remedy: 'Choose another name.', retry: 'no' },
  'catalogue-busy': { remedy: 'Another program holds the catalogue. Close it, then try again.', retry: 'now' },
  'catalogue-corrupt': {
    remedy: 'Run `lifeboat catalogue rebuild`: copies and manifests are not touched.',
    retry: 'later',
  },
  'keychain-absent': { remedy: 'This system has no safe place for secrets. You will be asked each time.', retry: 'no' },
  'engine-stopped': { remedy: 'It is being started again. Whatever was running shows as interrupted.', retry: 'now' },
  'sandbox-missing': {
    remedy: 'Start Docker on this computer, or choose the embedded PostgreSQL in the settings.',
    retry: 'later',
  },
  'sandbox-lost': {
    remedy: 'The sandbox went away in the middle. Nothing is said about the copy; verify it again.',
    retry: 'now',
  },
  'sandbox-full': { remedy: 'Free some space on this computer for the sandbox, then verify again.', retry: 'later' },
  'query-slow': {
    remedy: 'Sort by a column that has an index, or leave out the sort or a filter.',
    retry: 'later',
  },
  'query-refused': {
    remedy: 'PostgreSQL says why in the details. The other tables can still be read.',
    retry: 'later',
  },
  'reading-closed': { remedy: 'Read the table again.', retry: 'now' },
  'passphrase-wrong': {
    remedy: 'Type the passphrase of this seal. Nobody can open it without: Lifeboat has no other way in.',
    retry: 'later',
  },
  'passphrase-refused': {
    remedy: 'Choose another passphrase: several words are easy to type and hard to guess.',
    retry: 'later',
  },
  'seal-damaged': {
    remedy: 'Nothing was written. Open an older seal, and seal the files of the server anew.',
    retry: 'no',
  },
  'seal-refused': {
    remedy: 'Nothing was written. Find out who made this archive; `gpg -d FILE | tar tvzf -` shows what is in it.',
    retry: 'no',
  },
  'seal-key': {
    remedy: 'Open it on the computer, or with the card, that holds the secret key; gpg must be installed there.',
    retry: 'later',
  },
  'env-missing': { remedy: 'Correct the paths of the .env files in the settings of the database.', retry: 'later' },
  'sudo-refused': {
    remedy: 'Let this user run sftp-server and sh through sudo without a password, or turn sudo off for this server.',
    retry: 'later',
  },
  'env-unreadable': {
    remedy: 'Let this user read the file (chgrp, chmod g+r), or turn on sudo for this server.',
    retry: 'later',
  },
  'env-changed': { remedy: 'Try again when nobody writes to the file.', retry: 'now' },
  'put-unsure': {
    remedy:
      'Look at the file on the server before you put it there again. What lay there before is in the newest seal.',
    retry: 'later',
  },
  'gpg-failed': { remedy: 'Look at what gpg said in the details; try `gpg -d FILE` in a terminal.', retry: 'later' },
  'not-found': { remedy: 'Look at the list for the right name.', retry: 'no' },
  'invalid-input': { remedy: 'Correct the value that is named.', retry: 'no' },
  'wrong-usage': { remedy: 'See `lifeboat --help`.', retry: 'no' },
  'in-use': { remedy: 'Wait until the running job ends, or cancel it.', retry: 'later' },
  'not-checkable': { remedy: 'See the finding for what is needed to check it.', retry: 'later' },
  cancelled: { remedy: 'Start it again whenever you like.', retry: 'now' },
  bug: { remedy: 'This is a fault of Lifeboat. The log named in the details helps to mend it.', retry: 'later' },
}

export const failureSchema = z.object({
  kind: z.enum(failureKinds),
  message: z.string(),
  remedy: z.string(),
  retry: z.enum(['now', 'later', 'no']),
  /** what an outside tool said, redacted, for the fold */
  detail: z.string().optional(),
})
export type Failure = z.infer<typeof failureSchema>

/** The one error class that crosses module borders. `message` is a sentence for a person; `detail` is the tool's own words. */
export class LifeboatFailure extends Error {
  readonly kind: FailureKind
  readonly detail: string | undefined
  constructor(kind: FailureKind, message: string, options: { cause?: unknown; detail?: string } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'LifeboatFailure'
    this.kind = kind
    this.detail = options.detail
  }
}

/**
 * Anything thrown, as a failure that can be shown, stored and sent.
 * What is not a LifeboatFailure is a bug of ours, except an abort, which is an outcome.
 */
export function toFailure(error: unknown): Failure {
  if (error instanceof LifeboatFailure) {
    const { remedy, retry } = remedies[error.kind]
    const detail = error.detail ?? causeText(error.cause)
    return { kind: error.kind, message: error.message, remedy, retry, ...(detail ? { detail: redact(detail) } : {}) }
  }
  if (isAbort(error)) return { kind: 'cancelled', message: 'Cancelled.', ...remedies.cancelled }
  if (isTimeout(error)) return { kind: 'stalled', message: 'This took longer than it may take.', ...remedies.stalled }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return {
    kind: 'bug',
    message: 'Something unexpected happened inside Lifeboat.',
    ...remedies.bug,
    detail: redact(text),
  }
}

/** A failure that came over a wire, as an error that can be thrown again. */
export function fromFailure(failure: Failure): LifeboatFailure {
  return new LifeboatFailure(
    failure.kind,
    failure.message,
    failure.detail === undefined ? {} : { detail: failure.detail },
  )
}

export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}

/** What `AbortSignal.timeout` gives as its reason. */
function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError'
}

const secretPatterns: [RegExp, string][] = [
  [/(postgres(?:ql)?:\/\/[^:/\s@]*):[^@\s]*@/gi, '$1:•••@'],
  [
    /((?:[A-Z0-9_]*(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY)[A-Z0-9_]*)\s*[=:]\s*)("[^"]*"|'[^']*'|\S+)/gi,
    '$1•••',
  ],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '••• private key •••'],
]

/** Takes out of foreign text what looks like a secret. A last net: secrets should not get this far. */
export function redact(text: string): string {
  return secretPatterns.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), text)
}

function causeText(cause: unknown): string | undefined {
  if (cause === undefined) return undefined
  // oxlint-disable-next-line typescript/no-base-to-string -- anything at all may have been thrown
  return cause instanceof Error ? cause.message : String(cause)
}
