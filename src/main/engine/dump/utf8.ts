import { isUtf8 } from 'node:buffer'

const NOTHING = Buffer.alloc(0)

/**
 * Checks a text that comes in pieces for valid UTF-8, also where a character lies across two of them. Setting `tail` back
 * to what it was lets a piece be checked a second time, in smaller parts.
 */
export class Utf8Check {
  /** The beginning of a character that the last piece did not end. */
  tail: Buffer = NOTHING

  /** Whether all characters that end in this piece are valid. After a false the check begins anew. */
  valid(piece: Uint8Array): boolean {
    const joined = this.tail.length > 0
    let from = 0
    if (joined) while (from < piece.length && from < 3 && isContinuation(piece[from])) from++
    if (joined) {
      const head = Buffer.concat([this.tail, piece.subarray(0, from)])
      if (from === piece.length && head.length < lengthOf(head[0])) {
        this.tail = head
        return true
      }
      this.tail = NOTHING
      if (!isUtf8(head)) return false
    }
    const end = wholeCharacters(piece, from)
    this.tail = end === piece.length ? NOTHING : Buffer.from(piece.subarray(end))
    if (isUtf8(piece.subarray(from, end))) return true
    this.tail = NOTHING
    return false
  }

  /** Whether a character is still open. */
  get open(): boolean {
    return this.tail.length > 0
  }

  reset(): void {
    this.tail = NOTHING
  }
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80
}

function lengthOf(lead: number | undefined): number {
  if (lead === undefined || lead < 0xc0) return 1
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
}

/** Where a character begins that does not end in this piece; the piece's length if there is none. */
function wholeCharacters(piece: Uint8Array, from: number): number {
  for (let back = 1; back <= 3 && piece.length - back >= from; back++) {
    const byte = piece[piece.length - back]
    if (isContinuation(byte)) continue
    return lengthOf(byte) > back ? piece.length - back : piece.length
  }
  return piece.length
}
