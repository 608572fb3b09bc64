import { LifeboatFailure } from '#shared/failure.ts'
import type { Drift } from '#shared/vault.ts'
import type { TarFile } from '#engine/tar/file.ts'
import { differenceOf, viewOf } from './difference.ts'
import type { FoundSeal } from './list.ts'
import { flatNames } from './names.ts'
import { printerOf } from './prints.ts'
import { readSources, type ReadSource } from './source.ts'
import type { VaultTools } from './tools.ts'

type Comparing = {
  readonly seal: FoundSeal
  readonly now: readonly TarFile[]
  /** opens the seal, which may ask for its passphrase; only where there are no fingerprints */
  readonly open: () => Promise<TarFile[]>
}

/** A seal beside what the server has: by fingerprints where they are kept, else by opening it. */
export async function driftOf({ seal, now, open }: Comparing, { keychain, now: clock }: VaultTools): Promise<Drift> {
  const kept = seal.record?.prints ?? null
  const printer = kept === null ? null : await printerOf(keychain, false)
  const before = kept === null ? null : (printer?.read(kept) ?? null)
  const sealed = before ?? (await open()).map((file) => viewOf(file))
  const print = before === null ? undefined : printer?.print
  const there = new Set(now.map(({ name }) => name))
  const difference = differenceOf(
    sealed,
    now.map((file) => viewOf(file, print)),
  )
  return {
    ...difference,
    // a file that is gone is told of as such, not as a hundred keys that were removed
    files: difference.files.map((file) => (file.in === 'left' ? { ...file, removed: [] } : file)),
    sealId: seal.id,
    at: clock().toISOString(),
    missing: sealed.map(({ name }) => name).filter((name) => !there.has(name)),
  }
}

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
