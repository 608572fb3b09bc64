import { basename, dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { needsSchema, type CopyRow, type Manifest, type Needs, type Origin } from '#shared/copy.ts'
import { faceOf, highestRung, latestProofs, rungs, type Outcome, type Proof, type Rung } from '#shared/proof.ts'

/**
 * What a cheap look at the file on the disk has shown. `same`: as it was stored; `missing`: no plain file is there;
 * `changed`: surely another content; `unsure`: touched since, and nobody has read it yet.
 */
export type Look = 'same' | 'missing' | 'changed' | 'unsure'

export type CopyColumns = {
  id: string
  server: string
  label: string
  file: string
  manifest_file: string
  folder: string
  bytes: number
  sha256: string
  taken_at: string
  stored_at: string
  origin: Origin
  source_path: string | null
  source_modified_at: string | null
  compression: string
  format: string
  server_version: string | null
  dump_version: string | null
  table_count: number
  row_count: number
  needs: string
  proofs: string
  last_proof_at: string | null
  look: Look
  look_detail: string
  looked_at: string
  seen_modified_ms: number
  rung: Rung | null
  rung_order: number
  face: Outcome
  words: string
}

/** Times are compared as text: one spelling for all of them. */
export function normalTime(time: string): string {
  return new Date(time).toISOString()
}

/** The columns of a copy that was just stored: its file is taken to be as the manifest says until somebody looks. */
export function columnsOf(
  manifest: Manifest,
  manifestFile: string,
  names: { server: string; label: string },
): CopyColumns {
  const file = join(dirname(manifestFile), manifest.file)
  const proofs = latestProofs(manifest.proofs)
  return withFace({
    id: manifest.id,
    ...names,
    file,
    manifest_file: manifestFile,
    folder: dirname(manifestFile),
    bytes: manifest.bytes,
    sha256: manifest.sha256,
    taken_at: normalTime(manifest.takenAt),
    stored_at: normalTime(manifest.storedAt),
    origin: manifest.origin,
    source_path: manifest.source.path,
    source_modified_at: manifest.source.modifiedAt === null ? null : normalTime(manifest.source.modifiedAt),
    compression: manifest.compression,
    format: manifest.format,
    server_version: manifest.serverVersion,
    dump_version: manifest.dumpVersion,
    table_count: manifest.tables.length,
    row_count: manifest.tables.reduce((sum, table) => sum + table.rows, 0),
    needs: JSON.stringify(manifest.needs),
    proofs: JSON.stringify(proofs),
    last_proof_at: proofs.reduce<string | null>((last, { at }) => (last !== null && last > at ? last : at), null),
    look: 'same',
    look_detail: '',
    looked_at: normalTime(manifest.storedAt),
    // commitCopy gives the file this time
    seen_modified_ms: Date.parse(manifest.takenAt),
    rung: null,
    rung_order: -1,
    face: 'not-checked',
    words: '',
  })
}

/** What follows from the other columns: words to search, and face and rung under the last look. */
export function withFace(columns: CopyColumns): CopyColumns {
  const proofs = shownProofs(columns)
  const rung = highestRung(proofs)
  const words = `${columns.server} ${columns.label} ${basename(columns.file)}`.normalize('NFC').toLowerCase()
  return { ...columns, rung, rung_order: rung === null ? -1 : rungs.indexOf(rung), face: faceOf(proofs), words }
}

/** The latest proofs; what a look at the file has shown since takes the place of `stored`. */
function shownProofs(columns: CopyColumns): Proof[] {
  const stored = parsedProofs(columns.proofs)
  if (columns.look === 'same') return stored
  const seen: Proof = {
    rung: 'stored',
    outcome: columns.look === 'unsure' ? 'not-checked' : 'damaged',
    at: columns.looked_at,
    seconds: 0,
    engine: 'Lifeboat, a look at the file',
    detail: columns.look_detail,
  }
  return [seen, ...stored.filter((proof) => proof.rung !== 'stored')]
}

export function asCopyRow(columns: CopyColumns): CopyRow {
  return {
    id: columns.id,
    server: columns.server,
    label: columns.label,
    file: columns.file,
    bytes: columns.bytes,
    sha256: columns.sha256,
    takenAt: columns.taken_at,
    storedAt: columns.stored_at,
    origin: columns.origin,
    serverVersion: columns.server_version,
    dumpVersion: columns.dump_version,
    tableCount: columns.table_count,
    rowCount: columns.row_count,
    rung: columns.rung,
    face: columns.face,
    lastProofAt: columns.last_proof_at,
    proofs: shownProofs(columns),
  }
}

export function needsOf(columns: CopyColumns): Needs {
  return needsSchema.parse(JSON.parse(columns.needs))
}

/** A flipped byte in the file of the catalogue shows: SQLite itself keeps no checksums. */
export function checksumOf(columns: CopyColumns): number {
  return crc32(JSON.stringify(columnNames.map((name) => columns[name])))
}

export const columnNames = [
  'id',
  'server',
  'label',
  'file',
  'manifest_file',
  'folder',
  'bytes',
  'sha256',
  'taken_at',
  'stored_at',
  'origin',
  'source_path',
  'source_modified_at',
  'compression',
  'format',
  'server_version',
  'dump_version',
  'table_count',
  'row_count',
  'needs',
  'proofs',
  'last_proof_at',
  'look',
  'look_detail',
  'looked_at',
  'seen_modified_ms',
  'rung',
  'rung_order',
  'face',
  'words',
] as const satisfies (keyof CopyColumns)[]

function parsedProofs(text: string): Proof[] {
  const proofs: unknown = JSON.parse(text)
  return isProofs(proofs) ? proofs : []
}

// 10,000 rows in 50 ms leave no time for a schema; the row's checksum has shown that it is what we wrote
function isProofs(value: unknown): value is Proof[] {
  return Array.isArray(value)
}
