import { LifeboatFailure } from '#shared/failure.ts'
import { pipelinedRead } from './sftp-read.ts'
import { NoSftp, SftpStatus, type SftpSession } from './sftp-session.ts'
import { request, type Field, type FileAttrs, type RequestType, type SftpAnswer } from './sftp-wire.ts'
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
   * Bytes from `start` up to `end` (the size at opening unless told), in order, several requests in flight. A piece is
   * only good until the next one is asked for.
   * Fails with `backup-changed` when the file turns out shorter, `stalled`, `connection-lost`.
   */
  read(range?: { start?: number; end?: number }): AsyncIterable<Buffer>
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

/** The flag of OPEN, and attributes that say nothing. */
const forReading = 1
const noAttrs = 0

/** Listings answer about a hundred names at a time: this many requests are kept in flight, or delay would add up. */
const listDepth = 16

/** Sends a request about `what`, and answers with what comes of it. */
type Ask = (what: string, type: RequestType, ...fields: Field[]) => Promise<SftpAnswer>

/** An open SFTP session as the few operations that Lifeboat needs; it only ever reads. */
export function sftpOver(session: SftpSession, settings: SftpSettings): Sftp {
  const ask = asker(session, settings)
  const stat = async (path: string, type: RequestType, what: Field) => factsOf(await ask(path, type, what))

  async function open(path: string): Promise<RemoteFile> {
    const handle = handleOf(await ask(path, request.open, path, forReading, noAttrs))
    const close = () => closeQuietly(ask, path, handle)
    try {
      const facts = await stat(path, request.fstat, handle)
      return {
        facts,
        stat: () => stat(path, request.fstat, handle),
        close,
        read: ({ start = 0, end = facts.bytes } = {}) =>
          pipelinedRead({ session, handle, path, start, end, ...settings, failed: requestFailure }),
      }
    } catch (error) {
      await close()
      throw error
    }
  }
  const requestFailure = (error: unknown, path: string) => sftpFailure(error, path, settings)

  return {
    open,
    list: (folder) => list(ask, folder),
    stat: async (path) => {
      try {
        return await stat(path, request.stat, path)
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
        for await (const chunk of file.read()) chunks.push(Buffer.from(chunk))
        return Buffer.concat(chunks)
      } finally {
        await file.close()
      }
    },
    realPath: async (path) => namesOf(await ask(path, request.realpath, path))[0]?.name ?? path,
    end: () => session.end(),
  }
}

async function list(ask: Ask, folder: string): Promise<RemoteEntry[]> {
  const opened = await ask(folder, request.opendir, folder).catch((error: unknown) => {
    throw error instanceof LifeboatFailure && error.kind === 'backup-vanished' ? folderMissing(folder, error) : error
  })
  const handle = handleOf(opened)
  try {
    const entries: RemoteEntry[] = []
    let more = true
    const lane = async () => {
      while (more) {
        const batch = await ask(folder, request.readdir, handle)
        if (batch.kind === 'status') more = false
        else for (const { name, attrs } of namesOf(batch)) entries.push({ name, ...factsFrom(attrs) })
      }
    }
    await Promise.all(Array.from({ length: listDepth }, lane))
    return entries.filter(({ name }) => name !== '.' && name !== '..')
  } finally {
    await closeQuietly(ask, folder, handle)
  }
}

async function closeQuietly(ask: Ask, path: string, handle: Buffer): Promise<void> {
  await ask(path, request.close, handle).catch(() => undefined)
}

/**
 * Every request ends: with its answer, with the session, with the signal, or after the stall time. The end of a file or
 * of a list is an answer; every other status but success is a failure.
 */
function asker(session: SftpSession, settings: SftpSettings): Ask {
  const { signal, connectionEnd, stall } = settings
  const stop = AbortSignal.any([signal, connectionEnd, session.over])
  stop.addEventListener('abort', () => session.end(), { once: true })
  return async (what, type, ...fields) => {
    const answer = Promise.withResolvers<SftpAnswer>()
    const onStop = () => answer.reject(signal.aborted ? signal.reason : sftpFailure(stop.reason, what, settings))
    const watch = watchSilence(stall, () => answer.reject(silent(what, settings)))
    stop.addEventListener('abort', onStop, { once: true })
    try {
      if (stop.aborted) onStop()
      else session.ask(type, ...fields).then(answer.resolve, (error: unknown) => answer.reject(error))
      return await answer.promise
    } catch (error) {
      if (error instanceof SftpStatus && error.code === endOfFile) return { kind: 'status', code: 1, message: '' }
      throw error instanceof LifeboatFailure || error === signal.reason ? error : sftpFailure(error, what, settings)
    } finally {
      watch.stop()
      stop.removeEventListener('abort', onStop)
    }
  }
}

function sftpFailure(error: unknown, path: string, { target, connectionEnd }: SftpSettings): LifeboatFailure {
  if (connectionEnd.aborted && connectionEnd.reason instanceof LifeboatFailure) return connectionEnd.reason
  // the subsystem may be a program that the login shell starts
  if (error instanceof NoSftp)
    return new LifeboatFailure(
      'sftp-noise',
      `Something else than SFTP came from ${target.label}: the start files of the shell there print text into it.`,
      { cause: error },
    )
  switch (error instanceof SftpStatus ? error.code : undefined) {
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

function handleOf(told: SftpAnswer): Buffer {
  if (told.kind === 'handle') return told.handle
  throw unexpected(told)
}

function namesOf(told: SftpAnswer) {
  if (told.kind === 'names') return told.names
  throw unexpected(told)
}

function factsOf(told: SftpAnswer): RemoteFacts {
  if (told.kind === 'attrs') return factsFrom(told.attrs)
  throw unexpected(told)
}

function factsFrom({ mode = 0, size = 0, mtime = 0 }: FileAttrs): RemoteFacts {
  return { kind: kinds[mode & 0o170000] ?? 'other', bytes: size, modified: mtime, mode: mode & 0o7777 }
}

function unexpected({ kind }: SftpAnswer): LifeboatFailure {
  return new LifeboatFailure('ssh-protocol', `The server's SFTP answered with ${kind} to something else.`)
}

/** the type bits of st_mode, as POSIX systems lay them out */
const kinds: Record<number, RemoteFacts['kind']> = { 0o100000: 'file', 0o040000: 'folder', 0o120000: 'link' }
