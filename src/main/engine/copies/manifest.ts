import { constants, type Stats } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { manifestSchema, type Manifest } from '#shared/copy.ts'
import { dumpEnding } from '#shared/dump-name.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import { diskFailure, errorCode } from '#engine/disk/failure.ts'
import type { ShelvedFile } from './shelf.ts'

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
  return (await readManifestText(manifestFile)).manifest
}

/** With the very text, by which a later look tells whether it is still the same. */
export async function readManifestText(manifestFile: string): Promise<{ manifest: Manifest; text: string }> {
  const text = await readPlain(manifestFile)
  return { manifest: parseManifest(basename(manifestFile), text), text }
}

function parseManifest(name: string, text: string): Manifest {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
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

// 0 on Windows
const plainOnly = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

async function readPlain(path: string): Promise<string> {
  try {
    const handle = await open(path, plainOnly)
    try {
      requireManifest(path, await handle.stat())
      return await handle.readFile('utf8')
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw notRead(path, error)
  }
}

function requireManifest(path: string, found: Stats): void {
  if (!found.isFile()) throw new LifeboatFailure('copy-missing', `${basename(path)} is no plain file.`)
  if (found.size > largestManifest)
    throw new LifeboatFailure('copy-changed', `${basename(path)} is too large for a manifest.`)
}

function notRead(path: string, error: unknown): LifeboatFailure {
  const code = errorCode(error)
  if (code === 'ENOENT' || code === 'ELOOP') {
    return new LifeboatFailure('copy-missing', `${basename(path)} is not there, or is a link.`, { cause: error })
  }
  return diskFailure(error, `${basename(path)} could not be read`)
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

/** Why a manifest is not that of a copy in the list, though it lies in its place; null when it is. */
export function whyForeign(
  manifest: Manifest,
  copy: Pick<ShelvedFile, 'id' | 'sha256' | 'bytes' | 'file'>,
): string | null {
  const isSame = manifest.id === copy.id && manifest.sha256 === copy.sha256 && manifest.bytes === copy.bytes
  // one that names another copy's file would make two of one: removing it would take the other's bytes
  if (isSame && manifest.file.normalize('NFC') === basename(copy.file).normalize('NFC')) return null
  return 'The manifest beside this copy is not its own any more.'
}
