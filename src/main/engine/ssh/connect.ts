import { LifeboatFailure } from '#shared/failure.ts'
import { hostKeyTypes } from './algorithms.ts'
import type { Connection } from './connection.ts'
import { handshake } from './handshake.ts'
import { HostKeyFailure, hostKnowledge, judgeHostKey, type HostKnowledge } from './host-key.ts'
import { placeOf } from './pins.ts'
import { withConfig } from './ssh-config.ts'
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
 * `key-file`, `answer-needed`, `ssh-protocol`, `invalid-input` (a configuration that can not be followed), or the
 * signal's reason. Nothing stays open behind a failure.
 */
export async function connect(target: SshTarget, options: ConnectOptions): Promise<Connection> {
  const attempt = { ...options, timeouts: { ...defaultTimeouts, ...options.timeouts } }
  attempt.signal.throwIfAborted()
  const whole = await withConfig(target, attempt.signal)
  refuseCycle(whole)
  return reach(whole, attempt)
}

/** Failures of a machine on the way. */
const onTheWay = new WeakSet<LifeboatFailure>()

/** Whether `connect` failed before anything reached the target itself: what failed is one of its jump hosts. */
export function failedOnTheWay(failure: LifeboatFailure): boolean {
  return onTheWay.has(failure)
}

async function reach(target: SshTarget, attempt: Attempt): Promise<Connection> {
  const jump = target.jump === undefined ? undefined : await reachJump(target.jump, attempt)
  try {
    const connection = await handshakes(target, jump, attempt)
    void connection.closed.then(() => jump?.end())
    return connection
  } catch (error) {
    await jump?.end()
    throw error
  }
}

async function reachJump(jump: SshTarget, attempt: Attempt): Promise<Connection> {
  try {
    return await reach(jump, attempt)
  } catch (error) {
    if (error instanceof LifeboatFailure) onTheWay.add(error)
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
      const connection = await handshake({ ...attempt, target, knowledge, jump, without })
      settleOldPin(connection, knowledge, attempt)
      return connection
    } catch (error) {
      // no further type of key: what the server showed first is the answer
      if (first && error instanceof LifeboatFailure && error.kind === 'ssh-protocol') throw first
      if (knowledge.expected === undefined || !(error instanceof HostKeyFailure)) throw error
      first ??= error
      without.push(error.presented.type)
      if (without.length >= hostKeyTypes.length) throw first
    }
  }
}

/** Not before the login: by then the server has shown that the key is its own. */
function settleOldPin({ target, facts }: Connection, knowledge: HostKnowledge, { trust, log }: Attempt): void {
  const verdict = judgeHostKey(facts.hostKey, knowledge)
  if (verdict.verdict !== 'trusted' || verdict.by !== 'old-pin') return
  try {
    trust.settle(target.host, target.port, placeOf(target), facts.hostKey)
  } catch (error) {
    // the login stands, and the pin as it was proves the next one as well
    log?.(`${target.label}: its pin could not be kept with its way: ${error instanceof Error ? error.message : ''}`)
  }
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
