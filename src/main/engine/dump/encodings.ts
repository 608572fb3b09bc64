import { brotliDecompressSync } from 'node:zlib'
import { multiByteTables, singleByteTables } from './encoding-tables.ts'

/** How the text of a dump is turned into UTF-8. */
export type Encoding =
  | { kind: 'utf8' }
  /** Bytes without a meaning: read and hashed as they are. */
  | { kind: 'bytes' }
  | { kind: 'decode'; decoder: Decoder }
  /** There is no table for it: it is read with the decoder, and its rows can't be compared with those of a database. */
  | { kind: 'unknown'; decoder: Decoder | null }

/** Turns bytes into UTF-8 and keeps a character that is not whole for the next call. What it does not know is U+FFFD. */
export interface Decoder {
  decode(bytes: Uint8Array): Buffer
}

/** Encodings without a table in which a second byte can be a backslash, and what is near enough to read names. */
const nearEnough: Record<string, string> = { gb18030: 'gbk', shiftjis2004: 'sjis' }
/**
 * Encodings in which the second byte of a character can be ASCII, and the lowest that it can be. It belongs to its
 * character also where that is in no table: taken for a backslash of COPY it would join two fields.
 */
const lowestSecond: Record<string, number> = { gbk: 0x40, big5: 0x40, sjis: 0x40, uhc: 0x41, johab: 0x31 }
/** Encodings without a table in which no byte of a character is ASCII, and which PostgreSQL converts to UTF-8 by itself. */
const asTheyStand = new Set(['euctw', 'eucjis2004'])
/** Other names that PostgreSQL knows them by. */
const aliases: Record<string, string> = {
  unicode: 'utf8',
  mskanji: 'sjis',
  shiftjis: 'sjis',
  windows949: 'uhc',
  windows950: 'big5',
  windows936: 'gbk',
  koi8: 'koi8r',
  alt: 'win866',
  win: 'win1251',
  tcvn: 'win1258',
  iso88591: 'latin1',
  iso88592: 'latin2',
  iso88599: 'latin5',
  iso885915: 'latin9',
}

/** What `SET client_encoding = '…'` means for the bytes behind it. */
export function encodingOf(name: string): Encoding {
  const known = knownName(name)
  if (known === 'utf8') return { kind: 'utf8' }
  if (known === 'sqlascii') return { kind: 'bytes' }
  const decoder = decoderOf(known)
  if (decoder) return { kind: 'decode', decoder }
  const near = nearEnough[known]
  return { kind: 'unknown', decoder: near === undefined ? null : decoderOf(near) }
}

/** Whether a text in this encoding can be given to a PostgreSQL so that each character arrives as what it is. */
export function isLoadable(name: string): boolean {
  return encodingOf(name).kind !== 'unknown' || asTheyStand.has(knownName(name))
}

function knownName(name: string): string {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  return aliases[plain] ?? plain
}

function decoderOf(name: string): Decoder | null {
  const single = singleByteTables[name]
  if (single !== undefined) return singleByteDecoder(single)
  const multi = multiByteTables[name]
  return multi === undefined ? null : multiByteDecoder(unpack(multi), lowestSecond[name] ?? 0x80)
}

function singleByteDecoder(upper: string): Decoder {
  const texts = Array.from({ length: 256 }, (_, byte) =>
    Buffer.from(byte < 128 ? String.fromCharCode(byte) : upper.charAt(byte - 128)),
  )
  return { decode: (bytes) => translate(bytes, 3, (out, at) => copyAll(bytes, texts, out, at)) }
}

function copyAll(bytes: Uint8Array, texts: readonly Buffer[], out: Buffer, at: number): number {
  let w = at
  for (const byte of bytes) {
    if (byte < 128) out[w++] = byte
    else w += texts[byte]?.copy(out, w) ?? 0
  }
  return w
}

/** Code points by their bytes: one or two of them, or three behind 0x8F (EUC_JP). 0: no such character. */
interface Table {
  two: Uint16Array
  three: Uint16Array | null
}

const THREE = 0x8f

function unpack(packed: string): Table {
  const bytes = brotliDecompressSync(Buffer.from(packed, 'base64'))
  const table: Table = { two: new Uint16Array(65536), three: null }
  let at = 0
  const take = () => {
    let value = 0
    let scale = 1
    let byte = 128
    while (byte >= 128) {
      byte = bytes[at++] ?? 0
      value += (byte & 127) * scale
      scale *= 128
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }
  let [code, point] = [0, 0]
  while (at < bytes.length) {
    code += take()
    point += take()
    if (code < 65536) table.two[code] = point
    else (table.three ??= new Uint16Array(65536))[code & 65535] = point
  }
  return table
}

function multiByteDecoder({ two, three }: Table, lowest: number): Decoder {
  let rest: Buffer = Buffer.alloc(0)
  const run = (bytes: Uint8Array, out: Buffer, from: number): number => {
    let w = from
    let i = 0
    while (i < bytes.length) {
      const first = bytes[i] as number
      if (first < 128) {
        out[w++] = first
        i++
        continue
      }
      const alone = two[first] as number
      const length = alone !== 0 ? 1 : three !== null && first === THREE ? 3 : 2
      if (i + length > bytes.length) break
      const last = ((bytes[i + length - 2] ?? 0) << 8) | (bytes[i + length - 1] ?? 0)
      const point = length === 1 ? alone : length === 3 ? (three?.[last] ?? 0) : (two[last] as number)
      // After a wrong first byte what can be no second is read on its own: a newline is never swallowed.
      const wrong = (last & 255) < lowest ? 1 : 2
      i += point === 0 ? wrong : length
      w = putCharacter(out, w, point === 0 ? 0xfffd : point)
    }
    rest = Buffer.from(bytes.subarray(i))
    return w
  }
  return {
    decode(bytes) {
      const all = rest.length > 0 ? Buffer.concat([rest, bytes]) : bytes
      return translate(all, 3, (out, at) => run(all, out, at))
    },
  }
}

function translate(bytes: Uint8Array, factor: number, run: (out: Buffer, at: number) => number): Buffer {
  const out = Buffer.allocUnsafe(bytes.length * factor)
  return out.subarray(0, run(out, 0))
}

function putCharacter(out: Buffer, at: number, point: number): number {
  if (point < 0x80) {
    out[at] = point
    return at + 1
  }
  if (point < 0x800) {
    out[at] = 0xc0 | (point >> 6)
    out[at + 1] = 0x80 | (point & 63)
    return at + 2
  }
  out[at] = 0xe0 | (point >> 12)
  out[at + 1] = 0x80 | ((point >> 6) & 63)
  out[at + 2] = 0x80 | (point & 63)
  return at + 3
}
