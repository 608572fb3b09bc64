import { constants } from 'node:fs'
import { lstat, open, readdir, realpath, stat, type FileHandle } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import ssh2, { type Attributes, type SFTPWrapper } from 'ssh2'

const { STATUS_CODE } = ssh2.utils.sftp
type Status = (typeof STATUS_CODE)[keyof typeof STATUS_CODE]
type Open = { file: FileHandle } | { folder: string; names: string[] | null }

/** Serves one folder over SFTP, for reading only. What lies outside of it does not exist. */
export function serveFolder(sftp: SFTPWrapper, root: string): void {
  const handles = new Map<number, Open>()
  let next = 0
  const fail = (id: number, error: unknown): void => sftp.status(id, statusOf(error))
  const within = async (path: string): Promise<string> => {
    // /tmp and /var are links on macOS: compared is where both lead
    const [inside, whole] = await Promise.all([realpath(root), realpath(resolve(root, path))])
    if (whole === inside || whole.startsWith(inside + sep)) return whole
    throw Object.assign(new Error('outside'), { code: 'ENOENT' })
  }
  const keep = (entry: Open): Buffer => {
    const handle = Buffer.alloc(4)
    handle.writeUInt32BE(next)
    handles.set(next++, entry)
    return handle
  }
  const entryOf = (handle: Buffer): Open => {
    const entry = handle.length === 4 ? handles.get(handle.readUInt32BE()) : undefined
    if (entry) return entry
    throw Object.assign(new Error('no such handle'), { code: 'EBADF' })
  }
  const fileOf = (handle: Buffer): FileHandle => {
    const entry = entryOf(handle)
    if ('file' in entry) return entry.file
    throw Object.assign(new Error('a folder'), { code: 'EISDIR' })
  }
  const answer = (id: number, work: () => Promise<void>): void => void work().catch((error: unknown) => fail(id, error))

  sftp.on('OPEN', (id, path, flags) =>
    answer(id, async () => {
      if (flags & ~ssh2.utils.sftp.OPEN_MODE.READ) return sftp.status(id, STATUS_CODE.PERMISSION_DENIED)
      sftp.handle(id, keep({ file: await open(await within(path), constants.O_RDONLY) }))
    }),
  )
  sftp.on('READ', (id, handle, offset, length) =>
    answer(id, async () => {
      const buffer = Buffer.alloc(Math.min(length, 256 * 1024))
      const { bytesRead } = await fileOf(handle).read(buffer, 0, buffer.length, offset)
      if (bytesRead === 0) sftp.status(id, STATUS_CODE.EOF)
      else sftp.data(id, buffer.subarray(0, bytesRead))
    }),
  )
  sftp.on('FSTAT', (id, handle) => answer(id, async () => sftp.attrs(id, attributes(await fileOf(handle).stat()))))
  sftp.on('STAT', (id, path) => answer(id, async () => sftp.attrs(id, attributes(await stat(await within(path))))))
  sftp.on('LSTAT', (id, path) => answer(id, async () => sftp.attrs(id, attributes(await lstat(await within(path))))))
  sftp.on('REALPATH', (id, path) =>
    answer(id, async () => {
      const filename = await within(path === '.' ? root : path)
      sftp.name(id, [{ filename, longname: filename, attrs: attributes(await stat(filename)) }])
    }),
  )
  sftp.on('OPENDIR', (id, path) =>
    answer(id, async () => {
      const folder = await within(path)
      sftp.handle(id, keep({ folder, names: await readdir(folder) }))
    }),
  )
  sftp.on('READDIR', (id, handle) =>
    answer(id, async () => {
      const entry = entryOf(handle)
      if ('file' in entry || entry.names === null) return sftp.status(id, STATUS_CODE.EOF)
      const { folder, names } = entry
      entry.names = null
      const listed = await Promise.all(
        names.map(async (filename) => ({
          filename,
          longname: filename,
          attrs: attributes(await lstat(join(folder, filename))),
        })),
      )
      sftp.name(id, listed)
    }),
  )
  sftp.on('CLOSE', (id, handle) =>
    answer(id, async () => {
      const entry = entryOf(handle)
      handles.delete(handle.readUInt32BE())
      if ('file' in entry) await entry.file.close()
      sftp.status(id, STATUS_CODE.OK)
    }),
  )
  sftp.on('close', () => {
    for (const entry of handles.values()) if ('file' in entry) void entry.file.close().catch(() => {})
    handles.clear()
  })
}

function attributes(from: {
  mode: number
  uid: number
  gid: number
  size: number
  atimeMs: number
  mtimeMs: number
}): Attributes {
  const seconds = (ms: number): number => Math.floor(ms / 1000)
  return {
    mode: from.mode,
    uid: from.uid,
    gid: from.gid,
    size: from.size,
    atime: seconds(from.atimeMs),
    mtime: seconds(from.mtimeMs),
  }
}

function statusOf(error: unknown): Status {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR') return STATUS_CODE.NO_SUCH_FILE
  return code === 'EACCES' ? STATUS_CODE.PERMISSION_DENIED : STATUS_CODE.FAILURE
}
