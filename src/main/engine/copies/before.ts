import type { Copy } from '#shared/copy.ts'
import { areTablesKnown } from './compare.ts'
import type { CopyShelf } from './shelf.ts'
import { readCopy } from './show.ts'

/**
 * The earlier copy that a copy is to be compared with: the newest one of the same database that is whole as far as anybody
 * knows. Null: there is none, or the copy itself was not read to its end; a damaged one would make its tables look gone.
 */
export async function copyBefore(shelf: CopyShelf, copy: Copy): Promise<Copy | null> {
  if (!areTablesKnown(copy)) return null
  let looked: string | null = null
  for (let row = shelf.copies.before(copy.id); row && row.id !== looked; row = shelf.copies.before(copy.id)) {
    looked = row.id
    // its file is looked at: one that is found to be damaged is not offered again
    const earlier = await readCopy(shelf, row.id)
    if (earlier.face === 'proven' && areTablesKnown(earlier)) return earlier
  }
  return null
}
