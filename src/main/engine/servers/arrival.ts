import { remedies, type LifeboatFailure } from '#shared/failure.ts'
import type { CheckName, Server } from '#shared/server.ts'
import type { Connection } from '#engine/ssh/connection.ts'
import { failedOnTheWay } from '#engine/ssh/connect.ts'
import { HostKeyFailure } from '#engine/ssh/host-key.ts'
import { failed, proven, type Verdict } from './facts.ts'

type Arrival = Partial<Record<'reach' | 'host-key' | 'login', Verdict>>

/** What a connection that stands has proven. */
export function arrived({ target, facts }: Connection): Required<Arrival> {
  const { hostKey, server, cipher } = facts
  const at = { host: target.host, port: target.port }
  return {
    reach: proven('reach', { ...at, server }, `${server || 'An SSH server'} answers at ${at.host}:${at.port}.`),
    'host-key': proven(
      'host-key',
      { ...at, type: hostKey.type, fingerprint: hostKey.fingerprint },
      `Its host key is the trusted one: ${hostKey.type} ${hostKey.fingerprint}.`,
    ),
    login: proven('login', { user: target.user, cipher }, `${target.user} is logged in.`),
  }
}

/**
 * How far a connection came that failed: the first verdict that is not proven is the failed one. Where a jump host failed,
 * nothing is known of the server.
 */
export function turnedBack(failure: LifeboatFailure, server: Server): Arrival {
  if (failedOnTheWay(failure)) {
    const { host, port } = server
    return { reach: failed('reach', { host, port }, failure.message, remedies[failure.kind].remedy) }
  }
  const at = { host: failure instanceof HostKeyFailure ? failure.presented.host : server.host }
  const port = failure instanceof HostKeyFailure ? failure.presented.port : server.port
  const { remedy } = remedies[failure.kind]
  const reach = proven('reach', { ...at, port }, `An SSH server answers at ${at.host}:${port}.`)
  switch (stageOf(failure)) {
    case 'reach':
      return { reach: failed('reach', { ...at, port }, failure.message, remedy) }
    case 'host-key': {
      const key = failure instanceof HostKeyFailure ? failure.presented : null
      const facts = key ? { ...at, port, type: key.type, fingerprint: key.fingerprint } : { ...at, port }
      return { reach, 'host-key': failed('host-key', facts, failure.message, remedy) }
    }
    case 'login':
      return {
        reach,
        'host-key': proven('host-key', { ...at, port }, 'Its host key is the trusted one.'),
        login: failed('login', server.user === '' ? {} : { user: server.user }, failure.message, remedy),
      }
  }
}

/** The host key is judged before anybody logs in, so that these failures prove it right. */
function stageOf({ kind }: LifeboatFailure): Extract<CheckName, 'reach' | 'host-key' | 'login'> {
  if (kind === 'host-key-unknown' || kind === 'host-key-changed') return 'host-key'
  if (kind === 'login-refused' || kind === 'key-file' || kind === 'answer-needed') return 'login'
  return 'reach'
}
