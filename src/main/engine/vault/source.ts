import { constants } from 'node:fs'
import { open as openFile } from 'node:fs/promises'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Server } from '#shared/server.ts'
import { errorCode } from '#engine/disk/failure.ts'
import type { Connection } from '#engine/ssh/connection.ts'
import type { RemoteFile, Sftp } from '#engine/ssh/sftp.ts'
import type { TarFile } from '#engine/tar/file.ts'
import { archiveLimits } from './archive.ts'

/** A file as it was read, before it has a name in the archive. */
export type ReadFile = Omit<TarFile, 'name'> & { readonly path: string }

/** Reads one file whole. Throws `env-missing`, `env-unreadable`, `env-changed`. */
export type ReadSource = (path: string) => Promise<ReadFile>

/**
 * All files, each of them read twice: one that somebody writes to meanwhile is told of, and nothing is sealed.
 * @param where name of the place they come from, for sentences
 */
export async function readSources(paths: readonly string[], where: string, read: ReadSource): Promise<ReadFile[]> {
  const first: ReadFile[] = []
  for (const path of paths) first.push(await read(path))
  for (const file of first) {
    const again = await read(file.path)
    if (!isSame(file, again)) throw changed(file.path, where)
  }
  return first
}

function isSame(a: ReadFile, b: ReadFile): boolean {
  return (
    a.mode === b.mode &&
    a.modifiedAt.getTime() === b.modifiedAt.getTime() &&
    Buffer.compare(Buffer.from(a.content), Buffer.from(b.content)) === 0
  )
}

/** The way to a server's `.env` files: as the user who logs in, or as root where the profile says so. */
export function envSftp(connection: Connection, { sudo }: Pick<Server, 'sudo'>, signal: AbortSignal): Promise<Sftp> {
  return sudo ? connection.rootSftp(signal) : connection.sftp(signal)
}

/** Files of a server over SFTP, as whoever opened it may read them. */
export function remoteSource(sftp: Sftp, where: string): ReadSource {
  return async (path) => {
    const file = await sftp.open(path).catch((error: unknown) => {
      throw unreadable(error, path, where)
    })
    try {
      return await readRemote(file, path, where)
    } finally {
      await file.close()
    }
  }
}

async function readRemote(file: RemoteFile, path: string, where: string): Promise<ReadFile> {
  const { kind, bytes, mode, modified } = file.facts
  if (kind !== 'file') throw new LifeboatFailure('env-missing', `${path} on ${where} is no file.`)
  if (bytes > archiveLimits.fileBytes) throw tooLarge(path, where)
  const chunks: Buffer[] = []
  try {
    const stream: AsyncIterable<Buffer> = file.read()
    for await (const chunk of stream) chunks.push(chunk)
  } catch (error) {
    if (error instanceof LifeboatFailure && error.kind === 'backup-changed') throw changed(path, where)
    throw error
  }
  const now = await file.stat()
  if (now.bytes !== bytes || now.modified !== modified) throw changed(path, where)
  return { path, mode: mode & 0o777, modifiedAt: new Date(modified * 1000), content: Buffer.concat(chunks) }
}

/** Files of this computer. Links are followed, as they are on a server. */
export const localSource: ReadSource = async (path) => {
  const where = 'this computer'
  // without O_NONBLOCK a pipe in the place of a file would hold everything up
  const handle = await openFile(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((error: unknown) => {
    throw unreadable(error, path, where)
  })
  try {
    const before = await handle.stat()
    if (!before.isFile()) throw new LifeboatFailure('env-missing', `${path} is no file.`)
    if (before.size > archiveLimits.fileBytes) throw tooLarge(path, where)
    const content = await handle.readFile()
    const after = await handle.stat()
    if (content.length !== before.size || after.mtimeMs !== before.mtimeMs) throw changed(path, where)
    // an archive knows whole seconds
    const modifiedAt = new Date(Math.floor(before.mtimeMs / 1000) * 1000)
    return { path, mode: before.mode & 0o777, modifiedAt, content }
  } finally {
    await handle.close()
  }
}

function unreadable(error: unknown, path: string, where: string): LifeboatFailure {
  const gone = errorCode(error) === 'ENOENT' || (error instanceof LifeboatFailure && error.kind === 'backup-vanished')
  if (gone) return new LifeboatFailure('env-missing', `${path} is not on ${where}. Nothing was sealed.`)
  if (error instanceof LifeboatFailure && error.kind !== 'remote-command') return error
  const message = `${path} on ${where} may not be read by this user. Nothing was sealed.`
  return new LifeboatFailure('env-unreadable', message, { cause: error })
}

function changed(path: string, where: string): LifeboatFailure {
  return new LifeboatFailure('env-changed', `${path} on ${where} changed while it was read. Nothing was sealed.`)
}

function tooLarge(path: string, where: string): LifeboatFailure {
  const limit = `${archiveLimits.fileBytes / 1024 / 1024} MB`
  return new LifeboatFailure('invalid-input', `${path} on ${where} is larger than ${limit}: that is no .env file.`)
}
