import { homedir } from 'node:os'
import { join } from 'node:path'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Answer } from '#shared/prompt.ts'
import type { Pin, PresentedKey, Server } from '#shared/server.ts'
import { connect } from '#engine/ssh/connect.ts'
import type { Connection } from '#engine/ssh/connection.ts'
import { HostKeyFailure } from '#engine/ssh/host-key.ts'
import type { HostKey, Place, SshTarget, Timeouts } from '#engine/ssh/target.ts'
import { secretAsker, type AskOperator, type Secrets } from './secrets.ts'
import { targetOf } from './target.ts'

/** What logging in needs from the rest of the engine. */
export type ConnectContext = {
  /** all servers of the list: jump hosts are found there by name */
  readonly servers: readonly Server[]
  pinsFor(host: string, port: number): readonly Pin[]
  addPin(pin: Pin): void
  /** gives a pin that was kept without a way the one over which its key was shown */
  settlePin(host: string, port: number, place: Place, key: HostKey): void
  /** rejects with `answer-needed` where nobody is there to answer */
  readonly ask: AskOperator
  readonly secrets: Secrets
  readonly signal: AbortSignal
  readonly log: (line: string) => void
  readonly now: () => Date
  /** the usual known_hosts files of this computer when absent */
  readonly knownHostsFiles?: readonly string[]
  readonly timeouts?: Partial<Timeouts>
}

/**
 * Logs in at a server. A host key that nobody vouches for is shown to the operator; once accepted it is pinned and the
 * connection is made anew, so that the key that is used is the key that was accepted. For a changed key there is no way on.
 */
export async function connectServer(server: Server, context: ConnectContext): Promise<Connection> {
  const target = targetOf(server, context.servers)
  // each hop of the way can be unknown once
  for (let unknown = 0; ; unknown++) {
    const asker = secretAsker(context)
    try {
      const connection = await connect(target, {
        signal: context.signal,
        ask: asker.ask,
        log: context.log,
        trust: {
          pins: (host, port) => context.pinsFor(host, port),
          settle: (host, port, place, key) => context.settlePin(host, port, place, key),
          knownHostsFiles: context.knownHostsFiles ?? usualKnownHosts(),
        },
        ...(context.timeouts === undefined ? {} : { timeouts: context.timeouts }),
      })
      await asker.remember().catch((error: unknown) => {
        // the login stands; that the keychain did not take the secret only means a question more next time
        context.log(`The keychain did not keep the secret: ${error instanceof Error ? error.message : String(error)}`)
      })
      return connection
    } catch (error) {
      if (!(error instanceof HostKeyFailure) || error.kind !== 'host-key-unknown') throw error
      if (unknown > hops(target)) throw error
      await acceptHostKey(server, error, context)
    }
  }
}

/** Asks the operator about a key; pins it when it is accepted, throws the failure again when it is not. */
async function acceptHostKey(server: Server, failure: HostKeyFailure, context: ConnectContext): Promise<void> {
  const { host, port, way, type, key, fingerprint } = failure.presented
  const presented: PresentedKey = { host, port, way, type, key, fingerprint }
  // by its name: another server of the list may have the same address behind another jump host
  const hop = context.servers.find((other) => other.name === failure.label)
  let answer: Answer
  try {
    const question = { kind: 'host-key' as const, server: hop?.name ?? server.name, key: presented }
    answer = await context.ask({ ...question, knownTypes: [...failure.knownTypes] }, context.signal)
  } catch (error) {
    // nobody there to ask: the key is still what stands in the way, and its fingerprint is what has to be told
    if (error instanceof LifeboatFailure && error.kind === 'answer-needed') throw failure
    throw error
  }
  if (answer.kind !== 'host-key' || answer.accept !== true) throw failure
  context.addPin({ ...presented, ...failure.place, addedAt: context.now().toISOString() })
  const through = way === '' ? '' : ` through ${way}`
  context.log(`The host key ${type} ${fingerprint} of ${host}:${port}${through} was accepted and is pinned.`)
}

/** A Host entry of ~/.ssh/config may add hops that are not in our list, hence the allowance. */
function hops(target: SshTarget): number {
  const more = target.configHost === undefined ? 0 : 8
  return more + (target.jump === undefined ? 1 : 1 + hops(target.jump))
}

function usualKnownHosts(): string[] {
  const own = join(homedir(), '.ssh')
  return [join(own, 'known_hosts'), join(own, 'known_hosts2'), '/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2']
}
