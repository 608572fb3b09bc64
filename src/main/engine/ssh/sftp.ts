import type { Readable } from 'node:stream'
import type { FileEntry, SFTPWrapper, Stats } from 'ssh2'
import { LifeboatFailure } from '#shared/failure.ts'
import { widenWindow } from './channel-window.ts'
import { pipelinedRead } from './sftp-read.ts'
import { watchSilence } from './silence.ts'
import { lost } from './ssh-failure.ts'
import type { SshTarget } from './target.ts'

export type RemoteFacts = {
  readonly kind: 'file' | 'folder' | 'link' | 'other'
  readonly bytes: number
  /** whole seconds since 1970, by the server's clock */
  readonly modified: number
  /** permission bits, as in chmod */
  readonly mode: number
}
export type RemoteEntry = RemoteFacts & { readonly name: string }

/** A file that was opened: it stays readable when its name is given to another one. */
export type RemoteFile = {
  /** as it was when it was opened */
  readonly facts: RemoteFacts
  /** as it is now, under this handle */
  stat(): Promise<RemoteFacts>
  /**
   * Bytes from `start` up to `end` (the size at opening unless told), in order, several requests in flight.
   * Fails with `backup-changed` when the file turns out shorter, `stalled`, `connection-lost`.
   */
  read(range?: { start?: number; end?: number }): Readable
  close(): Promise<void>
}

/** Files of the server. Paths are the server's own; a relative one begins in the user's home. */
export type Sftp = {
  /** The entries of a folder, in no order, links not followed. Fails with `folder-missing`. */
  list(folder: string): Promise<RemoteEntry[]>
  /** null: there is no such file. Follows links. */
  stat(path: string): Promise<RemoteFacts | null>
  /** Fails with `backup-vanished` when there is no such file. */
  open(path: string): Promise<RemoteFile>
  /** A whole small file. Fails when it holds more than `maxBytes`. */
  readFile(path: string, maxBytes: number): Promise<Buffer>
  /** the absolute path of what is named */
  realPath(path: string): Promise<string>
  end(): void
}

export type SftpSettings = {
  readonly target: SshTarget
  readonly server: string
  readonly stall: number
  readonly signal: AbortSignal
  readonly connectionEnd: AbortSignal
  /** sends what is written in it as one piece */
  readonly together: (work: () => void) => void
}

/** Codes of SFTP version 3 (draft-ietf-secsh-filexfer-02, section 7). */
const endOfFile = 1
const noSuchFile = 2
const permissionDenied = 3

/** Listings answer about a hundred names at a time: this many requests are kept in flight, or delay would add up. */
const listDepth = 16

type Request = <T>(what: string, start: (done: (error: unknown, value: T) => void) => void) => Promise<T>

/** An open SFTP session as the few operations that Lifeboat needs; it only ever reads. */
export function sftpOver(session: SFTPWrapper, settings: SftpSettings): Sftp {
  const window = widenWindow(session)
  const request = requester(session, settings)
  const handle = (what: string, path: string, flags: 'r') =>
    request<Buffer>(what, (done) => session.open(path, flags, done))

  async function open(path: string): Promise<RemoteFile> {
    const file = await handle(path, path, 'r')
    const stat = async () => factsOf(await request<Stats>(path, (done) => session.fstat(file, done)))
    const close = () => request<undefined>(path, (done) => session.close(file, (error) => done(error, undefined)))
    try {
      const facts = await stat()
      return {
        facts,
        stat,
        close: () => close().catch(() => undefined),
        read: ({ start = 0, end = facts.bytes } = {}) =>
          pipelinedRead({
            session,
            handle: file,
            path,
            start,
            end,
            ...settings,
            took: window.took,
            failed: requestFailure,
          }),
      }
    } catch (error) {
      await close().catch(() => undefined)
      throw error
    }
  }
  const requestFailure = (error: unknown, path: string) => sftpFailure(error, path, settings)

  return {
    open,
    list: async (folder) => list(session, request, folder),
    stat: async (path) => {
      try {
        return factsOf(await request<Stats>(path, (done) => session.stat(path, done)))
      } catch (error) {
        if (error instanceof LifeboatFailure && error.kind === 'backup-vanished') return null
        throw error
      }
    },
    readFile: async (path, maxBytes) => {
      const file = await open(path)
      try {
        const chunks: Buffer[] = []
        if (file.facts.bytes > maxBytes) throw tooLarge(path, maxBytes)
        const content: AsyncIterable<Buffer> = file.read()
        for await (const chunk of content) chunks.push(chunk)
        return Buffer.concat(chunks)
      } finally {
        await file.close()
      }
    },
    realPath: (path) => request<string>(path, (done) => session.realpath(path, done)),
    end: () => session.end(),
  }
}

