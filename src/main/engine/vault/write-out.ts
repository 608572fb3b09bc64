import { chmod, lstat, mkdtemp, readdir, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { LifeboatFailure } from '#shared/failure.ts'
import { printable } from '#shared/name.ts'
import { diskFailure } from '#engine/disk/failure.ts'
import { createExclusive, giveName, removeFile } from '#engine/disk/file.ts'
import { makePrivateFolder, syncFolder } from '#engine/disk/folder.ts'
import { isProcess } from '#engine/disk/process.ts'
import type { TarFile } from '#engine/tar/file.ts'

/**
 * Writes files into a folder that only the operator may enter: all of them or none, and over nothing that is there.
 * The folder is made where it is missing; an empty one is closed to others, and one that holds something and is open to
 * others is refused.
 * @returns the absolute folder and the absolute files
 */
export async function writeOut(to: string, files: readonly TarFile[]): Promise<{ folder: string; files: string[] }> {
  const folder = resolve(to)
  await preparePrivate(folder)
  for (const { name } of files) {
    if (await exists(join(folder, name))) throw taken(join(folder, name))
  }
  await sweepHidden(folder).catch((error: unknown) => {
    throw diskFailure(error, `What a killed opening has left in ${folder} can not be removed`)
  })
  // bytes first, hidden; names only when all of them are on the disk
  const hidden = await mkdtemp(join(folder, `.lifeboat-open-${process.pid}-`)).catch((error: unknown) => {
    throw diskFailure(error, `Nothing can be written into ${folder}`)
  })
  const named: string[] = []
  try {
    for (const file of files) await writeHidden(join(hidden, file.name), file)
    for (const { name } of files) {
      const path = join(folder, name)
      if (!(await giveName(join(hidden, name), path))) throw taken(path)
      named.push(path)
    }
    await syncFolder(folder)
    return { folder, files: named }
  } catch (error) {
    for (const path of named) await removeFile(path).catch(() => {})
    throw diskFailure(error, `The files could not be written into ${folder}`)
  } finally {
    await rm(hidden, { recursive: true, force: true }).catch(() => {})
  }
}

/** What a process that was killed in the middle has left here in clear. */
async function sweepHidden(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, pid] = /^\.lifeboat-open-(\d+)-/.exec(name) ?? []
    if (pid !== undefined && !isProcess(Number(pid))) await rm(join(folder, name), { recursive: true, force: true })
  }
}

async function writeHidden(path: string, { content, mode, modifiedAt }: TarFile): Promise<void> {
  const handle = await createExclusive(path)
  try {
    await handle.writeFile(content)
    // the folder is nobody else's, so that the file can have the rights that it had
    await handle.chmod(mode | 0o400)
    await handle.utimes(modifiedAt, modifiedAt)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function preparePrivate(folder: string): Promise<void> {
  if (!(await exists(folder))) {
    await makePrivateFolder(dirname(folder))
    await makePrivateFolder(folder)
    return
  }
  const facts = await lstat(folder)
  if (!facts.isDirectory()) throw new LifeboatFailure('folder-refused', `${folder} is no folder, or a link.`)
  // Windows has no such bits
  if ((facts.mode & 0o077) === 0 || process.platform === 'win32') return
  if ((await readdir(folder)).length > 0)
    throw new LifeboatFailure(
      'folder-refused',
      `Others may enter ${folder}. Name a new folder, or close it first: chmod 700 ${folder}`,
    )
  await chmod(folder, 0o700).catch((error: unknown) => {
    throw diskFailure(error, `${folder} could not be closed to others`)
  })
}

function taken(path: string): LifeboatFailure {
  return new LifeboatFailure(
    'name-taken',
    `${printable(basename(path))} is in ${dirname(path)} already. Nothing was written.`,
  )
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
