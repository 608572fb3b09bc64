import { Readable } from 'node:stream'
import type { SFTPWrapper } from 'ssh2'
import { LifeboatFailure } from '#shared/failure.ts'
import { wideWindow } from './channel-window.ts'
import { watchSilence } from './silence.ts'
import type { SshTarget } from './target.ts'

export type ReadSettings = {
  readonly session: SFTPWrapper
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
  /** told of bytes that came off the channel */
  readonly took: (bytes: number) => void
  /** sends what is written in it as one piece */
  readonly together: (work: () => void) => void
  readonly failed: (error: unknown, path: string) => LifeboatFailure
}

type Slot = { readonly offset: number; readonly buffer: Buffer; filled: number }

/** OpenSSH answers up to 255 KiB at once (older ones 64); the draft only promises 32 KiB. */
const largeChunk = 240 * 1024
const safeChunk = 32 * 1024
/** each write wakes the server's side: requests go out in groups */
const batch = 4

/**
 * A part of a remote file as a stream: requests are kept in flight as far as the channel's window reaches, answers are
 * handed on in order, and no more is asked for while nobody reads.
 */
export function pipelinedRead(settings: ReadSettings): Readable {
  const { session, handle, path, end, target, stall, signal, connectionEnd } = settings
  let chunk = settings.server.startsWith('OpenSSH') ? largeChunk : safeChunk
  const depth = () => Math.max(32, Math.min(64, Math.floor(wideWindow / chunk)))
  const slots: Slot[] = []
  let next = settings.start
  let wanted = false

  const stream = new Readable({
    highWaterMark: 2 * 1024 * 1024,
    read() {
      wanted = true
      handOn()
    },
    destroy(error, done) {
      watch.stop()
      signal.removeEventListener('abort', onAbort)
      connectionEnd.removeEventListener('abort', onLost)
      slots.length = 0
      done(error)
    },
  })
  const watch = watchSilence(stall, () => stream.destroy(stalled(target, path, stall)))
  const onAbort = () => stream.destroy(asError(signal.reason))
  const onLost = () => stream.destroy(asError(connectionEnd.reason))

  function handOn(): void {
    while (wanted && slots[0] && slots[0].filled === slots[0].buffer.length) {
      const whole = slots.shift()
      if (whole) wanted = stream.push(whole.buffer)
    }
    if (wanted && slots.length <= depth() - batch && next < end) settings.together(askMore)
    if (slots.length === 0 && next >= end && !stream.readableEnded) stream.push(null)
    if (wanted) watch.resume()
    else watch.pause()
  }

  function askMore(): void {
    while (slots.length < depth() && next < end) {
      const slot = { offset: next, buffer: Buffer.allocUnsafeSlow(Math.min(chunk, end - next)), filled: 0 }
      next += slot.buffer.length
      slots.push(slot)
      ask(slot)
    }
  }

  /** A server may answer with less than was asked for; the rest is asked for again. */
  function ask(slot: Slot): void {
    const { buffer, offset, filled } = slot
    session.read(handle, buffer, filled, buffer.length - filled, offset + filled, (error, bytes) => {
      if (stream.destroyed) return
      watch.touch()
      if (error) stream.destroy(settings.failed(error, path))
      else if (bytes === 0) stream.destroy(shrank(path, offset + filled, end))
      else arrived(slot, bytes)
    })
  }

  function arrived(slot: Slot, bytes: number): void {
    settings.took(bytes)
    slot.filled += bytes
    if (slot.filled === slot.buffer.length) return handOn()
    // what this server gives at once is its measure from now on
    chunk = Math.max(safeChunk, Math.min(chunk, bytes))
    ask(slot)
  }

  signal.addEventListener('abort', onAbort, { once: true })
  connectionEnd.addEventListener('abort', onLost, { once: true })
  if (signal.aborted) onAbort()
  else if (connectionEnd.aborted) onLost()
  return stream
}

function shrank(path: string, at: number, end: number): LifeboatFailure {
  return new LifeboatFailure('backup-changed', `${path} ended at byte ${at} while it was read; it had ${end}.`)
}

function stalled(target: SshTarget, path: string, stall: number): LifeboatFailure {
  const seconds = Math.round(stall / 1000)
  return new LifeboatFailure('stalled', `${target.label} has sent nothing of ${path} for ${seconds} s.`)
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason))
}
