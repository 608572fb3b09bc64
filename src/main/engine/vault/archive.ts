import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { LifeboatFailure } from '#shared/failure.ts'
import { maxContentBytes } from '#engine/openpgp/protocol.ts'
import type { TarFile } from '#engine/tar/file.ts'
import { readTar, TarRefusal } from '#engine/tar/read.ts'
import { writeTar } from '#engine/tar/write.ts'

/** More files, or larger ones, are no `.env` files. */
export const archiveLimits = { files: 1000, fileBytes: 8 * 1024 * 1024 } as const

/** Files as one `.tar.gz` in memory. */
export async function packArchive(files: readonly TarFile[]): Promise<Buffer> {
  return promisify(gzip)(await writeTar(files))
}

/**
 * The files of a `.tar.gz` or a `.tar` that came out of a seal. All of it is read before anything is given.
 * @param name of the seal, for sentences
 * @throws LifeboatFailure seal-damaged · seal-refused, for an archive that holds anything but flat regular files
 */
export async function unpackArchive(content: Uint8Array, name: string): Promise<TarFile[]> {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b
  const tar = isGzip ? await unzip(bytes, name) : bytes
  try {
    return readTar(tar, archiveLimits)
  } catch (error) {
    if (!(error instanceof TarRefusal)) throw error
    const kind = error.damaged ? 'seal-damaged' : 'seal-refused'
    throw new LifeboatFailure(kind, `${name} is not opened. ${error.message}`)
  }
}

async function unzip(bytes: Buffer, name: string): Promise<Buffer> {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: maxContentBytes })
  } catch (error) {
    if (error instanceof RangeError)
      throw new LifeboatFailure('seal-refused', `${name} holds more than ${maxContentBytes / 1024 / 1024} MB.`)
    throw new LifeboatFailure('seal-damaged', `What is in ${name} can not be decompressed.`, { cause: error })
  }
}
