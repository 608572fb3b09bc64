import { createHash } from 'node:crypto'

const longestFolder = 100
const longestStem = 180
const hashLength = 10

/**
 * Characters that no file system spells in two ways: small ASCII letters, digits, and letters of scripts without
 * capitals, such as Chinese. Capitals and accents are not among them: macOS and Windows take `Prod` and `prod` for
 * the same folder, and macOS writes é as two characters.
 */
const oneSpelling = /^(?:[a-z0-9 ._-]|\p{Lo})+$/u
const invisible = /\p{Default_Ignorable_Code_Point}/u
const badEdge = /^[-. ]|[. ]$/
/** Windows keeps these for devices, with any ending. */
const device = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)(?: *\.|$)/i

/**
 * The folder of a server or of a label: one path segment that every system can hold.
 * Two different names never share one, not even where capitals or accents do not count. A name that can be written as it
 * is stays as it is; any other keeps what can be read of it, and gets a mark of its own behind a `~`.
 */
export function folderName(name: string): string {
  if (canStay(name)) return name
  // of the code units: half a surrogate pair must differ from its replacement too
  const digest = createHash('sha256').update(Buffer.from(name, 'utf16le')).digest('hex')
  const mark = BigInt(`0x${digest}`).toString(36).padStart(50, '0').slice(0, hashLength)
  return `${cutToBytes(readable(name), longestFolder - hashLength - 1)}~${mark}`
}

function canStay(name: string): boolean {
  return (
    oneSpelling.test(name) &&
    !invisible.test(name) &&
    !badEdge.test(name) &&
    !device.test(name) &&
    name === name.normalize('NFC') &&
    Buffer.byteLength(name) <= longestFolder
  )
}

/** Today's script names its files so, and Lifeboat's stand beside them. `stamp`: the server's local time, YYYYMMDD_HHMMSS. */
export function stampName(label: string, stamp: string): string {
  return `backup_${label}_${stamp}`
}

/** A file's name without its extension. Two files may ask for the same one: the store tells them apart by numbers. */
export function fileStem(wanted: string): string {
  return cutToBytes(readable(wanted), longestStem)
}

/** The part of a name behind its stem, such as `sql.gz`. */
export function fileExtension(wanted: string): string {
  return /^[a-z0-9]{1,10}(?:\.[a-z0-9]{1,10})?$/i.test(wanted) ? wanted : 'sql'
}

/** What a person recognises, without anything that a file system or a shell could stumble over. */
function readable(name: string): string {
  const plain = name
    .toWellFormed()
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{Nd} ._+@=,()-]|\p{Default_Ignorable_Code_Point}/gu, '_')
    .replace(/^[-. ]|^\p{M}/u, '_')
    .replace(/[. ]$/, '_')
  return device.test(plain) || plain === '' ? `_${plain}` : plain
}

function cutToBytes(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text
  let kept = ''
  let length = 0
  for (const character of text) {
    length += Buffer.byteLength(character)
    if (length > bytes) break
    kept += character
  }
  return kept.replace(/[. ]+$/, '')
}
