import type { Copy, CopyFinding, CopyRow, Manifest } from '#shared/copy.ts'
import { LifeboatFailure, toFailure } from '#shared/failure.ts'
import { lookAtCopies } from './integrity.ts'
import { readManifest, whyForeign } from './manifest.ts'
import type { CopyShelf } from './shelf.ts'

/**
 * Everything about one copy: the catalogue's row, the tables from its manifest, and a look at the file as it is now.
 * @param id of the copy, or the begin of it
 * @throws LifeboatFailure not-found; invalid-input when several copies begin so
 */
export async function readCopy(shelf: CopyShelf, id: string): Promise<Copy> {
  const known = shelf.copies.get(id)
  if (!known) throw new LifeboatFailure('not-found', 'There is no such copy.')
  await lookAtCopies(shelf, known.id)
  const [place] = shelf.copies.files(known.id)
  const row = shelf.copies.get(known.id)
  if (!row || !place) throw new LifeboatFailure('not-found', 'This copy was removed a moment ago.')
  try {
    const manifest = await readManifest(place.manifestFile)
    const foreign = whyForeign(manifest, place)
    if (foreign === null) return whole(row, manifest, place.manifestFile)
    throw new LifeboatFailure('copy-changed', foreign)
  } catch (error) {
    const seen = { look: 'unsure', detail: toFailure(error).message, at: shelf.now().toISOString() } as const
    const unsure = place.look === 'same' ? shelf.copies.saw(row.id, seen) : row
    return withoutManifest(unsure ?? row, place.manifestFile, toFailure(error).message)
  }
}

function whole(row: CopyRow, manifest: Manifest, manifestFile: string): Copy {
  const { tables, findings, statements, largeObjects, needs, compression, format, encoding, sqlBytes, source } =
    manifest
  const { snapshot, verification } = manifest
  return {
    ...row,
    tables,
    findings,
    statements,
    largeObjects,
    needs,
    compression,
    format,
    encoding,
    sqlBytes,
    source,
    manifestFile,
    snapshot,
    verification,
  }
}

/** The row is all there is; the finding says why. */
function withoutManifest(row: CopyRow, manifestFile: string, reason: string): Copy {
  const finding: CopyFinding = { kind: 'manifest', detail: reason, table: null, line: null, byte: null }
  return {
    ...row,
    tables: [],
    findings: [finding],
    statements: {},
    largeObjects: 0,
    needs: { roles: [], extensions: [], settings: null },
    compression: 'unknown',
    format: 'unknown',
    encoding: null,
    sqlBytes: null,
    source: { host: '', dbname: null, path: null, modifiedAt: null, timeZone: null },
    manifestFile,
    snapshot: null,
    verification: null,
  }
}
