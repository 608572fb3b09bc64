import { LifeboatFailure } from '#shared/failure.ts'
import type { SshTarget } from './target.ts'

type Facts = { message: string; level: string; code: string }

/** What ssh2 or the network said about a connection, as a failure with a sentence. `ready`: the login had succeeded. */
export function connectionFailure(error: unknown, target: SshTarget, ready: boolean): LifeboatFailure {
  if (error instanceof LifeboatFailure) return error
  const facts = factsOf(error)
  const make = ready ? lostFailure : openingFailure
  return make(facts, target, error)
}

/** A channel that the server would not open. */
export function channelFailure(error: unknown, target: SshTarget): LifeboatFailure {
  if (error instanceof LifeboatFailure) return error
  const { message } = factsOf(error)
  const name = target.label
  if (/open failure/i.test(message))
    return failure(
      'ssh-protocol',
      `${name} refused another session on this connection (MaxSessions of its sshd).`,
      error,
    )
  if (/Unable to start subsystem/i.test(message))
    return failure(
      'tool-missing',
      `${name} offers no SFTP. Its sshd_config needs "Subsystem sftp internal-sftp".`,
      error,
    )
  if (/Unable to exec/i.test(message))
    return failure('remote-command', `${name} allows this user to run no commands.`, error)
  return failure('connection-lost', `The connection to ${name} ended while a session was being opened.`, error)
}

/** The connection ended under something that was still running. */
export function lost(target: SshTarget, cause?: unknown): LifeboatFailure {
  return failure('connection-lost', `The connection to ${target.label} broke off.`, cause)
}

function lostFailure(facts: Facts, target: SshTarget, error: unknown): LifeboatFailure {
  if (facts.level === 'protocol' || facts.level === 'handshake')
    return failure(
      'connection-lost',
      `What came from ${target.label} was garbled on the way; the connection was ended.`,
      error,
    )
  return lost(target, error)
}

function openingFailure(facts: Facts, target: SshTarget, error: unknown): LifeboatFailure {
  const at = `${target.host}:${target.port}`
  const { message, level, code } = facts
  if (code in unreachable) return failure('unreachable', unreachable[code]?.(target, at) ?? at, error)
  if (/no matching/.test(message))
    return failure('ssh-protocol', `${target.label} and Lifeboat have no safe ${noMatch(message)} in common.`, error)
  if (/before handshake/.test(message))
    return failure('unreachable', `${at} took the connection and closed it at once, before any SSH.`, error)
  if (/too many authentication failures/i.test(message))
    return failure('login-refused', `${target.label} refused the login after too many keys were offered.`, error)
  if (level === 'client-authentication' || /authentication/i.test(message))
    return failure('login-refused', `${target.label} refused the login of ${target.user || 'this user'}.`, error)
  if (/identification|protocol version|header|Bad packet length|packet/i.test(message))
    return failure('ssh-protocol', `What answers at ${at} does not speak SSH 2.`, error)
  if (/signature verification failed/.test(message))
    return failure('host-key-changed', `${target.label} could not prove that it holds its host key.`, error)
  if (level === 'handshake' || level === 'protocol')
    return failure('ssh-protocol', `The handshake with ${target.label} failed.`, error)
  return failure('unreachable', `${target.label} ended the connection before the login was done.`, error)
}

const unreachable: Record<string, (target: SshTarget, at: string) => string> = {
  ECONNREFUSED: (_, at) => `Nothing listens at ${at}.`,
  ENOTFOUND: ({ host }) => `The name ${host} is not known to this computer's DNS.`,
  EAI_AGAIN: ({ host }) => `The name ${host} could not be looked up: DNS does not answer. Is this computer online?`,
  ETIMEDOUT: (_, at) => `${at} does not answer.`,
  EHOSTUNREACH: ({ host }) => `There is no way from here to ${host}.`,
  ENETUNREACH: ({ host }) => `There is no network from here to ${host}. Is this computer online?`,
  EHOSTDOWN: ({ host }) => `${host} is down.`,
  ECONNRESET: (_, at) => `${at} reset the connection before the login was done.`,
  EPIPE: (_, at) => `${at} closed the connection before the login was done.`,
  EACCES: (_, at) => `This computer does not allow a connection to ${at}.`,
  EPERM: (_, at) => `This computer's firewall does not allow a connection to ${at}.`,
}

function noMatch(message: string): string {
  if (/key exchange/.test(message)) return 'way to exchange keys'
  if (/host key/.test(message)) return 'kind of host key'
  if (/cipher/.test(message)) return 'cipher'
  if (/MAC/.test(message)) return 'message check'
  return 'method'
}

function failure(
  kind: ConstructorParameters<typeof LifeboatFailure>[0],
  message: string,
  cause: unknown,
): LifeboatFailure {
  return new LifeboatFailure(kind, message, cause === undefined ? {} : { cause })
}

function factsOf(error: unknown): Facts {
  if (!(error instanceof Error)) return { message: String(error), level: '', code: '' }
  // an attempt on several addresses fails with the failures of each
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error
  const code = read(error, 'code') || read(inner, 'code')
  return { message: error.message || String(inner), level: read(error, 'level'), code }
}

function read(value: unknown, key: string): string {
  if (typeof value !== 'object' || value === null || !(key in value)) return ''
  const found: unknown = Reflect.get(value, key)
  return typeof found === 'string' ? found : ''
}
