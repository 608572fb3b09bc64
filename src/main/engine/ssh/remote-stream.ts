import { Readable, type Writable } from 'node:stream'
import type { ClientChannel } from 'ssh2'
import { LifeboatFailure } from '#shared/failure.ts'
import { endedByServer, widenWindow } from './channel-window.ts'
import { skipToMarker } from './marker.ts'
import { watchSilence } from './silence.ts'
import { lost } from './ssh-failure.ts'
import { textTail } from './text-tail.ts'
import type { SshTarget } from './target.ts'

/** How a remote command ended, in the server's own words. Exactly one of code and signal is set. */
export type RemoteExit = { readonly code: number | null; readonly signal: string | null; readonly stderr: string }

export type RemoteStream = {
  /** The command's own output. Ends only when the server has sent all of it and the exit; else it fails. */
  readonly stdout: Readable
  readonly stdin: Writable
  /** Rejects with `connection-lost`, `stalled`, `remote-command` (the shell never began it) or the abort's reason. */
  readonly done: Promise<RemoteExit>
}

export type StreamSettings = {
  readonly target: SshTarget
  readonly program: string
  readonly marker: string
  readonly stall: number
  readonly maxStderr: number
  readonly signal: AbortSignal
  /** aborts when the connection is gone, before ssh2 ends its channels */
  readonly connectionEnd: AbortSignal
}

/**
 * One running command as a stream with back-pressure.
 *
 * ssh2 ends a channel the same way whether the command finished, the session was killed or the line broke. Here the end
 * counts only with an exit status *and* the server's own EOF: an exit status can overtake output that is still under way.
 */
export function remoteStream(channel: ClientChannel, settings: StreamSettings): RemoteStream {
  const { target, signal, connectionEnd } = settings
  const outcome = Promise.withResolvers<RemoteExit>()
  outcome.promise.catch(() => {})
  const errors = textTail(settings.maxStderr, settings.marker)
  const skip = skipToMarker(settings.marker)
  const window = widenWindow(channel)
  let exit: { code: number | null; signal: string | null } | undefined
  let settled = false

  const stdout = new Readable({
    highWaterMark: 1024 * 1024,
    read() {
      watch.resume()
      channel.resume()
    },
    destroy(error, done) {
      finish(error ?? stopped())
      done(error)
    },
  })
  // whoever looks only at `done` must not be hit by an unhandled 'error'
  stdout.on('error', () => {})
  const watch = watchSilence(settings.stall, () => finish(stalled(target, settings)))

  function finish(error: unknown): void {
    if (settled) return
    settled = true
    watch.stop()
    signal.removeEventListener('abort', onAbort)
    connectionEnd.removeEventListener('abort', onLost)
    if (error === undefined && exit) {
      stdout.push(null)
      outcome.resolve({ ...exit, stderr: errors.text() })
      return
    }
    const reason = error instanceof Error ? error : lost(target, error)
    if (!connectionEnd.aborted) channel.close()
    // what still arrives is thrown away, or the connection would stall for the other channels
    channel.resume()
    outcome.reject(reason)
    stdout.destroy(reason)
  }
  const onAbort = () => finish(signal.reason)
  const onLost = () => {
    // all of it is here already and only waits to be read
    if (exit && endedByServer(channel)) return
    finish(connectionEnd.reason)
  }

  channel.on('data', (chunk: Buffer) => {
    watch.touch()
    window.took(chunk.length)
    if (settled) return
    try {
      const own = skip.pass(chunk)
      if (own.length === 0 || stdout.push(own)) return
    } catch (error) {
      return finish(noStart(settings, skip.noise(), error))
    }
    watch.pause()
    channel.pause()
  })
  channel.stderr.on('data', (chunk: Buffer) => {
    watch.touch()
    errors.add(chunk)
  })
  channel.on('error', (error: unknown) => finish(lost(target, error)))
  channel.stderr.on('error', () => {})
  channel.on('exit', (code: number | null, name?: string) => {
    exit = { code, signal: name ?? null }
  })
  channel.on('close', (code?: number | null, name?: string) => {
    // a short command's exit can come in one packet with the word that it began, before anybody could listen for it
    if (!exit && (typeof code === 'number' || typeof name === 'string'))
      exit = { code: code ?? null, signal: name ?? null }
    if (exit && !skip.found && exit.code !== null) return finish(noStart(settings, `${skip.noise()}${errors.text()}`))
    finish(exit ? undefined : lost(target))
  })
  signal.addEventListener('abort', onAbort, { once: true })
  connectionEnd.addEventListener('abort', onLost, { once: true })
  if (signal.aborted) onAbort()
  else if (connectionEnd.aborted) onLost()
  return { stdout, stdin: channel, done: outcome.promise }
}

function stalled(target: SshTarget, { program, stall }: StreamSettings): LifeboatFailure {
  const seconds = Math.round(stall / 1000)
  return new LifeboatFailure('stalled', `${program} on ${target.label} has sent nothing for ${seconds} s.`)
}

function noStart({ target, program }: StreamSettings, said: string, cause?: unknown): LifeboatFailure {
  return new LifeboatFailure('remote-command', `The login shell of ${target.label} ended before it began ${program}.`, {
    detail: said.trim().slice(-2000),
    ...(cause === undefined ? {} : { cause }),
  })
}

function stopped(): LifeboatFailure {
  return new LifeboatFailure('cancelled', 'The transfer was given up.')
}
