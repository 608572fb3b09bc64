import { connect as openSocket, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { Client } from 'ssh2'
import { LifeboatFailure } from '#shared/failure.ts'
import { hostKeyTypes, modernAlgorithms } from './algorithms.ts'
import { connectionOver, type Connection } from './connection.ts'
import { withConfig } from './ssh-config.ts'
import {
  hostKeyFailure,
  hostKnowledge,
  HostKeyFailure,
  judgeHostKey,
  preferredTypes,
  presentedKey,
  strictVerifier,
  type HostKnowledge,
  type PresentedHostKey,
} from './host-key.ts'
import { loginAttempts } from './login.ts'
import { watchSilence } from './silence.ts'
import { connectionFailure } from './ssh-failure.ts'
import { defaultTimeouts, type Asker, type HostTrust, type SshTarget, type Timeouts } from './target.ts'

export type { Connection } from './connection.ts'

export type ConnectOptions = {
  readonly signal: AbortSignal
  readonly trust: HostTrust
  readonly ask: Asker
  readonly timeouts?: Partial<Timeouts>
  /** told what is being done, for a log; never secrets */
  readonly log?: (line: string) => void
}

type Attempt = Omit<ConnectOptions, 'timeouts'> & { readonly timeouts: Timeouts }

/**
 * Reaches a server: through its jump hosts, each verified and logged in to on its own; host key first, then login.
 *
 * Fails with `unreachable`, `host-key-unknown` or `host-key-changed` (a HostKeyFailure with the key), `login-refused`,
 * `key-file`, `answer-needed`, `ssh-protocol`, or the signal's reason. Nothing stays open behind a failure.
 */
export async function connect(target: SshTarget, options: ConnectOptions): Promise<Connection> {
  const attempt = { ...options, timeouts: { ...defaultTimeouts, ...options.timeouts } }
  attempt.signal.throwIfAborted()
  const whole = await withConfig(target, attempt.signal)
  refuseCycle(whole)
  return reach(whole, attempt)
}

async function reach(target: SshTarget, attempt: Attempt): Promise<Connection> {
  const jump = target.jump === undefined ? undefined : await reach(target.jump, attempt)
  try {
    const connection = await handshakes(target, jump, attempt)
    void connection.closed.then(() => jump?.end())
    return connection
  } catch (error) {
    await jump?.end()
    throw error
  }
}

/** A server shows one key at a time: an expected fingerprint of unknown type is looked for among all its types. */
async function handshakes(target: SshTarget, jump: Connection | undefined, attempt: Attempt): Promise<Connection> {
  const knowledge = await hostKnowledge(target, attempt.trust)
  const without: string[] = []
  let first: HostKeyFailure | undefined
  for (;;) {
    try {
      return await handshake(target, knowledge, jump, attempt, without)
    } catch (error) {
      const wrongType =
        error instanceof HostKeyFailure && knowledge.expected !== undefined && knowledge.pins.length === 0
      // no further type of key: what the server showed first is the answer
      if (!wrongType) throw first && error instanceof LifeboatFailure && error.kind === 'ssh-protocol' ? first : error
      first ??= error
      without.push(error.presented.type)
      if (without.length >= hostKeyTypes.length) throw first
    }
  }
}

async function handshake(
  target: SshTarget,
  knowledge: HostKnowledge,
  jump: Connection | undefined,
  attempt: Attempt,
  without: readonly string[],
): Promise<Connection> {
  const { signal, timeouts, log } = attempt
  signal.throwIfAborted()
  const client = new Client()
  const ready = Promise.withResolvers<void>()
  const fail = (error: unknown) => ready.reject(asFailure(error, target))
  let presented: PresentedHostKey | undefined
  let refusal: HostKeyFailure | undefined
  let algorithms = { cipher: '', kex: '' }
  let waiting = 0

  const verify = strictVerifier((blob) => {
    presented = presentedKey(target, blob)
    const verdict = judgeHostKey(presented, knowledge)
    if (verdict.verdict === 'trusted') return true
    refusal = hostKeyFailure(target, presented, verdict, knowledge)
    return false
  })
  client.on('error', (error: Error & { level?: string }) => {
    // the agent could not sign with one key: the login goes on with the next
    if (error.level !== 'agent') fail(refusal ?? error)
  })
  client.on('handshake', (negotiated) => {
    algorithms = { cipher: negotiated.sc.cipher, kex: negotiated.kex }
    log?.(`${target.label}: ${negotiated.kex}, ${negotiated.serverHostKey}, ${negotiated.sc.cipher}`)
  })
  client.on('change password', () => fail(mustChangePassword(target)))
  client.on('close', () => fail(refusal ?? (waiting > 0 ? waitedTooLong(target) : 'closed')))
  client.on('ready', () => ready.resolve())

  const watch = watchSilence(timeouts.connect, () => fail(noAnswer(target, timeouts)))
  const uncounted = async <T>(work: () => Promise<T>): Promise<T> => {
    watch.pause()
    waiting++
    try {
      return await work()
    } finally {
      waiting--
      if (waiting === 0) watch.resume()
    }
  }
  const onAbort = () => ready.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  const gone = new AbortController()
  const login = loginAttempts({
    target,
    ask: attempt.ask,
    signal: AbortSignal.any([signal, gone.signal]),
    fail,
    uncounted,
  })
  let line: Duplex | undefined
  try {
    line = jump ? await jump.forward(target.host, target.port, signal) : socketTo(target)
    const ident = serverIdent(line)
    log?.(`${target.label}: ${target.host}:${target.port}${jump ? ' through its jump host' : ''}`)
    client.connect({
      sock: line,
      username: target.user,
      hostVerifier: verify,
      authHandler: login,
      algorithms: modernAlgorithms(preferredTypes(knowledge), without),
      // both times are kept here, where a person's answers and a slow but living line can be told apart from silence
      readyTimeout: 0,
      keepaliveInterval: timeouts.keepAlive,
      keepaliveCountMax: Number.MAX_SAFE_INTEGER,
    })
    await ready.promise
    if (!presented) throw new LifeboatFailure('bug', 'A connection came up without a host key.')
    const facts = { server: ident(), hostKey: presented, ...algorithms }
    return connectionOver({ client, line, target, timeouts, facts })
  } catch (error) {
    client.destroy()
    line?.destroy()
    throw error
  } finally {
    gone.abort()
    watch.stop()
    signal.removeEventListener('abort', onAbort)
  }
}

function socketTo(target: SshTarget): Socket {
  const socket = openSocket({ host: target.host, port: target.port, noDelay: true })
  // ssh2 listens too, but not any more once it has closed
  socket.on('error', () => {})
  return socket
}

/** Notes the line with which the server introduces itself. */
function serverIdent(line: Duplex): () => string {
  let seen = ''
  const note = (chunk: Buffer) => {
    seen += chunk.toString('latin1', 0, 1024)
    if (!/^SSH-.*\n/m.test(seen) && seen.length < 8192) return
    line.off('data', note)
  }
  line.on('data', note)
  return () => /^SSH-[\d.]+-(\S+)/m.exec(seen)?.[1] ?? ''
}

function refuseCycle(target: SshTarget): void {
  const seen = new Set<string>()
  for (let hop: SshTarget | undefined = target; hop !== undefined; hop = hop.jump) {
    const name = `${hop.user}@${hop.host}:${hop.port}`
    if (seen.has(name))
      throw new LifeboatFailure(
        'invalid-input',
        `The jump hosts of ${target.label} lead back to ${hop.host}:${hop.port}.`,
      )
    seen.add(name)
  }
}

function asFailure(error: unknown, target: SshTarget): unknown {
  return error instanceof Error && error.name === 'AbortError' ? error : connectionFailure(error, target, false)
}

function noAnswer(target: SshTarget, { connect: limit }: Timeouts): LifeboatFailure {
  const seconds = Math.round(limit / 1000)
  return new LifeboatFailure('unreachable', `${target.host}:${target.port} did not answer within ${seconds} s.`)
}

function mustChangePassword(target: SshTarget): LifeboatFailure {
  return new LifeboatFailure(
    'login-refused',
    `${target.label} demands a new password for ${target.user}. Set it with ssh first.`,
  )
}

function waitedTooLong(target: SshTarget): LifeboatFailure {
  return new LifeboatFailure('answer-needed', `${target.label} closed the connection while it waited for an answer.`)
}
