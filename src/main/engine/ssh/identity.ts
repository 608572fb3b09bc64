import { access } from 'node:fs/promises'
import {
  createAgent,
  BaseAgent,
  type ParsedKey,
  type PublicKeyEntry,
  type SignCallback,
  type IdentityCallback,
  type SigningRequestOptions,
} from 'ssh2'
import { LifeboatFailure } from '#shared/failure.ts'
import { expandHome, keyFileIdentity, publicFile, type AskPassphrase } from './key-file.ts'
import type { SshTarget } from './target.ts'

/** A key that can prove itself to a server, wherever its private half lies. */
export type Identity = {
  /** the public half in SSH's own form */
  readonly publicKey: Buffer
  /** file, or the agent's comment, for messages */
  readonly from: string
  /** `hash` is named for RSA only */
  sign(data: Buffer, hash: string | undefined): Promise<Buffer>
}

const usualFiles = ['~/.ssh/id_ed25519', '~/.ssh/id_ecdsa', '~/.ssh/id_rsa']

/**
 * The keys to offer, in order, each made ready only when its turn has come.
 * A named key whose private half the agent holds is signed for by the agent, which asks for no passphrase.
 */
export async function* identitiesFor(
  target: SshTarget,
  ask: AskPassphrase,
  signal: AbortSignal,
): AsyncGenerator<Identity> {
  const { auth } = target
  switch (auth.kind) {
    case 'password':
      return
    case 'agent': {
      const held = await agentIdentities()
      if (held === null) throw new LifeboatFailure('login-refused', 'No SSH agent is running here (SSH_AUTH_SOCK).')
      if (held.length === 0)
        throw new LifeboatFailure('login-refused', 'The SSH agent holds no key. `ssh-add` gives it one.')
      yield* held
      return
    }
    case 'key': {
      const own = await keyFileIdentity(auth.file, ask, signal)
      const held = (await agentIdentities()) ?? []
      yield held.find((identity) => identity.publicKey.equals(own.publicKey)) ?? own
      return
    }
    case 'auto': {
      const held = (await agentIdentities()) ?? []
      const files = target.identityFiles ?? usualFiles
      // servers hang up after a handful of keys: those that are named for this host come first
      const named = await among(held, files)
      yield* named
      if (!target.identitiesOnly) yield* held.filter((identity) => !named.includes(identity))
      yield* usualIdentities(files, held, ask, signal)
    }
  }
}

/** Keys that the person did not name one by one: what is missing or unreadable is passed over, as ssh does. */
async function* usualIdentities(
  files: readonly string[],
  held: readonly Identity[],
  ask: AskPassphrase,
  signal: AbortSignal,
): AsyncGenerator<Identity> {
  for (const file of files) {
    if (!(await exists(expandHome(file)))) continue
    try {
      const identity = await keyFileIdentity(file, ask, signal)
      if (!held.some((other) => other.publicKey.equals(identity.publicKey))) yield identity
    } catch (error) {
      if (!(error instanceof LifeboatFailure) || error.kind !== 'key-file') throw error
    }
  }
}

/** Those of the agent's keys whose public half lies beside one of the files. */
async function among(held: readonly Identity[], files: readonly string[]): Promise<Identity[]> {
  const named = await Promise.all(files.map((file) => publicFile(expandHome(file))))
  return held.filter((identity) => named.some((key) => key?.equals(identity.publicKey)))
}

/** The keys of the person's SSH agent; null when there is none. */
async function agentIdentities(): Promise<Identity[] | null> {
  for (const place of agentPlaces()) {
    const agent = createAgent(place)
    const keys = await new Promise<ParsedKey[] | null>((resolve) => {
      agent.getIdentities((error, found) => resolve(error ? null : (found ?? []).flatMap(parsedKeys)))
    })
    if (keys) return keys.map((key) => agentIdentity(agent, key))
  }
  return null
}

function agentPlaces(): string[] {
  const named = process.env['SSH_AUTH_SOCK']
  if (named) return [named]
  return process.platform === 'win32' ? ['\\\\.\\pipe\\openssh-ssh-agent', 'pageant'] : []
}

function agentIdentity(agent: BaseAgent, key: ParsedKey): Identity {
  return {
    publicKey: key.getPublicSSH(),
    from: key.comment || 'the SSH agent',
    sign: (data, hash) =>
      new Promise((resolve, reject) => {
        const options: SigningRequestOptions = hash === 'sha256' || hash === 'sha512' ? { hash } : {}
        agent.sign(key, data, options, (error, signature) => {
          if (error || !signature) reject(error ?? new Error('the agent gave no signature'))
          else resolve(Buffer.from(signature))
        })
      }),
  }
}

/** ssh2 takes keys for login from an agent; this one holds a single identity and notes whether it came to sign. */
export class SingleKeyAgent extends BaseAgent<Buffer> {
  readonly #identity: Identity
  readonly #onFailure: (error: unknown) => void
  /** the server had said that it takes this key, and got its signature */
  signed = false
  constructor(identity: Identity, onFailure: (error: unknown) => void) {
    super()
    this.#identity = identity
    this.#onFailure = onFailure
  }
  override getIdentities(done: IdentityCallback<Buffer>): void {
    done(null, [this.#identity.publicKey])
  }
  override sign(_key: Buffer, data: Buffer, options: SigningRequestOptions | SignCallback, done?: SignCallback): void {
    const callback = typeof options === 'function' ? options : done
    const hash: string | undefined = typeof options === 'function' ? undefined : options.hash
    void this.#signed(data, hash).then(
      (signature) => callback?.(null, signature),
      (error: unknown) => {
        this.#onFailure(error)
        callback?.(error instanceof Error ? error : new Error(String(error)))
      },
    )
  }
  async #signed(data: Buffer, hash: string | undefined): Promise<Buffer> {
    if (hash === 'sha1')
      throw new LifeboatFailure('ssh-protocol', 'The server takes RSA keys with SHA-1 only, which is not safe.')
    const signature = await this.#identity.sign(data, hash)
    this.signed = true
    return signature
  }
}

/** OpenSSH's agent gives parsed keys; the other shapes that ssh2's types allow do not occur. */
function parsedKeys(key: string | Buffer | ParsedKey | PublicKeyEntry): ParsedKey[] {
  return typeof key === 'object' && 'getPublicSSH' in key ? [key] : []
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
