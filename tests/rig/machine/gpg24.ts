import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fetchPackages } from './packages.ts'
import { bash, say } from './run.ts'
import { cacheDir } from './where.ts'

/** gpg of Debian 13 and all that it is linked with. */
const packages = (
  'gpg gpg-agent gpgconf libc6 libgcrypt20 libgpg-error0 libassuan9 libnpth0t64 libreadline8t64 libtinfo6 zlib1g ' +
  'libbz2-1.0 libsqlite3-0 libgcc-s1'
).split(' ')

/** A root folder in which `chroot DIR /usr/bin/gpg` is GnuPG 2.4. Made once, and kept. Needs root. */
export async function gpg24(): Promise<string> {
  const root = join(cacheDir, 'gpg-2.4')
  if (existsSync(root)) return root
  say('fetching GnuPG 2.4')
  mkdirSync(cacheDir, { recursive: true, mode: 0o700 })
  const files = await fetchPackages('trixie', packages)
  const part = `${root}.${process.pid}`
  // as on every Debian of today, these are links into /usr
  await bash(
    'mkdir -p "$1"/usr/lib "$1"/usr/lib64 "$1"/usr/bin "$1"/tmp "$1"/dev && cd "$1" && ln -s usr/lib usr/lib64 usr/bin .',
    [part],
  )
  for (const file of files)
    await bash('dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --keep-directory-symlink', [file, part])
  await bash('mknod -m 666 "$1"/dev/null c 1 3; mknod -m 666 "$1"/dev/urandom c 1 9', [part])
  try {
    renameSync(part, root)
  } catch {
    // another run was faster
    rmSync(part, { recursive: true, force: true })
  }
  return root
}
