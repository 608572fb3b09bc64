import { chmod, cp, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { basename, join } from 'node:path'
import { diskFailure } from '#engine/disk/failure.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Binaries } from './binaries.ts'

/** The user that the server runs as where this process is root: PostgreSQL refuses to run as root, and rightly so. */
export type ServerUser = { uid: number; gid: number }

/** null: as whoever runs this process. Throws `sandbox-missing` when root finds nobody to be. */
export async function serverUser(): Promise<ServerUser | null> {
  if (process.getuid?.() !== 0) return null
  const users = await readFile('/etc/passwd', 'utf8').catch(() => '')
  // initdb asks for its user's name, so a number that stands for nobody would not do
  const found = /^nobody:[^:]*:(\d+):(\d+):/m.exec(users)
  const [, uid, gid] = found ?? []
  if (uid !== undefined && uid !== '0' && gid !== undefined) return { uid: Number(uid), gid: Number(gid) }
  throw new LifeboatFailure(
    'sandbox-missing',
    'The embedded PostgreSQL does not run as root, and this computer has no user `nobody` to run it as.',
  )
}

const cacheDir = '/var/cache/lifeboat'
const run = promisify(execFile)

/** Binaries that the user can run: the package's own where it can reach them, else a copy that is made once. */
export async function reachable(binaries: Binaries, user: ServerUser | null): Promise<Binaries> {
  if (user === null || (await canRead(binaries.native, user))) return binaries
  const copy = join(cacheDir, `embedded-${binaries.version}`)
  if (!(await isOurs(copy)))
    await copyTree(binaries.native, copy).catch((error: unknown) => {
      throw diskFailure(error, `The embedded PostgreSQL could not be copied to ${copy}`)
    })
  return { ...binaries, native: copy }
}

async function canRead(native: string, user: ServerUser): Promise<boolean> {
  try {
    // the last file of the tree that a start needs; `cat` needs no library of the package
    await run('/bin/cat', [join(native, 'share', 'postgresql', 'postgres.bki')], { ...user, cwd: '/', maxBuffer: 1e8 })
    return true
  } catch {
    return false
  }
}

/** What was copied has the modes of where it lay, which is where nobody else could read it. */
async function openToAll(dir: string): Promise<void> {
  await chmod(dir, 0o755)
  for (const entry of await readdir(dir, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name)
    const programs = basename(entry.parentPath) === 'bin'
    if (!entry.isSymbolicLink()) await chmod(path, entry.isDirectory() || programs ? 0o755 : 0o644)
  }
}

/** Programs that root made and nobody else can change. */
async function isOurs(dir: string): Promise<boolean> {
  const about = await lstat(dir).catch(() => null)
  return about !== null && about.isDirectory() && about.uid === 0 && (about.mode & 0o022) === 0
}

async function copyTree(native: string, to: string): Promise<void> {
  await mkdir(cacheDir, { recursive: true })
  await chmod(cacheDir, 0o755)
  const part = await mkdtemp(join(cacheDir, 'part-'))
  try {
    await cp(native, join(part, 'native'), { recursive: true })
    await openToAll(join(part, 'native'))
    await rename(join(part, 'native'), to).catch(async (error: unknown) => {
      // somebody else was faster
      if (!(await isOurs(to))) throw error
    })
  } finally {
    await rm(part, { recursive: true, force: true })
  }
}
