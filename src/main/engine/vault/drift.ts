import { basename } from 'node:path'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Drift, DriftSeen } from '#shared/vault.ts'
import type { TarFile } from '#engine/tar/file.ts'
import { differenceOf, viewOf, type FileView, type Print } from './difference.ts'
import type { FoundSeal } from './list.ts'
import { flatNames } from './names.ts'
import { printerOf } from './prints.ts'
import { readSources, type ReadSource } from './source.ts'
import type { VaultKeychain } from './tools.ts'

/** What a seal holds, as it is compared: values as such, or their keyed fingerprints with what makes them. */
type SealedViews = { readonly views: readonly FileView[]; readonly print?: Print }

/** By the fingerprints beside a seal, which takes no passphrase. Null: there are none, or nobody has their key here. */
export async function viewsByPrints({ record }: FoundSeal, keychain: VaultKeychain): Promise<SealedViews | null> {
  const kept = record?.prints ?? null
  const printer = kept === null ? null : await printerOf(keychain, false)
  const views = kept === null ? null : (printer?.read(kept) ?? null)
  return printer && views ? { views, print: printer.print } : null
}

/** By the files of a seal that was opened. */
export function viewsOfFiles(files: readonly TarFile[]): SealedViews {
  return { views: files.map((file) => viewOf(file)) }
}

/**
 * A seal beside what the server has. A file of the seal of which nobody knows where it lies is not compared: it may be there.
 * @throws LifeboatFailure not-found where nothing is left to compare: nothing would differ then
 */
export function driftOf(seal: FoundSeal, { views, print }: SealedViews, { looked, files }: ServerNow, at: Date): Drift {
  const difference = differenceOf(
    views.filter(({ name }) => looked.has(name)),
    files.map((file) => viewOf(file, print)),
  )
  if (difference.files.length === 0)
    throw new LifeboatFailure(
      'not-found',
      `Where the files of ${basename(seal.file)} lie on the server is not known: nothing was compared.`,
    )
  return {
    ...difference,
    // a file that is gone is told of as such, not as a hundred keys that were removed
    files: difference.files.map((file) => (file.in === 'left' ? { ...file, removed: [] } : file)),
    sealId: seal.id,
    at: at.toISOString(),
    missing: difference.files.filter((file) => file.in === 'left').map(({ name }) => name),
  }
}

/** A drift in numbers. Names of keys are kept nowhere in clear. */
export function countsOf({ sealId, at, equal, files, missing }: Drift): DriftSeen {
  const both = files.filter((file) => file.in === 'both')
  const sum = (which: 'added' | 'removed' | 'changed'): number =>
    both.reduce((total, file) => total + file[which].length, 0)
  return {
    sealId,
    at,
    equal,
    added: sum('added'),
    removed: sum('removed'),
    changed: sum('changed'),
    otherwise: both.filter((file) => file.otherwise).length,
    missing: missing.length,
    unsealed: files.filter((file) => file.in === 'right').length,
  }
}

type Looked = { readonly path: string; readonly name: string }

/** What the server has now, of all that was looked for there. */
export type ServerNow = { readonly looked: ReadonlySet<string>; readonly files: readonly TarFile[] }

/**
 * What is looked at on the server: the files of the seal under the names that they have in it, and those of the database
 * that are not in it, under their paths.
 */
function filesToLookAt({ from, files }: FoundSeal, env: readonly string[]): Looked[] {
  if (from !== 'server') return flatNames(env).map((name, index) => ({ name, path: env[index] ?? name }))
  const sealed = files.flatMap(({ name, path }) => (path === null ? [] : [{ name, path }]))
  const others = env.filter((path) => !sealed.some((file) => file.path === path))
  return [...sealed, ...others.map((path) => ({ name: path, path }))]
}

/**
 * The files of a database as they are on the server now. One that is not there is left out.
 * @throws LifeboatFailure env-unreadable · env-changed
 */
export async function filesNow(
  seal: FoundSeal,
  env: readonly string[],
  source: { readonly name: string; readonly read: ReadSource },
): Promise<ServerNow> {
  const files: TarFile[] = []
  const lookedAt = filesToLookAt(seal, env)
  for (const { name, path } of lookedAt) {
    try {
      const [file] = await readSources([path], source.name, source.read)
      if (file) files.push({ ...file, name })
    } catch (error) {
      if (!(error instanceof LifeboatFailure) || error.kind !== 'env-missing') throw error
    }
  }
  return { looked: new Set(lookedAt.map(({ name }) => name)), files }
}
