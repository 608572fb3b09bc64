import { spawn } from 'node:child_process'
import { LifeboatFailure } from '#shared/failure.ts'
import { findProgram } from '#engine/disk/programs.ts'
import { maxContentBytes } from '#engine/openpgp/protocol.ts'
import { ciphers, type SessionKey } from '#engine/openpgp/passphrase.ts'

/** The operator's own gpg: its keyring, its agent, and the card that the agent may speak to. */

type Ran = { code: number | null; stdout: Buffer; stderr: string; status: string }

/** Version of the operator's gpg; null where there is none. */
export async function gpgVersion(): Promise<string | null> {
  const gpg = await findProgram('gpg')
  if (gpg === null) return null
  const { stdout } = await run(gpg, ['--version'], new Uint8Array(), AbortSignal.timeout(10_000))
  return /^gpg \(.*\) (\d+(?:\.\d+)+)/.exec(stdout.toString('utf8'))?.[1] ?? null
}

/**
 * Opens a message with a secret key that gpg has. The sealed bytes go in and the content comes out through pipes; the
 * passphrase of the key or the card is asked for by gpg's own agent.
 * @returns the content, and the key of the message where gpg tells it
 * @throws LifeboatFailure seal-key · seal-damaged · gpg-failed
 */
export async function openWithGpg(
  sealed: Uint8Array,
  name: string,
  signal: AbortSignal,
): Promise<{ content: Uint8Array; key: SessionKey | null }> {
  const gpg = await requireGpg(name)
  const options = ['--batch', '--no-options', '--status-fd', '3', '--show-session-key', '--decrypt']
  const ran = await run(gpg, options, sealed, signal)
  const said = (word: string): boolean => new RegExp(`^\\[GNUPG:\\] ${word}\\b`, 'm').test(ran.status)
  const whole = said('DECRYPTION_OKAY') && said('END_DECRYPTION') && !said('BADMDC') && !said('DECRYPTION_FAILED')
  if (ran.code === 0 && whole) return { content: ran.stdout, key: sessionKeyIn(ran.status) }
  const detail = tellable(ran.stderr)
  // DECRYPTION_INFO is said once the key of the content is there, BEGIN_DECRYPTION in any case
  if (['BADMDC', 'NODATA', 'UNEXPECTED', 'DECRYPTION_INFO'].some(said))
    throw new LifeboatFailure('seal-damaged', `${name} is damaged or was changed.`, { detail })
  if (said('NO_SECKEY'))
    throw new LifeboatFailure('seal-key', `gpg has no secret key for ${name}, or its agent does not answer.`, {
      detail,
    })
  throw new LifeboatFailure('gpg-failed', `gpg could not open ${name}.`, { detail })
}

/** Public keys of the operator's keyring, binary; all that can be encrypted for, or those that are named. */
export async function exportKeys(names: readonly string[], signal: AbortSignal): Promise<Uint8Array> {
  const gpg = await findProgram('gpg')
  if (gpg === null) return new Uint8Array()
  const options = ['--batch', '--no-options', '--export-options', 'export-minimal', '--export', '--']
  const { code, stdout, stderr } = await run(gpg, [...options, ...names], new Uint8Array(), signal)
  if (code !== 0) throw new LifeboatFailure('gpg-failed', 'gpg does not list its keys.', { detail: tellable(stderr) })
  return stdout
}

async function requireGpg(name: string): Promise<string> {
  const gpg = await findProgram('gpg')
  if (gpg !== null) return gpg
  throw new LifeboatFailure('seal-key', `${name} is sealed for a public key, and there is no gpg here to open it.`)
}

async function run(program: string, args: readonly string[], input: Uint8Array, signal: AbortSignal): Promise<Ran> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe', 'pipe'], signal, windowsHide: true })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  // gpg may refuse before it has read everything
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [code, stdout, stderr, status] = await Promise.all([
    ended,
    all(child.stdout),
    all(child.stderr),
    all(child.stdio[3]),
  ])
  return { code, stdout, stderr: stderr.toString('utf8'), status: status.toString('utf8') }
}

async function all(stream: unknown): Promise<Buffer> {
  if (!isReadable(stream)) return Buffer.alloc(0)
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream) {
    bytes += chunk.length
    if (bytes > maxContentBytes + 1024 * 1024)
      throw new LifeboatFailure('seal-refused', `It holds more than ${maxContentBytes / 1024 / 1024} MB.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function isReadable(stream: unknown): stream is AsyncIterable<Buffer> {
  return typeof stream === 'object' && stream !== null && Symbol.asyncIterator in stream
}

function sessionKeyIn(status: string): SessionKey | null {
  const [, number, hex] = /^\[GNUPG:\] SESSION_KEY (\d+):([0-9A-Fa-f]+)/m.exec(status) ?? []
  const known: Partial<Record<number, (typeof ciphers)[keyof typeof ciphers]>> = ciphers
  const cipher = known[Number(number)]
  return cipher && hex ? { data: Buffer.from(hex, 'hex'), algorithm: cipher.name } : null
}

/** What gpg said, without the key of the message, which it says too. */
function tellable(stderr: string): string {
  return stderr
    .split('\n')
    .filter((line) => !/session key/i.test(line))
    .join('\n')
    .slice(-2000)
}
