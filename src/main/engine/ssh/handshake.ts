import type { Duplex } from 'node:stream'
import { Client } from 'ssh2'
import { isAbort, LifeboatFailure } from '#shared/failure.ts'
import { modernAlgorithms } from './algorithms.ts'
import { quickenCiphers } from './cipher-key.ts'
import { connectionOver, type Connection } from './connection.ts'
import {
  hostKeyFailure,
  judgeHostKey,
  preferredTypes,
  presentedKey,
  strictVerifier,
  type HostKeyFailure,
  type HostKnowledge,
  type PresentedHostKey,
} from './host-key.ts'
import { loginAttempts } from './login.ts'
import { watchSilence } from './silence.ts'
import { openSocket, type Line } from './socket-line.ts'
import { connectionFailure } from './ssh-failure.ts'
import type { Asker, SshTarget, Timeouts } from './target.ts'

export type Handshake = {
  readonly target: SshTarget
  readonly knowledge: HostKnowledge
  /** the connection of the jump host, where there is one */
  readonly jump: Connection | undefined
  /** types of host keys that are not asked for */
  readonly without: readonly string[]
  readonly signal: AbortSignal
  readonly ask: Asker
  readonly timeouts: Timeouts
  readonly log?: ((line: string) => void) | undefined
}

/** One attempt at one server: line, host key, login, in this order. Nothing stays open behind a failure. */
export async function handshake(attempt: Handshake): Promise<Connection> {
  const { target, knowledge, jump, without, signal, ask, timeouts, log } = attempt
  const client = new Client()
  const state = watchAttempt(client, attempt)
  const gate = hostKeyGate(target, knowledge, state.refuse)
  const login = loginAttempts({
    target,
    ask,
    signal: AbortSignal.any([signal, state.over]),
    fail: state.fail,
    uncounted: state.uncounted,
  })
  let line: Line | undefined
  try {
    log?.(`${target.label}: ${target.host}:${target.port}${jump ? ` through ${jump.target.label}` : ''}`)
    line = jump ? await Promise.race([lineThrough(jump, attempt), state.failed]) : openSocket(target)
    const server = serverIdent(line.stream)
    client.connect({
      sock: line.stream,
      username: target.user,
      hostVerifier: gate.verify,
      authHandler: login,
      algorithms: modernAlgorithms(preferredTypes(knowledge), without),
      // both times are kept here, where a person's answers and a slow but living line can be told apart from silence
      readyTimeout: 0,
      keepaliveInterval: timeouts.keepAlive,
      keepaliveCountMax: Number.MAX_SAFE_INTEGER,
    })
    const negotiated = await state.ready
    if (/gcm/.test(negotiated.cipher)) line.reuseBuffer()
    const facts = { server: server(), hostKey: gate.accepted(), ...negotiated }
    return connectionOver({ client, line: line.stream, target, timeouts, facts })
  } catch (error) {
    client.destroy()
    line?.stream.destroy()
    throw error
  } finally {
    state.stop()
  }
}

type Negotiated = { cipher: string; kex: string }

type AttemptState = {
  readonly ready: Promise<Negotiated>
  /** never resolves; rejects as `ready` does */
  readonly failed: Promise<never>
  /** aborts when the attempt is over, however it went */
  readonly over: AbortSignal
  fail(error: unknown): void
  /** the host key is not accepted: what ssh2 says afterwards is only a consequence */
  refuse(failure: HostKeyFailure): void
  uncounted<T>(work: () => Promise<T>): Promise<T>
  stop(): void
}

/** Brings together all the ways in which an attempt can end: ready, an error, a close, time, and the signal. */
function watchAttempt(client: Client, { target, signal, timeouts, log }: Handshake): AttemptState {
  const ready = Promise.withResolvers<Negotiated>()
  const failed = Promise.withResolvers<never>()
  ready.promise.catch(failed.reject)
  failed.promise.catch(() => {})
  const over = new AbortController()
  let refusal: HostKeyFailure | undefined
  let negotiated: Negotiated = { cipher: '', kex: '' }
  let waiting = 0

  const fail = (error: unknown) =>
    ready.reject(refusal ?? (isAbort(error) ? error : connectionFailure(error, target, false)))
  const watch = watchSilence(timeouts.connect, () => fail(noAnswer(target, timeouts)))
  const onAbort = () => ready.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()

  client.on('error', (error: Error & { level?: string }) => {
    // the agent could not sign with one key: the login goes on with the next
    if (error.level !== 'agent') fail(error)
  })
  client.on('handshake', ({ kex, serverHostKey, sc }) => {
    negotiated = { cipher: sc.cipher, kex }
    quickenCiphers(client)
    log?.(`${target.label}: ${kex}, ${serverHostKey}, ${sc.cipher}`)
  })
  client.on('change password', () => fail(mustChangePassword(target)))
  client.on('close', () => fail(waiting > 0 ? waitedTooLong(target) : 'closed'))
  client.on('ready', () => ready.resolve(negotiated))

  return {
    ready: ready.promise,
    failed: failed.promise,
    over: over.signal,
    fail,
    refuse: (failure) => {
      refusal = failure
    },
    uncounted: async (work) => {
      watch.pause()
      waiting++
      try {
        return await work()
      } finally {
        waiting--
        if (waiting === 0) watch.resume()
      }
    },
    stop: () => {
      over.abort()
      watch.stop()
      signal.removeEventListener('abort', onAbort)
    },
  }
}

/** The only way past a host key: a verdict of trusted, given at once. */
function hostKeyGate(target: SshTarget, knowledge: HostKnowledge, refuse: (failure: HostKeyFailure) => void) {
  let presented: PresentedHostKey | undefined
  return {
    verify: strictVerifier((blob) => {
      const key = presentedKey(target, blob)
      const verdict = judgeHostKey(key, knowledge)
      if (verdict.verdict === 'trusted') {
        presented = key
        return true
      }
      refuse(hostKeyFailure(target, key, verdict, knowledge))
      return false
    }),
    accepted(): PresentedHostKey {
      if (!presented) throw new LifeboatFailure('bug', 'A connection came up without an accepted host key.')
      return presented
    },
  }
}

async function lineThrough(jump: Connection, { target, signal }: Handshake): Promise<Line> {
  return { stream: await jump.forward(target.host, target.port, signal), reuseBuffer: () => {} }
}

/** Notes the line with which the server introduces itself. */
function serverIdent(line: Duplex): () => string {
  let seen = ''
  const note = (chunk: Buffer) => {
    seen += chunk.toString('latin1', 0, 1024)
    if (/^SSH-.*\n/m.test(seen) || seen.length > 8192) line.off('data', note)
  }
  // held until ssh2 listens as well
  line.pause()
  line.on('data', note)
  return () => /^SSH-[\d.]+-(\S+)/m.exec(seen)?.[1] ?? ''
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
