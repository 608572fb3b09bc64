import { constants } from 'node:fs'
import { lstat, open } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { manifestSchema, type CopyRow, type Manifest } from '#shared/copy.ts'
import { dumpEnding } from '#shared/dump-name.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Proof } from '#shared/proof.ts'
import type { Verification } from '#shared/verification.ts'
import { diskFailure, errorCode } from '#engine/disk/failure.ts'
import { replaceFile } from '#engine/disk/file.ts'
import type { CopyShelf } from './shelf.ts'

export const manifestEnding = '.manifest.json'
/** A database of 100,000 tables makes about 15 MB. */
const largestManifest = 256 * 1024 * 1024

/** `backup_prod_20250109_030000.sql.gz` → `backup_prod_20250109_030000.manifest.json` */
export function manifestName(file: string): string {
  const stem = dumpEnding.test(file) ? file.replace(dumpEnding, '') : file.replace(/\.[^.]*$/, '')
  return `${stem}${manifestEnding}`
}

export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 1)}\n`
}

/**
 * A manifest as it stands in its file. Fields that this version does not know are kept, so that writing it again loses
 * nothing.
 * @throws LifeboatFailure copy-missing (no such plain file), copy-changed (hostile, cut, or of a newer Lifeboat), disk-failed
 */
export async function readManifest(manifestFile: string): Promise<Manifest> {
  const name = basename(manifestFile)
  let value: unknown
  try {
    value = JSON.parse(await readPlain(manifestFile))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new LifeboatFailure('copy-changed', `${name} is no whole JSON: the manifest was cut or edited.`, {
      cause: error,
    })
  }
  const version = typeof value === 'object' && value !== null && 'lifeboat' in value ? value.lifeboat : undefined
  if (typeof version === 'number' && version > 1) {
    throw new LifeboatFailure('copy-changed', `${name} was written by a newer Lifeboat. Update this one to read it.`)
  }
  const parsed = manifestSchema.loose().safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const where = issue?.path.map(String).join('.') ?? ''
    throw new LifeboatFailure('copy-changed', `${name} is no manifest of a copy.`, {
      detail: `${where}: ${issue?.message ?? ''}`,
    })
  }
  const { file } = parsed.data
  // a name with a way in it could make any file of this computer look like a copy
  if (file === '' || file === '.' || file === '..' || /[/\\\0]/.test(file)) {
    throw new LifeboatFailure('copy-changed', `${name} names a file outside of its own folder.`)
  }
  return parsed.data
}

async function readPlain(path: string): Promise<string> {
  try {
    // 0 on Windows
    const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
    try {
      const { size } = await handle.stat().then((found) => {
        if (!found.isFile()) throw new LifeboatFailure('copy-missing', `${basename(path)} is no plain file.`)
        return found
      })
      if (size > largestManifest)
        throw new LifeboatFailure('copy-changed', `${basename(path)} is too large for a manifest.`)
      return await handle.readFile('utf8')
    } finally {
      await handle.close()
    }
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT' || code === 'ELOOP') {
      throw new LifeboatFailure('copy-missing', `${basename(path)} is not there, or is a link.`, { cause: error })
    }
    throw diskFailure(error, `${basename(path)} could not be read`)
  }
}

/** The manifest that belongs to a dump file; null when none lies beside it. */
export async function manifestBeside(file: string): Promise<Manifest | null> {
  try {
    const manifest = await readManifest(join(dirname(file), manifestName(basename(file))))
    return manifest.file === basename(file) ? manifest : null
  } catch (error) {
    if (error instanceof LifeboatFailure && error.kind === 'copy-missing') return null
    throw error
  }
}

/**
 * Adds proofs to a copy, and the evidence of a verification: to its manifest first, then to the catalogue. Earlier proofs
 * stay in the manifest; of verifications it keeps the latest.
 * The order in the list is the order in which they came about; clocks may jump.
 */
export async function recordProofs(
  shelf: CopyShelf,
  id: string,
  proofs: readonly Proof[],
  verification?: Verification,
): Promise<CopyRow> {
  const [place] = shelf.copies.files(id)
  if (!place) throw new LifeboatFailure('not-found', 'This copy is no longer in the list.')
  const manifest = await readManifest(place.manifestFile)
  if (manifest.id !== id) throw new LifeboatFailure('copy-changed', 'The manifest of this copy belongs to another one.')
  const after: Manifest = {
    ...manifest,
    proofs: [...manifest.proofs, ...proofs],
    verification: verification ?? manifest.verification,
  }
  await replaceFile(place.manifestFile, manifestText(after))
  const stored = proofs.findLast(({ rung }) => rung === 'stored')
  const found = await lstat(place.file).catch(() => null)
  return shelf.exclusively(() => {
    const row = shelf.copies.put(after, place.manifestFile)
    if (stored?.outcome !== 'proven' || !found?.isFile() || found.size !== place.bytes) return row
    // it was read from end to end: what a look had seen before is settled
    const seen = { look: 'same', detail: '', at: stored.at, modifiedMs: found.mtimeMs } as const
    return shelf.copies.saw(id, seen) ?? row
  })
}
