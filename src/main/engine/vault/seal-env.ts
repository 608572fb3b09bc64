import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { LifeboatFailure, toFailure } from '#shared/failure.ts'
import type { JobTools } from '#engine/jobs/run.ts'
import { openPart, type Part } from '#engine/copies/part.ts'
import { diskFailure } from '#engine/disk/failure.ts'
import type { Sealed } from '#engine/openpgp/protocol.ts'
import type { TarFile } from '#engine/tar/file.ts'
import { packArchive, unpackArchive } from './archive.ts'
import { placeSeal } from './commit.ts'
import { idWithoutRecord } from './list.ts'
import type { Hold } from './lock.ts'
import { flatNames } from './names.ts'
import { writeRecord, type SealRecord } from './record.ts'
import { readSources, type ReadFile, type ReadSource } from './source.ts'
import type { VaultTools } from './tools.ts'

/** Where the files come from, and what its clock says. */
export type Source = {
  readonly from: 'server' | 'local'
  /** for sentences */
  readonly name: string
  readonly read: ReadSource
  /** YYYYMMDD_HHMMSS, local time there */
  readonly stamp: string
}

/** How it is closed: with a passphrase, or for public keys (binary). `hold` is of the time when that was settled. */
export type Closing =
  | { readonly kind: 'passphrase'; readonly passphrase: string; readonly hold: Hold }
  | { readonly kind: 'keys'; readonly keys: readonly Uint8Array[]; readonly hold: Hold }

export type SealEnv = {
  readonly server: string
  readonly label: string
  readonly paths: readonly string[]
  readonly source: Source
  readonly closing: Closing
  readonly copiesDir: string
  readonly tools: VaultTools
  /** fingerprints of the values, encrypted, for the record; null where nothing can keep their key */
  readonly prints: (files: readonly TarFile[]) => Promise<string | null>
}

/**
 * Seals files: read, archived in memory, sealed, brought onto the disk, read back and compared, and only then given a name.
 * @returns the id under which it is listed
 * @throws LifeboatFailure env-missing · env-unreadable · env-changed · seal-key · disk-full · … : then nothing was sealed
 */
export async function sealEnv(seal: SealEnv, { jobId, signal, report }: JobTools): Promise<{ id: string }> {
  const { source, paths, copiesDir, server, label, tools } = seal
  report.step('transfer')
  const files = await readFiles(paths, source)
  signal.throwIfAborted()
  report.step('seal')
  const sealed = await close(await packArchive(files), seal)
  signal.throwIfAborted()
  report.step('store')
  const part = await openPart({ copiesDir, server, label, jobId, now: tools.now })
  try {
    await part.write(sealed.sealed)
    await part.finish(tools.now())
    report.step('prove')
    await proveSealed(part, files, sealed, seal)
    signal.throwIfAborted()
    const placed = await placeSeal(part, source.stamp)
    const record = await recordOf(seal, sealed, files, placed.name)
    const isWritten = await writeRecord(placed.folder, record).then(
      () => true,
      (error: unknown) => {
        // the seal stands and opens; without the record its names show once it was opened
        report.log(`What is in the seal could not be written down beside it: ${toFailure(error).message}`)
        return false
      },
    )
    const { closing } = seal
    const passphrase = closing.kind === 'passphrase' ? { passphrase: closing.passphrase } : {}
    closing.hold({ ...passphrase, sha256: record.sha256, key: sealed.key })
    return { id: isWritten ? record.id : idWithoutRecord({ server, label }, placed.name) }
  } finally {
    await part.discard()
  }
}

/** The files under the names that they have in the archive. */
export async function readFiles(paths: readonly string[], source: Pick<Source, 'name' | 'read'>): Promise<TarFile[]> {
  if (paths.length === 0) throw new LifeboatFailure('invalid-input', 'No file was named to be sealed.')
  const names = flatNames(paths)
  const read: ReadFile[] = await readSources(paths, source.name, source.read)
  return read.map(({ mode, modifiedAt, content }, index) => ({ name: names[index] ?? '', mode, modifiedAt, content }))
}

async function close(archive: Buffer, { closing, tools }: SealEnv): Promise<Sealed> {
  switch (closing.kind) {
    case 'passphrase':
      return tools.openPgp.seal(archive, closing.passphrase)
    case 'keys':
      return tools.openPgp.sealFor(archive, closing.keys, tools.now())
  }
}

/** Opens what lies on the disk, with the passphrase where there is one, and compares every file. */
async function proveSealed(part: Part, files: readonly TarFile[], { key }: Sealed, seal: SealEnv): Promise<void> {
  const { closing, tools } = seal
  const bytes = await readFile(part.path).catch((error: unknown) => {
    throw diskFailure(error, 'The seal could not be read back')
  })
  const opened =
    closing.kind === 'passphrase'
      ? await tools.openPgp.open(bytes, closing.passphrase)
      : await tools.openPgp.openWith(bytes, key)
  const there = opened.outcome === 'opened' ? await unpackArchive(opened.content, 'The seal') : []
  if (there.length === files.length && there.every((file, index) => isSame(file, files[index]))) return
  throw new LifeboatFailure('disk-failed', 'What was read back is not what was sealed. Nothing was kept.')
}

function isSame(a: TarFile, b: TarFile | undefined): boolean {
  return (
    b !== undefined &&
    a.name === b.name &&
    a.mode === b.mode &&
    a.modifiedAt.getTime() === b.modifiedAt.getTime() &&
    Buffer.compare(Buffer.from(a.content), Buffer.from(b.content)) === 0
  )
}

async function recordOf(
  { server, label, source, paths, closing, tools, prints }: SealEnv,
  { sealed, keyIds }: Sealed,
  files: readonly TarFile[],
  file: string,
): Promise<SealRecord> {
  return {
    lifeboat: 1,
    id: randomBytes(6).toString('hex'),
    server,
    label,
    file,
    bytes: sealed.byteLength,
    sha256: createHash('sha256').update(sealed).digest('hex'),
    sealedAt: tools.now().toISOString(),
    kind: closing.kind,
    recipients: keyIds,
    from: source.from,
    files: files.map(({ name }, index) => ({ name, path: paths[index] ?? name })),
    prints: await prints(files),
  }
}
