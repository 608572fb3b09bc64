/** How the text of a dump is turned into UTF-8. */
export type Encoding =
  | { kind: 'utf8' }
  /** Bytes without a meaning: read and hashed as they are. */
  | { kind: 'bytes' }
  | { kind: 'decode'; label: string }
  /** ASCII stays ASCII in it, so it can be read; its rows can't be compared with those of a database. */
  | { kind: 'unknown' }

/** Names of PostgreSQL without case and punctuation, and the decoder of each in the WHATWG's list. */
const labels: Record<string, string> = {
  latin1: 'latin1',
  latin2: 'iso-8859-2',
  latin3: 'iso-8859-3',
  latin4: 'iso-8859-4',
  latin6: 'iso-8859-10',
  latin7: 'iso-8859-13',
  latin8: 'iso-8859-14',
  latin9: 'iso-8859-15',
  latin10: 'iso-8859-16',
  iso88595: 'iso-8859-5',
  iso88596: 'iso-8859-6',
  iso88597: 'iso-8859-7',
  iso88598: 'iso-8859-8',
  win1250: 'windows-1250',
  win1251: 'windows-1251',
  win1252: 'windows-1252',
  win1253: 'windows-1253',
  win1254: 'windows-1254',
  win1255: 'windows-1255',
  win1256: 'windows-1256',
  win1257: 'windows-1257',
  win1258: 'windows-1258',
  win866: 'ibm866',
  win874: 'windows-874',
  koi8r: 'koi8-r',
  koi8u: 'koi8-u',
  eucjp: 'euc-jp',
  euccn: 'gbk',
  euckr: 'euc-kr',
  uhc: 'euc-kr',
  sjis: 'shift_jis',
  big5: 'big5',
  gbk: 'gbk',
  gb18030: 'gb18030',
}

/** What `SET client_encoding = '…'` means for the bytes behind it. */
export function encodingOf(name: string): Encoding {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  if (plain === 'utf8' || plain === 'unicode') return { kind: 'utf8' }
  if (plain === 'sqlascii') return { kind: 'bytes' }
  const label = labels[plain]
  return label === undefined ? { kind: 'unknown' } : { kind: 'decode', label }
}

/** A decoder that never fails: what it does not know becomes U+FFFD. */
export interface Decoder {
  decode(bytes: Uint8Array): Buffer
}

export function createDecoder(label: string): Decoder {
  // The WHATWG's latin1 is windows-1252; PostgreSQL's is ISO 8859-1, every byte its own code point.
  if (label === 'latin1') return { decode: (bytes) => Buffer.from(Buffer.from(bytes).toString('latin1')) }
  const decoder = new TextDecoder(label)
  return { decode: (bytes) => Buffer.from(decoder.decode(bytes, { stream: true })) }
}
