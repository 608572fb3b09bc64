import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unzip } from '../../../scripts/zip.mjs'

interface Packed {
  name: string
  content: string
  deflate?: boolean
  mode?: number
}

/** A zip archive by the format's description; a record of each file, then the directory, then its end. */
function archiveOf(files: Packed[]): Buffer {
  const records: Buffer[] = []
  const directory: Buffer[] = []
  for (const { name, content, deflate = true, mode = 0o644 } of files) {
    const bytes = deflate ? deflateRawSync(content) : Buffer.from(content)
    const [local, entry] = [Buffer.alloc(30), Buffer.alloc(46)]
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(Buffer.byteLength(name), 26)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(deflate ? 8 : 0, 10)
    entry.writeUInt32LE(bytes.length, 20)
    entry.writeUInt32LE(Buffer.byteLength(content), 24)
    entry.writeUInt16LE(Buffer.byteLength(name), 28)
    entry.writeUInt32LE((mode << 16) >>> 0, 38)
    entry.writeUInt32LE(Buffer.concat(records).length, 42)
    records.push(local, Buffer.from(name), bytes)
    directory.push(entry, Buffer.from(name))
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(Buffer.concat(directory).length, 12)
  end.writeUInt32LE(Buffer.concat(records).length, 16)
  return Buffer.concat([...records, ...directory, end])
}

describe('unpacking a zip archive', () => {
  let folder: string
  let archive: string
  const out = () => join(folder, 'out')
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lifeboat-zip-'))
    archive = join(folder, 'a.zip')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('takes the chosen files, packed or not, under the names it is given', async () => {
    const text = 'lifeboat '.repeat(10_000)
    const files = [
      { name: 'top/program', content: text, mode: 0o755 },
      { name: 'top/deep/plain.txt', content: 'plain', deflate: false },
      { name: 'top/unwanted', content: 'no' },
      { name: 'top/empty', content: '', deflate: false },
    ]
    writeFileSync(archive, archiveOf(files))
    await unzip(archive, out(), (name) => (name === 'top/unwanted' ? null : name.replace('top/', '')))
    expect(readFileSync(join(out(), 'program'), 'utf8')).toBe(text)
    expect(readFileSync(join(out(), 'deep/plain.txt'), 'utf8')).toBe('plain')
    expect(readdirSync(out()).toSorted()).toEqual(['deep', 'empty', 'program'])
    if (process.platform !== 'win32') expect(statSync(join(out(), 'program')).mode & 0o777).toBe(0o755)
  })

  it('writes nothing outside of its folder', async () => {
    writeFileSync(archive, archiveOf([{ name: '../escaped', content: 'x' }]))
    await expect(unzip(archive, out(), (name) => name)).rejects.toThrow(/outside/)
    expect(readdirSync(folder)).toEqual(['a.zip'])
  })

  it('refuses a cut archive, and a file that comes out shorter than it should', async () => {
    const whole = archiveOf([{ name: 'a', content: 'x'.repeat(5_000), deflate: false }])
    writeFileSync(archive, whole.subarray(0, -10))
    await expect(unzip(archive, out(), (name) => name)).rejects.toThrow(/cut/)
    const lying = Buffer.from(whole)
    // The size in the directory: behind one record of 30 + 1 + 5,000 bytes, at its 24th byte.
    lying.writeUInt32LE(6_000, 5_031 + 24)
    writeFileSync(archive, lying)
    await expect(unzip(archive, out(), (name) => name)).rejects.toThrow(/wrong size/)
  })
})
