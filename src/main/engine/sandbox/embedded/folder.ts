import { chmod, chown, mkdir, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { makePrivateFolder } from '#engine/disk/folder.ts'
import { diskFailure } from '#engine/disk/failure.ts'
import { makeOwnedFolder, removeFolder } from '../owned-folder.ts'
import type { Binaries } from './binaries.ts'
import type { ServerUser } from './user.ts'

/** Where one embedded server lives. */
export type ServerFolder = {
  data: string
  /** folder of its socket; null where the system has none */
  sockets: string | null
  /** environment of its programs: nothing of ours but what they need to start */
  env: Record<string, string>
  /** a file with the superuser's password, for initdb alone */
  passwordFile: string
  remove(): Promise<void>
}

/** A folder that a dropped user can reach: root's own data folder is closed to it. */
export const rootScratch = '/var/tmp'
export const scratchBase = (scratchDir: string): string => (process.getuid?.() === 0 ? rootScratch : scratchDir)

/** The path of a socket may have 103 bytes on macOS, 107 on Linux. */
const longestSocketPath = 103

export async function makeServerFolder(
  scratchDir: string,
  binaries: Binaries,
  user: ServerUser | null,
  password: string,
): Promise<ServerFolder> {
  const base = scratchBase(scratchDir)
  if (base === scratchDir) await makePrivateFolder(base)
  const made: string[] = []
  const remove = async (): Promise<void> => {
    for (const folder of made) await removeFolder(folder)
  }
  try {
    const folder = await makeOwnedFolder(base)
    made.push(folder)
    // the dropped user passes through, and can list nothing
    if (user) await chmod(folder, 0o711)
    const data = join(folder, 'data')
    await mkdir(data, { mode: 0o700 })
    if (user) await chown(data, user.uid, user.gid)
    const lib = join(folder, 'lib')
    await mkdir(lib, { mode: 0o755 })
    for (const { name, file } of binaries.links) await symlink(join(binaries.native, 'lib', file), join(lib, name))
    const passwordFile = join(folder, 'password')
    await writeFile(passwordFile, password, { mode: 0o600 })
    if (user) await chown(passwordFile, user.uid, user.gid)
    const sockets = await makeSockets(folder, user, made)
    return { data, sockets, passwordFile, env: environment([lib, join(binaries.native, 'lib')]), remove }
  } catch (error) {
    await remove()
    throw diskFailure(error, 'The folder of the sandbox could not be made')
  }
}

async function makeSockets(folder: string, user: ServerUser | null, made: string[]): Promise<string | null> {
  if (process.platform === 'win32') return null
  let parent = folder
  if (Buffer.byteLength(join(folder, 's', '.s.PGSQL.5432')) > longestSocketPath) {
    parent = await makeOwnedFolder(tmpdir())
    made.push(parent)
    if (user) await chmod(parent, 0o711)
  }
  const sockets = join(parent, 's')
  await mkdir(sockets, { mode: 0o700 })
  if (user) await chown(sockets, user.uid, user.gid)
  return sockets
}

/** A library of the package finds the next one by this alone: only programs carry a path of their own. */
function environment(libraries: string[]): Record<string, string> {
  const found = libraries.join(delimiter)
  const path = process.env['PATH'] ?? ''
  const system = process.env['SystemRoot']
  return {
    PATH: path,
    LC_ALL: 'C',
    TZ: 'UTC',
    ...(system === undefined ? {} : { SystemRoot: system }),
    ...(process.platform === 'darwin' ? { DYLD_LIBRARY_PATH: found } : { LD_LIBRARY_PATH: found }),
  }
}
