import { lstatSync, type Stats } from 'node:fs'
import type { CopyRow, Manifest } from '#shared/copy.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Proof } from '#shared/proof.ts'
import type { Verification } from '#shared/verification.ts'
import { replaceFileNow } from '#engine/disk/file.ts'
import { lookAtCopies } from './integrity.ts'
import { manifestText, readManifestNow } from './manifest.ts'
import type { CopyShelf, ShelvedFile } from './shelf.ts'

/** What was shown of a copy. */
export type Shown = {
  proofs: readonly Proof[]
  verification?: Verification | undefined
  /** the copy's file before it was read; null where there was none */
  before: Stats | null
}

/**
 * Adds proofs to a copy, and the evidence of a verification: to its manifest first, then to the catalogue. Earlier proofs
 * stay in the manifest; of verifications it keeps the latest. The order in the list is the order in which they came about;
 * clocks may jump. Of two that do this at once, in whatever processes, the later one knows of both.
 * A file that was touched since `before` is looked at again: what was proven of it may be true no more.
 * @throws LifeboatFailure not-found (the copy was removed meanwhile), copy-missing, copy-changed, disk-failed
 */
export async function recordProofs(shelf: CopyShelf, id: string, shown: Shown): Promise<CopyRow> {
  const { row, isSettled } = shelf.exclusively(() => {
    const [place] = shelf.copies.files(id)
    if (!place) throw gone()
    const after = withProofs(readManifestNow(place.manifestFile), id, shown)
    replaceFileNow(place.manifestFile, manifestText(after))
    const put = shelf.copies.put(after, place.manifestFile)
    const modifiedMs = untouched(place, shown)
    if (modifiedMs === null) return { row: put, isSettled: false }
    // it was read from end to end: what a look had seen before is settled
    const at = shelf.now().toISOString()
    return { row: shelf.copies.saw(id, { look: 'same', detail: '', at, modifiedMs }) ?? put, isSettled: true }
  })
  if (isSettled) return row
  await lookAtCopies(shelf, id)
  const now = shelf.copies.get(id)
  if (!now) throw gone()
  return now
}

function withProofs(manifest: Manifest, id: string, { proofs, verification }: Shown): Manifest {
  if (manifest.id !== id) throw new LifeboatFailure('copy-changed', 'The manifest of this copy belongs to another one.')
  return {
    ...manifest,
    proofs: [...manifest.proofs, ...proofs],
    verification: verification ?? manifest.verification,
  }
}

/** When the file was last written, if it is by size, time and number the one that was proven to be whole; else null. */
function untouched({ file, bytes }: ShelvedFile, { proofs, before }: Shown): number | null {
  const stored = proofs.findLast(({ rung }) => rung === 'stored')
  const now = lstatSync(file, { throwIfNoEntry: false })
  if (stored?.outcome !== 'proven' || !before || !now?.isFile() || now.size !== bytes) return null
  const isSame = now.mtimeMs === before.mtimeMs && now.ctimeMs === before.ctimeMs && now.ino === before.ino
  return isSame ? now.mtimeMs : null
}

function gone(): LifeboatFailure {
  return new LifeboatFailure('not-found', 'This copy is no longer in the list.')
}
