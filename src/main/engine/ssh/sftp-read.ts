import { LifeboatFailure } from '#shared/failure.ts'
import { wideWindow } from './channel-window.ts'
import type { SftpSession } from './sftp-session.ts'
import { watchSilence } from './silence.ts'
import type { SshTarget } from './target.ts'

export type ReadSettings = {
  readonly session: SftpSession
  readonly handle: Buffer
  readonly path: string
  readonly start: number
  readonly end: number
  /** how the server introduces itself */
  readonly server: string
  readonly target: SshTarget
  readonly stall: number
  readonly signal: AbortSignal
  readonly connectionEnd: AbortSignal
  /** sends what is written in it as one piece */
  readonly together: (work: () => void) => void
  readonly failed: (error: unknown, path: string) => LifeboatFailure
}

/** A stretch of the file: where it lies, and what has come of it so far. */
type Slot = { readonly offset: number; readonly length: number; readonly buffer: Buffer; filled: number }

/** OpenSSH answers up to 255 KiB at once (older ones 64); the draft only promises 32 KiB. */
const largeChunk = 240 * 1024
const safeChunk = 32 * 1024
/** each write wakes the server's side: requests go out in groups */
const batch = 8

/**
 * A part of a remote file, piece by piece: requests are kept in flight as far as the channel's window reaches, answers
 * are handed on in order, and no more is asked for while nobody takes them. The memory of a piece is used again once the
 * next one is asked for. What has come whole before the line broke is still handed on.
 */
export async function* pipelinedRead(settings: ReadSettings): AsyncGenerator<Buffer, void, undefined> {
  const { path, end, target, stall, signal, connectionEnd } = settings
  let wake = () => {}
  let failure: { readonly error: unknown } | undefined
  const fail = (error: unknown) => {
    failure ??= { error }
    wake()
  }
  const requests = inFlight(settings, { arrived: () => (watch.touch(), wake()), fail })
  const watch = watchSilence(stall, () => fail(stalled(target, path, stall)))
  const onAbort = () => fail(signal.reason)
  const onLost = () => fail(connectionEnd.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  connectionEnd.addEventListener('abort', onLost, { once: true })
  try {
    for (let at = settings.start; at < end;) {
      signal.throwIfAborted()
      if (connectionEnd.aborted) onLost()
      else if (failure === undefined) requests.askMore()
      const whole = requests.takeFirst()
      if (whole) {
        at += whole.length
        // nobody waits for the server while this one is being worked on
        watch.pause()
        yield whole
        requests.giveBack(whole)
        watch.resume()
      } else if (failure) throw failure.error
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  } finally {
    watch.stop()
    requests.stop()
    signal.removeEventListener('abort', onAbort)
    connectionEnd.removeEventListener('abort', onLost)
  }
}

type Told = { arrived: () => void; fail: (error: unknown) => void }

/** The requests under way, in the order of the file. */
function inFlight(settings: ReadSettings, { arrived, fail }: Told) {
  const { session, handle, path, end } = settings
  let chunk = settings.server.startsWith('OpenSSH') ? largeChunk : safeChunk
  const depth = () => Math.max(32, Math.min(64, Math.floor(wideWindow / chunk)))
  const slots: Slot[] = []
  /** Memory that costs nothing any more: fresh memory for each piece keeps the collector busy, and the kernel. */
  const spare: ArrayBufferLike[] = []
  let next = settings.start
  let over = false

  function memory(length: number): Buffer {
    const used = spare.pop()
    if (used && used.byteLength >= length) return Buffer.from(used, 0, length)
    return Buffer.from(new ArrayBuffer(length))
  }

  /** A server may answer with less than was asked for; the rest is asked for again. */
  function ask(slot: Slot): void {
    const { buffer, offset, filled, length } = slot
    session.read(handle, offset + filled, buffer.subarray(filled), (error, bytes) => {
      if (over) return
      if (error) return fail(settings.failed(error, path))
      if (bytes === 0) return fail(shrank(path, offset + filled, end))
      slot.filled += bytes
      if (slot.filled < length) {
        // what this server gives at once is its measure from now on
        chunk = Math.max(safeChunk, Math.min(chunk, bytes))
        ask(slot)
      }
      arrived()
    })
  }

  function askAll(): void {
    while (slots.length < depth() && next < end) {
      const length = Math.min(chunk, end - next)
      const slot = { offset: next, length, buffer: memory(length), filled: 0 }
      next += length
      slots.push(slot)
      ask(slot)
    }
  }

  return {
    askMore: () => {
      if (slots.length <= depth() - batch && next < end) settings.together(askAll)
    },
    takeFirst: (): Buffer | undefined => {
      if (slots[0] === undefined || slots[0].filled < slots[0].length) return undefined
      return slots.shift()?.buffer
    },
    giveBack: ({ buffer }: Buffer) => {
      spare.push(buffer)
    },
    stop: () => {
      over = true
    },
  }
}

function shrank(path: string, at: number, end: number): LifeboatFailure {
  return new LifeboatFailure('backup-changed', `${path} ended at byte ${at} while it was read; it had ${end}.`)
}

function stalled(target: SshTarget, path: string, stall: number): LifeboatFailure {
  const seconds = Math.round(stall / 1000)
  return new LifeboatFailure('stalled', `${target.label} has sent nothing of ${path} for ${seconds} s.`)
}
