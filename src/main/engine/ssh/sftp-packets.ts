import { answer, decodeAnswer, type SftpAnswer } from './sftp-wire.ts'

/** Who is told what comes. */
export type PacketSink = {
  /** where the bytes that answer this read belong; null: nobody waits for them any more */
  placeFor(id: number, bytes: number): Uint8Array | null
  /** all of them are there */
  filled(id: number, bytes: number): void
  told(id: number, told: SftpAnswer): void
}

/** The longest packet that servers send: OpenSSH's limit. */
const mostBytes = 256 * 1024
/** length, type and number; a version has no number, but as many bytes at least */
const headBytes = 9

/**
 * Takes the packets out of a stream of bytes that is cut anywhere. The content of a file is copied once, from the piece
 * in which it came to where it belongs; what is small is collected.
 */
export class SftpPackets {
  private readonly sink: PacketSink
  private readonly head = Buffer.alloc(headBytes + 4)
  private headFilled = 0
  /** bytes of this packet that have not come yet */
  private left = 0
  private type = 0
  private id = 0
  private body: Buffer = Buffer.alloc(0)
  private place: Uint8Array | null = null
  private filled = 0
  private dataBytes = 0

  constructor(sink: PacketSink) {
    this.sink = sink
  }

  /** Takes the next bytes; they may be reused afterwards. Throws where they are not SFTP. */
  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) {
      at = this.headFilled < this.headWanted() ? this.takeHead(chunk, at) : this.takeBody(chunk, at)
      if (this.headFilled >= this.headWanted() && this.left === 0) this.end()
    }
  }

  private headWanted(): number {
    return this.headFilled >= 5 && this.head[4] === answer.data ? headBytes + 4 : headBytes
  }

  private takeHead(chunk: Buffer, from: number): number {
    // the type decides how long the head is
    const wanted = this.headFilled < 5 ? 5 : this.headWanted()
    const taken = chunk.copy(this.head, this.headFilled, from, from + wanted - this.headFilled)
    this.headFilled += taken
    if (this.headFilled > 5 && this.headFilled === this.headWanted()) this.begin()
    return from + taken
  }

  private begin(): void {
    const length = this.head.readUInt32BE(0)
    this.type = this.head.readUInt8(4)
    this.id = this.head.readUInt32BE(5)
    this.left = length + 4 - this.headFilled
    if (length + 4 < this.headFilled || length > mostBytes) throw new Error(`an SFTP packet of ${length} bytes`)
    this.filled = 0
    if (this.type !== answer.data) {
      this.body = Buffer.allocUnsafe(this.left)
      return
    }
    this.dataBytes = this.head.readUInt32BE(headBytes)
    if (this.dataBytes !== this.left) throw new Error('an SFTP packet of data with another length inside')
    this.place = this.sink.placeFor(this.id, this.dataBytes)
  }

  private takeBody(chunk: Buffer, from: number): number {
    const bytes = Math.min(this.left, chunk.length - from)
    const place = this.type === answer.data ? this.place : this.body
    place?.set(chunk.subarray(from, from + bytes), this.filled)
    this.filled += bytes
    this.left -= bytes
    return from + bytes
  }

  private end(): void {
    this.headFilled = 0
    this.place = null
    if (this.type === answer.data) this.sink.filled(this.id, this.dataBytes)
    else this.sink.told(this.id, decodeAnswer(this.type, this.body))
  }
}
