const letters: Record<string, number> = { b: 8, f: 12, n: 10, r: 13, t: 9 }
const unfinished = /^(|[0-7]{1,2}|x|x[0-9a-fA-F]|u[0-9a-fA-F]{0,3}|U[0-9a-fA-F]{0,7})$/
const finished = /^([0-7]{3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})$/

/** What one more character did: it belongs to the sequence, ends it with these bytes, or is already behind these bytes. */
export type EscapeStep = { state: 'more' } | { state: 'ends' | 'behind'; bytes: Buffer }

/** An escape sequence of an E'' string, behind its backslash. */
export class EscapeSequence {
  private text = ''

  push(byte: number): EscapeStep {
    const character = String.fromCharCode(byte)
    const longer = this.text + character
    if (finished.test(longer)) return { state: 'ends', bytes: valueOf(longer) }
    if (unfinished.test(longer)) {
      this.text = longer
      return { state: 'more' }
    }
    if (this.text !== '') return { state: 'behind', bytes: valueOf(this.text) }
    return { state: 'ends', bytes: Buffer.of(letters[character] ?? byte) }
  }
}

function valueOf(sequence: string): Buffer {
  const kind = sequence.charAt(0)
  if (kind === 'u' || kind === 'U') {
    const point = parseInt(sequence.slice(1), 16)
    return Buffer.from(String.fromCodePoint(Number.isNaN(point) ? kind.charCodeAt(0) : Math.min(point, 0x10ffff)))
  }
  if (kind !== 'x') return Buffer.of(parseInt(sequence, 8) & 255)
  // An x without digits is only an x.
  return Buffer.of(sequence === 'x' ? kind.charCodeAt(0) : parseInt(sequence.slice(1), 16))
}
