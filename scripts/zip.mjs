// A reader of zip archives, just enough to take chosen files out of a big one (zip64 and encryption are refused).
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createInflateRaw } from 'node:zlib'
import { PassThrough } from 'node:stream'

const END_OF_DIRECTORY = 0x06054b50
const DIRECTORY_ENTRY = 0x02014b50
const LOCAL_HEADER = 0x04034b50

/**
 * Unpacks those files of an archive for which `target` gives a path.
 * @param {string} archive
 * @param {string} folder where to; made when absent
 * @param {(name: string) => string | null} target the path below the folder, or null to leave it out
 */
export async function unzip(archive, folder, target) {
  const file = await open(archive)
  try {
    for (const entry of await directory(file)) {
      const to = entry.name.endsWith('/') ? null : target(entry.name)
      if (to === null) continue
      const path = join(folder, to)
      if (!path.startsWith(folder + sep))
        throw new Error(`The archive names a file outside of its folder: ${entry.name}`)
      await mkdir(dirname(path), { recursive: true })
      await extract(file, archive, entry, path)
    }
  } finally {
    await file.close()
  }
}

/** @typedef {{ name: string, method: number, packed: number, size: number, offset: number, mode: number }} Entry */

/**
 * @param {import('node:fs/promises').FileHandle} file
 * @returns {Promise<Entry[]>}
 */
async function directory(file) {
  const { size } = await file.stat()
  const tail = await readAt(file, Math.max(0, size - 65_557), Math.min(size, 65_557))
  let end = tail.length - 22
  while (end >= 0 && tail.readUInt32LE(end) !== END_OF_DIRECTORY) end -= 1
  if (end < 0) throw new Error('Not a zip archive, or a cut one')
  const count = tail.readUInt16LE(end + 10)
  const table = await readAt(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12))
  /** @type {Entry[]} */
  const entries = []
  for (let at = 0, n = 0; n < count; n += 1) {
    if (table.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error('The directory of the zip archive is broken')
    const nameLength = table.readUInt16LE(at + 28)
    entries.push({
      name: table.toString('utf8', at + 46, at + 46 + nameLength),
      method: table.readUInt16LE(at + 10),
      packed: table.readUInt32LE(at + 20),
      size: table.readUInt32LE(at + 24),
      offset: table.readUInt32LE(at + 42),
      // The upper half holds the Unix mode where the archive was made on Unix.
      mode: table.readUInt32LE(at + 38) >>> 16,
    })
    at += 46 + nameLength + table.readUInt16LE(at + 30) + table.readUInt16LE(at + 32)
  }
  return entries
}

/**
 * @param {import('node:fs/promises').FileHandle} file
 * @param {string} archive
 * @param {Entry} entry
 * @param {string} path
 */
async function extract(file, archive, entry, path) {
  const header = await readAt(file, entry.offset, 30)
  if (header.readUInt32LE(0) !== LOCAL_HEADER) throw new Error(`The zip archive is broken at ${entry.name}`)
  if (entry.method !== 0 && entry.method !== 8) throw new Error(`${entry.name} is packed in an unknown way`)
  const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  const output = createWriteStream(path, { mode: entry.mode & 0o755 || 0o644 })
  const unpack = entry.method === 8 ? createInflateRaw() : new PassThrough()
  if (entry.packed === 0) output.end()
  else await pipeline(createReadStream(archive, { start, end: start + entry.packed - 1 }), unpack, output)
  if (output.bytesWritten !== entry.size) throw new Error(`${entry.name} came out of the archive with a wrong size`)
}

/**
 * @param {import('node:fs/promises').FileHandle} file
 * @param {number} position
 * @param {number} length
 */
async function readAt(file, position, length) {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
  if (bytesRead !== length) throw new Error('The zip archive is cut')
  return buffer
}
