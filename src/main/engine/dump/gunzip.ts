import { crc32, createInflateRaw } from 'node:zlib'
import type { Decompressor, DecompressorSink } from './compression.ts'
import { GzipHeader } from './gzip-header.ts'
import { STEP, ZlibDriver } from './zlib-stream.ts'

const TRAILER_BYTES = 8

/**
 * Takes gzip off: one member or several behind each other, header, data and checksum of each. Node's own gunzip passes
 * over zeros behind the last member, and loses the end of a whole one when something else follows it.
 */
export function createGunzipper(sink: DecompressorSink): Decompressor {
  return new Gunzipper(sink)
}

class Gunzipper implements Decompressor {
  private readonly sink: DecompressorSink
  private header: GzipHeader | null = new GzipHeader()
  private driver: ZlibDriver | null = null
  private trailer: number[] = []
  private members = 0
  private crc = 0
  private size = 0
  private failed = false

  constructor(sink: DecompressorSink) {
    this.sink = sink
  }

  async write(chunk: Uint8Array): Promise<void> {
    let i = 0
    while (i < chunk.length && !this.failed) {
      if (this.header) i = this.readHeader(this.header, chunk, i)
      else if (this.driver) i = await this.readBody(this.driver, chunk, i)
      else i = this.readTrailer(chunk, i)
    }
  }

  async end(): Promise<void> {
    if (this.failed) return
    if (!this.header) {
      // What was decompressed up to the cut is still on its way.
      const ended = await this.driver?.end()
      const damaged = ended?.error && ended.error.code !== 'Z_BUF_ERROR'
      if (damaged) this.fault('bad-compression', 'the gzip data is damaged at its end')
      else this.fault('cut', 'the gzip data ends before its end')
    } else if (this.header.begun) this.fault('cut', 'the gzip data ends within a header')
  }

  checksummed(): boolean {
    return true
  }

  destroy(): void {
    this.driver?.destroy()
  }

  private readHeader(header: GzipHeader, chunk: Uint8Array, from: number): number {
    const next = header.push(chunk, from)
    if (header.wrong) {
      if (this.members > 0 && !header.wrong.magic) this.fault('trailing-data', 'bytes follow the end of the gzip data')
      else this.fault('bad-compression', 'the header of the gzip data is damaged')
    } else if (header.whole) {
      this.header = null
      this.crc = 0
      this.size = 0
      this.driver = new ZlibDriver(createInflateRaw({ chunkSize: STEP }), (bytes) => this.out(bytes))
    }
    return next
  }

  private async readBody(driver: ZlibDriver, chunk: Uint8Array, from: number): Promise<number> {
    const before = driver.given
    await driver.write(chunk.subarray(from))
    if (!driver.done) return chunk.length
    const { error, used } = await driver.end()
    this.driver = null
    if (error) this.fault('bad-compression', `the gzip data is damaged: ${error.message}`)
    return from + used - before
  }

  private out(bytes: Uint8Array): void {
    this.crc = crc32(bytes, this.crc)
    this.size = (this.size + bytes.length) % 2 ** 32
    this.sink.out(bytes)
  }

  private readTrailer(chunk: Uint8Array, from: number): number {
    let i = from
    while (i < chunk.length && this.trailer.length < TRAILER_BYTES) this.trailer.push(chunk[i++] as number)
    if (this.trailer.length < TRAILER_BYTES) return i
    const told = Buffer.from(this.trailer)
    if (told.readUInt32LE(0) !== this.crc) this.fault('bad-compression', 'the gzip data does not match its checksum')
    else if (told.readUInt32LE(4) !== this.size)
      this.fault('bad-compression', 'the gzip data does not match its length')
    this.trailer = []
    this.members++
    this.header = new GzipHeader()
    return i
  }

  private fault(...fault: Parameters<DecompressorSink['fault']>): void {
    this.failed = true
    this.sink.fault(...fault)
  }
}