async function list(session: SFTPWrapper, request: Request, folder: string): Promise<RemoteEntry[]> {
  const handle = await request<Buffer>(folder, (done) => session.opendir(folder, done)).catch((error: unknown) => {
    throw error instanceof LifeboatFailure && error.kind === 'backup-vanished' ? folderMissing(folder, error) : error
  })
  try {
    const entries: RemoteEntry[] = []
    let more = true
    const lane = async () => {
      while (more) {
        const batch = await request<FileEntry[] | null>(folder, (done) =>
          session.readdir(handle, (error, names) =>
            codeOf(error) === endOfFile ? done(undefined, null) : done(error, names),
          ),
        )
        if (batch === null) more = false
        else for (const entry of batch) entries.push({ name: entry.filename, ...factsOf(entry.attrs) })
      }
    }
    await Promise.all(Array.from({ length: listDepth }, lane))
    return entries
  } finally {
    await request<undefined>(folder, (done) => session.close(handle, (error) => done(error, undefined))).catch(
      () => undefined,
    )
  }
}

/** Every request ends: with its answer, with the session, with the signal, or after the stall time. */
function requester(session: SFTPWrapper, settings: SftpSettings): Request {
  const { signal, connectionEnd, target, stall } = settings
  const over = new AbortController()
  const ended = () => over.abort(connectionEnd.aborted ? connectionEnd.reason : lost(target))
  session.on('error', (error: unknown) => over.abort(lost(target, error)))
  session.on('close', ended)
  session.on('end', ended)
  const stop = AbortSignal.any([signal, connectionEnd, over.signal])
  stop.addEventListener('abort', () => session.end(), { once: true })
  return async (what, start) => {
    stop.throwIfAborted()
    const answer = Promise.withResolvers<Parameters<Parameters<typeof start>[0]>[1]>()
    const onStop = () => answer.reject(stop.reason)
    const watch = watchSilence(stall, () => answer.reject(silent(what, settings)))
    stop.addEventListener('abort', onStop, { once: true })
    try {
      start((error, value) => (error ? answer.reject(sftpFailure(error, what, settings)) : answer.resolve(value)))
      return await answer.promise
    } finally {
      watch.stop()
      stop.removeEventListener('abort', onStop)
    }
  }
}

function sftpFailure(error: unknown, path: string, { target, connectionEnd }: SftpSettings): LifeboatFailure {
  if (connectionEnd.aborted && connectionEnd.reason instanceof LifeboatFailure) return connectionEnd.reason
  switch (codeOf(error)) {
    case noSuchFile:
      return new LifeboatFailure('backup-vanished', `${path} is not on ${target.label}.`, { cause: error })
    case permissionDenied:
      return new LifeboatFailure('remote-command', `${target.label} does not let ${target.user} read ${path}.`, {
        cause: error,
      })
    case undefined:
      return lost(target, error)
    default:
      return new LifeboatFailure('remote-command', `${target.label} could not read ${path}.`, { cause: error })
  }
}

function silent(path: string, { target, stall }: SftpSettings): LifeboatFailure {
  return new LifeboatFailure(
    'stalled',
    `${target.label} has said nothing about ${path} for ${Math.round(stall / 1000)} s.`,
  )
}

function folderMissing(folder: string, cause: LifeboatFailure): LifeboatFailure {
  return new LifeboatFailure('folder-missing', `There is no folder ${folder} on the server.`, { cause: cause.cause })
}

function tooLarge(path: string, maxBytes: number): LifeboatFailure {
  return new LifeboatFailure('remote-command', `${path} is larger than ${maxBytes} bytes.`)
}

function codeOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'number' ? error.code : undefined
}

function factsOf({ mode, size, mtime }: { mode: number; size: number; mtime: number }): RemoteFacts {
  return { kind: kinds[mode & 0o170000] ?? 'other', bytes: size, modified: mtime, mode: mode & 0o7777 }
}

/** the type bits of st_mode, as POSIX systems lay them out */
const kinds: Record<number, RemoteFacts['kind']> = { 0o100000: 'file', 0o040000: 'folder', 0o120000: 'link' }
