import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'

/** A private key out of its wrapping: PEM that Node's crypto takes. Lives in memory only. */
export type OpenedKey = {
  readonly outcome: 'opened'
  readonly pem: string
  readonly type: string
  /** the public half in SSH's own form */
  readonly publicKey: Buffer
}
export type KeyAttempt =
  | OpenedKey
  | { readonly outcome: 'encrypted' }
  | { readonly outcome: 'wrong-passphrase' }
  | { readonly outcome: 'unreadable'; readonly reason: string }

/**
 * Runs in a worker thread: bcrypt makes an encrypted key take seconds, and ssh2 computes it on the calling thread.
 * Given as source so that it needs no file of its own in the packaged app; ssh2 is found by the caller's path to it.
 * PKCS#8 is unknown to ssh2 and goes through Node's crypto.
 */
const source = `
const { parentPort, workerData } = require('node:worker_threads')
const crypto = require('node:crypto')
const { utils } = require(workerData.ssh2)
const { text, passphrase } = workerData

function field(bytes) {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}
function fromPkcs8() {
  if (text.includes('ENCRYPTED') && passphrase === undefined) throw new Error('no passphrase given')
  const key = crypto.createPrivateKey({ key: text, passphrase })
  const kind = key.asymmetricKeyType
  if (kind !== 'ed25519') return key.export({ type: kind === 'rsa' ? 'pkcs1' : 'sec1', format: 'pem' })
  const raw = crypto.createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-32)
  const publicKey = Buffer.concat([field(Buffer.from('ssh-ed25519')), field(raw)])
  return { pem: key.export({ type: 'pkcs8', format: 'pem' }), type: 'ssh-ed25519', publicKey }
}
function open() {
  const source = /-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/.test(text) ? fromPkcs8() : text
  if (typeof source !== 'string') return source
  const parsed = utils.parseKey(source, passphrase)
  const key = Array.isArray(parsed) ? parsed[0] : parsed
  if (key instanceof Error) throw key
  if (!key.isPrivateKey()) throw new Error('this is a public key')
  return { pem: key.getPrivatePEM(), type: key.type, publicKey: key.getPublicSSH() }
}
try {
  parentPort.postMessage(open())
} catch (error) {
  parentPort.postMessage({ error: String(error.code ?? '') + ' ' + error.message })
}
`

/** Reads a private key off this thread. Without a passphrase an encrypted key comes back as `encrypted`. */
export async function openKey(text: string, passphrase: string | undefined, signal: AbortSignal): Promise<KeyAttempt> {
  signal.throwIfAborted()
  const ssh2 = createRequire(import.meta.url).resolve('ssh2')
  const worker = new Worker(source, { eval: true, workerData: { ssh2, text, passphrase }, env: {} })
  const answer = Promise.withResolvers<unknown>()
  const onAbort = () => answer.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  worker.on('message', answer.resolve)
  worker.on('error', answer.reject)
  worker.on('exit', () => answer.resolve({ error: 'the reader of keys ended without an answer' }))
  try {
    return attempt(await answer.promise, passphrase !== undefined)
  } finally {
    signal.removeEventListener('abort', onAbort)
    await worker.terminate()
  }
}

function attempt(message: unknown, withPassphrase: boolean): KeyAttempt {
  const { error, pem, type, publicKey }: Record<string, unknown> = { ...(typeof message === 'object' ? message : {}) }
  if (typeof error === 'string') {
    if (/no passphrase given/.test(error)) return { outcome: 'encrypted' }
    // each format has other words for a passphrase that does not fit; without one, the key itself is at fault
    if (withPassphrase && /passphrase|decrypt|integrity|Malformed/i.test(error)) return { outcome: 'wrong-passphrase' }
    return { outcome: 'unreadable', reason: error.trim() }
  }
  if (typeof pem !== 'string' || typeof type !== 'string' || !(publicKey instanceof Uint8Array))
    return { outcome: 'unreadable', reason: 'not a private key' }
  return { outcome: 'opened', pem, type, publicKey: Buffer.from(publicKey) }
}
