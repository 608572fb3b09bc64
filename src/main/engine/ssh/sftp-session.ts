import type { Readable, Writable } from 'node:stream'
import type { ClientChannel } from 'ssh2'
import { widenWindow } from './channel-window.ts'
import type { RemoteStream } from './remote-stream.ts'
import { SftpPackets } from './sftp-packets.ts'
import { encodeRequest, hello, request, type Field, type RequestType, type SftpAnswer } from './sftp-wire.ts'

/** What a server answers instead of what was asked for. */
export class SftpStatus extends Error {
  /** 1 end of the file, 2 no such file, 3 not permitted, … */
  readonly code: number
  constructor(code: number, message: string) {
    super(message === '' ? `SFTP status ${code}` : message)
    this.code = code
  }
}

/** What came before the server's greeting, and in its place, is no SFTP. */
export class NoSftp extends Error {}

/** Told once: how many bytes came (0: the file ends there), or why none did. */
export type ReadDone = (error: unknown, bytes: number) => void

/** An SFTP session: requests go out at once, however many wait for their answers. */
export type SftpSession = {
  /** Rejects with an SftpStatus, or when the session ends. */
  ask(type: RequestType, ...fields: Field[]): Promise<SftpAnswer>
  /** Bytes of a file from `offset` on, straight into this place; a server may give less than fits. */
  read(handle: Buffer, offset: number, into: Uint8Array, done: ReadDone): void
  end(): void
  /** aborts when it is over, whoever ended it */
  readonly over: AbortSignal
}

const endOfFile = 1

type Waiting =
  | { readonly kind: 'answer'; readonly resolve: (told: SftpAnswer) => void; readonly reject: (error: unknown) => void }
  | { readonly kind: 'bytes'; readonly into: Uint8Array; readonly done: ReadDone }

/** What a session runs on: bytes from a server of SFTP, and bytes to it. */
export type SftpPipe = {
  readonly incoming: Readable
  readonly outgoing: Writable
  /** so many bytes have moved on */
  took(bytes: number): void
  close(): void
}

/** A channel whose subsystem has been started. */
export function subsystemPipe(channel: ClientChannel): SftpPipe {
  const window = widenWindow(channel)
  // an error stream that nobody reads would hold up the channel
  channel.stderr.on('error', () => {}).resume()
  return { incoming: channel, outgoing: channel, took: window.took, close: () => channel.close() }
}

/** A command that speaks SFTP on its standard streams. */
export function commandPipe({ stdout, stdin }: RemoteStream): SftpPipe {
  stdin.on('error', () => {})
  return { incoming: stdout, outgoing: stdin, took: () => {}, close: () => stdout.destroy() }
}

/**
 * SFTP on a channel whose subsystem has been started. Servers answer in turn, so that nobody needs to wait for the
 * greeting. ssh2's own SFTP collects each answer in new memory and copies it once more to where it was wanted: at a
 * gigabyte that is most of the work.
 */
export function startSftp({ incoming, outgoing, took, close }: SftpPipe): SftpSession {
  const over = new AbortController()
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  let greeted = false

  function finish(error: unknown): void {
    if (over.signal.aborted) return
    over.abort(error)
    close()
    for (const each of waiting.values()) {
      if (each.kind === 'answer') each.reject(error)
      else each.done(error, 0)
    }
    waiting.clear()
  }
  function answered(id: number): Waiting | undefined {
    const found = waiting.get(id)
    waiting.delete(id)
    return found
  }
  const packets = new SftpPackets({
    placeFor(id, bytes) {
      const asked = waiting.get(id)
      if (asked?.kind !== 'bytes') throw new Error('bytes of a file that nobody has asked for')
      if (bytes > asked.into.length) throw new Error('more bytes of a file than were asked for')
      return asked.into
    },
    filled(id, bytes) {
      const asked = answered(id)
      if (asked?.kind === 'bytes') asked.done(undefined, bytes)
    },
    told(id, told) {
      if (told.kind === 'version') {
        greeted = true
        return
      }
      const asked = answered(id)
      if (!asked) throw new Error('an answer to nothing that was asked')
      tell(asked, told)
    },
  })
  incoming.on('data', (chunk: Buffer) => {
    took(chunk.length)
    if (over.signal.aborted) return
    try {
      packets.push(chunk)
    } catch (cause) {
      finish(greeted ? cause : new NoSftp('what came is no greeting of SFTP', { cause }))
    }
  })
  incoming.on('error', finish)
  for (const ending of ['end', 'close']) incoming.on(ending, () => finish(new Error('the SFTP session has ended')))
  const send = (type: RequestType, fields: readonly Field[], asked: Waiting): void => {
    lastId = (lastId + 1) % 2 ** 32
    waiting.set(lastId, asked)
    outgoing.write(encodeRequest(type, lastId, fields))
  }

  outgoing.write(hello)
  return {
    over: over.signal,
    end: () => finish(new Error('the SFTP session was ended')),
    ask: async (type, ...fields) => {
      over.signal.throwIfAborted()
      return new Promise((resolve, reject) => send(type, fields, { kind: 'answer', resolve, reject }))
    },
    read: (handle, offset, into, done) => {
      if (over.signal.aborted) return done(over.signal.reason, 0)
      send(request.read, [handle, BigInt(offset), into.length], { kind: 'bytes', into, done })
    },
  }
}

function tell(asked: Waiting, told: SftpAnswer): void {
  const error = told.kind === 'status' && told.code !== 0 ? new SftpStatus(told.code, told.message) : undefined
  switch (asked.kind) {
    case 'answer':
      return error ? asked.reject(error) : asked.resolve(told)
    case 'bytes':
      if (error?.code === endOfFile) return asked.done(undefined, 0)
      return asked.done(error ?? new Error('an answer that is no bytes of a file'), 0)
  }
}
