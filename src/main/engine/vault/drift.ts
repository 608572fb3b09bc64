import { LifeboatFailure } from '#shared/failure.ts'
import type { Drift } from '#shared/vault.ts'
import type { TarFile } from '#engine/tar/file.ts'
import { differenceOf } from './difference.ts'
import type { FoundSeal } from './list.ts'
import { flatNames } from './names.ts'
import { readSources, type ReadSource } from './source.ts'

/**
 * The files of a database as they are on the server now, under the names that a seal gives them. One that is missing is
 * left out here, where nothing is sealed of it.
 */
export async function filesNow(paths: readonly string[], where: string, read: ReadSource): Promise<TarFile[]> {
  const names = flatNames(paths)
  const files: TarFile[] = []
  for (const [index, path] of paths.entries()) {
    try {
      const [file] = await readSources([path], where, read)
      if (file) files.push({ ...file, name: names[index] ?? path })
    } catch (error) {
      if (!(error instanceof LifeboatFailure) || error.kind !== 'env-missing') throw error
    }
  }
  return files
}

/** A seal beside what the server has, both in clear and both in memory. */
export function driftOf(seal: FoundSeal, sealed: readonly TarFile[], now: readonly TarFile[], at: Date): Drift {
  const there = new Set(now.map(({ name }) => name))
  return {
    ...differenceOf(sealed, now),
    sealId: seal.id,
    at: at.toISOString(),
    missing: sealed.map(({ name }) => name).filter((name) => !there.has(name)),
  }
}
