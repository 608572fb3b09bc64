import { LifeboatFailure } from '#shared/failure.ts'
import { watchSilence } from './silence.ts'
import { channelFailure, lost } from './ssh-failure.ts'
import type { SshTarget } from './target.ts'

export type Opening<T> = {
  readonly target: SshTarget
  readonly signal: AbortSignal
  /** aborts when the connection is gone */
  readonly connectionEnd: AbortSignal
  /** milliseconds that the server may take */
  readonly limit: number
  readonly start: (done: (error: Error | undefined, opened: T) => void) => void
  /** closes what was opened when nobody waits for it any more */
  readonly discard: (opened: T) => void
}

/** Has ssh2 open a channel of some kind; gives up with the signal, the connection or the time. */
export async function openChannel<T>(opening: Opening<T>): Promise<T> {
  const { target, signal, connectionEnd, limit, start, discard } = opening
  signal.throwIfAborted()
  connectionEnd.throwIfAborted()
  const stop = AbortSignal.any([signal, connectionEnd])
  const answer = Promise.withResolvers<T>()
  const onStop = () => answer.reject(stop.reason)
  const watch = watchSilence(limit, () => answer.reject(silent(target, limit)))
  let over = false
  stop.addEventListener('abort', onStop, { once: true })
  try {
    start((error, opened) => {
      if (error) answer.reject(channelFailure(error, target))
      else if (over) discard(opened)
      else answer.resolve(opened)
    })
    return await answer.promise
  } catch (error) {
    throw error instanceof Error && error.message === 'Not connected' ? lost(target, error) : error
  } finally {
    over = true
    watch.stop()
    stop.removeEventListener('abort', onStop)
  }
}

function silent(target: SshTarget, limit: number): LifeboatFailure {
  const seconds = Math.round(limit / 1000)
  return new LifeboatFailure('stalled', `${target.label} has not opened a session within ${seconds} s.`)
}
