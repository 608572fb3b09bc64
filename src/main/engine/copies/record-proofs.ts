import { lstatSync, readFileSync, type Stats } from 'node:fs'
import type { CopyRow, Manifest } from '#shared/copy.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Proof } from '#shared/proof.ts'
import type { Verification } from '#shared/verification.ts'
import { stageFile } from '#engine/disk/file.ts'
import { lookAtCopies } from './integrity.ts'
import { manifestText, readManifestText, whyForeign } from './manifest.ts'
import { patiently } from './patiently.ts'
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
 * @throws LifeboatFailure not-found (the copy was removed meanwhile), copy-missing, copy-changed, disk-failed, catalogue-busy
 */
export async function recordProofs(shelf: CopyShelf, id: string, shown: Shown): Promise<CopyRow> {
  for (;;) {
    const [place] = shelf.copies.files(id)
    if (!place) throw gone()
    const { manifest, text } = await readManifestText(place.manifestFile)
    const foreign = whyForeign(manifest, place)
    if (foreign !== null) throw new LifeboatFailure('copy-changed', foreign)
    const after = withProofs(manifest, shown)
    const staged = await stageFile(place.manifestFile, manifestText(after))
    try {
      const done = await patiently(() =>
        shelf.exclusively(() => {
          if (shelf.copies.files(id)[0]?.manifestFile !== place.manifestFile) throw gone()
          // somebody else has written proofs meanwhile: they are read first. Times do not tell: the system's clock for files
          // stands still for milliseconds
          if (textOf(place.manifestFile) !== text) return null
          staged.putInPlace()
          return settle(shelf, after, place, shown)
        }),
      )
      if (done === null) continue
      if (done.isSettled) return done.row
      break
    } finally {
      await staged.drop()
    }
  }
  await lookAtCopies(shelf, id)
  const now = shelf.copies.get(id)
  if (!now) throw gone()
  return now
}

/** The row as it is now; `isSettled`: by the file too. */
function settle(
  shelf: CopyShelf,
  manifest: Manifest,
  place: ShelvedFile,
  shown: Shown,
): { row: CopyRow; isSettled: boolean } {
  const row = shelf.copies.put(manifest, place.manifestFile)
  const modifiedMs = untouched(place, shown)
  if (modifiedMs === null) return { row, isSettled: false }
  // it was read from end to end: what a look had seen before is settled
  const at = shelf.now().toISOString()
  return { row: shelf.copies.saw(place.id, { look: 'same', detail: '', at, modifiedMs }) ?? row, isSettled: true }
}

function withProofs(manifest: Manifest, { proofs, verification }: Shown): Manifest {
  return {
    ...manifest,
    proofs: [...manifest.proofs, ...proofs],
    verification: verification ?? manifest.verification,
  }
}

/** When the file was last written, if it is by size and times the one that was proven to be whole; else null. */
function untouched({ file, bytes }: ShelvedFile, { proofs, before }: Shown): number | null {
  const stored = proofs.findLast(({ rung }) => rung === 'stored')
  const now = lstatSync(file, { throwIfNoEntry: false })
  if (stored?.outcome !== 'proven' || !before || !now?.isFile() || now.size !== bytes) return null
  return now.mtimeMs === before.mtimeMs && now.ctimeMs === before.ctimeMs ? now.mtimeMs : null
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function gone(): LifeboatFailure {
  return new LifeboatFailure('not-found', 'This copy is no longer in the list.')
}
