import { rmSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { LifeboatFailure } from '#shared/failure.ts'
import { diskFailure, errorCode } from '#engine/disk/failure.ts'
import { removeFile } from '#engine/disk/file.ts'
import { syncFolder } from '#engine/disk/folder.ts'
import { folderAround, outside } from './folders.ts'
import { refreshGuides } from './guides.ts'
import type { CopyShelf } from './shelf.ts'

type Removal = { id: string; catalogue: CopyShelf; copiesDir: string }

/**
 * Removes a copy: its file, its manifest, its line in SHA256SUMS and its row. A link in the place of a file is removed
 * itself, never what it leads to. Cut off at any moment it can be done again: the row goes last.
 * @throws LifeboatFailure not-found, folder-refused (outside of the folders of copies), disk-failed
 */
export async function removeCopy({ id, catalogue, copiesDir }: Removal): Promise<void> {
  const [place] = catalogue.copies.files(id)
  if (!place) throw new LifeboatFailure('not-found', 'This copy is no longer in the list.')
  try {
    const folder = await realpath(place.folder)
    const dir = folderAround([copiesDir, ...catalogue.settings.get().formerCopiesDirs], place.folder)
    // through a link inside, the way would be another one than its name says
    if (folder !== join(await realpath(dir), relative(dir, place.folder))) throw outside(place.folder)
    await removeFile(place.file)
    // nobody may write proofs into the manifest again between these two
    catalogue.exclusively(() => {
      rmSync(place.manifestFile, { force: true })
      catalogue.copies.remove(id)
    })
    await syncFolder(folder)
  } catch (error) {
    // a folder that is gone holds nothing that is to be removed
    if (errorCode(error) !== 'ENOENT') throw diskFailure(error, 'The copy could not be removed')
  }
  catalogue.copies.remove(id)
  await refreshGuides(catalogue, copiesDir, [place.file])
}
