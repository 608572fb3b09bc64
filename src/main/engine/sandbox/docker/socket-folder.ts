import { chmod, lstat, mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { diskFailure } from '#engine/disk/failure.ts'
import { makeOwnedFolder, removeFolder } from '../owned-folder.ts'

/** A folder of this computer in which the server inside a container puts its socket. */
export type SocketFolder = {
  /** mounted into the container */
  readonly dir: string
  /** Leaves the socket alone in it; false when there is none, or when it can't be kept from being written to. */
  close(): Promise<boolean>
  remove(): Promise<void>
}

/**
 * It lies in the system's folder for such things, since the path of a socket may have 107 bytes. Made before the
 * container, whose user may write there until `close`: the folder around it lets nobody else of this computer in.
 */
export async function makeSocketFolder(): Promise<SocketFolder> {
  const parent = await makeOwnedFolder(tmpdir()).catch((error: unknown) => {
    throw diskFailure(error, `No folder could be made in ${tmpdir()}`)
  })
  const dir = join(parent, 's')
  await mkdir(dir)
  await chmod(dir, 0o777)
  return {
    dir,
    async close() {
      const socket = await lstat(join(dir, '.s.PGSQL.5432')).catch(() => null)
      await rm(join(dir, '.s.PGSQL.5432.lock'), { force: true })
      await chmod(dir, 0o555)
      // code of a dump that runs as the folder's own user could open it again
      return socket !== null && socket.isSocket() && socket.uid !== 0 && socket.uid !== process.getuid?.()
    },
    remove: async () => removeFolder(parent),
  }
}
