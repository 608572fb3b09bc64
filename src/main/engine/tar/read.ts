import { fieldText, numberField, paxRecords } from './fields.ts'
import type { TarFile } from './file.ts'
import { whyNoFlatName } from './flat-name.ts'

/** Why an archive is not taken, as a sentence. `damaged` false: it is whole, and holds what it must not hold. */
export class TarRefusal extends Error {
  readonly damaged: boolean
  constructor(message: string, damaged: boolean) {
    super(message)
    this.name = 'TarRefusal'
    this.damaged = damaged
  }
}

export type TarLimits = { readonly files: number; readonly fileBytes: number }

const block = 512
/** extended headers hold a name and a time; more is an attack */
const maxExtendedBytes = 64 * 1024

type Override = { path?: string; size?: number; mtime?: number }

/**
 * The files of an archive: flat regular ones only. Everything else that tar knows (links, devices, folders, paths, global
 * headers, sparse files) is refused, and with it the whole archive; so are two files that some disk would take for one.
 * Throws TarRefusal.
 */
export function readTar(archive: Buffer, limits: TarLimits): TarFile[] {
  const files: TarFile[] = []
  const taken = new Set<string>()
  let next: Override = {}
  for (let at = 0; ;) {
    const header = archive.subarray(at, at + block)
    if (header.length < block) throw new TarRefusal('The archive ends in the midst of a file.', true)
    if (isZero(header)) {
      requireNothingBehind(archive, at, next)
      return files
    }
    requireChecksum(header)
    const type = String.fromCharCode(header[156] ?? 0)
    const size = next.size ?? sizeOf(header)
    const begin = at + block
    const body = archive.subarray(begin, begin + size)
    if (body.length < size) throw new TarRefusal('The archive ends in the midst of a file.', true)
    at = begin + Math.ceil(size / block) * block
    if (type === 'x' || type === 'L') {
      next = { ...next, ...extended(type, body) }
      continue
    }
    if (type !== '0' && type !== '\0') throw new TarRefusal(`It holds ${kindOf(type)}.`, false)
    files.push(accept(fileOf(header, body, next), taken, limits, files.length))
    next = {}
  }
}

function accept(file: TarFile, taken: Set<string>, limits: TarLimits, before: number): TarFile {
  const why = whyNoFlatName(file.name)
  if (why !== null) throw new TarRefusal(`It holds a file whose name ${why}.`, false)
  // macOS and Windows take these for the same file
  const folded = file.name.normalize('NFC').toLowerCase()
  if (taken.has(folded)) throw new TarRefusal('It holds two files of the same name.', false)
  taken.add(folded)
  if (before >= limits.files) throw new TarRefusal(`It holds more than ${limits.files} files.`, false)
  if (file.content.byteLength > limits.fileBytes)
    throw new TarRefusal(`It holds a file of more than ${limits.fileBytes} bytes.`, false)
  return file
}

function fileOf(header: Buffer, content: Buffer, override: Override): TarFile {
  const prefix = isUstar(header) ? fieldText(header.subarray(345, 500)) : ''
  const name = fieldText(header.subarray(0, 100))
  const own = prefix === '' ? name : `${prefix}/${name}`
  // tar itself writes `./.env` for `tar czf - ./.env`
  const path = (override.path ?? own).replace(/^\.\/+/, '')
  const mtime = override.mtime ?? numberField(header.subarray(136, 148)) ?? 0
  return {
    name: path,
    mode: (numberField(header.subarray(100, 108)) ?? 0o600) & 0o777,
    modifiedAt: new Date(Math.abs(mtime) <= 8.64e12 ? mtime * 1000 : 0),
    content,
  }
}

function sizeOf(header: Buffer): number {
  const size = numberField(header.subarray(124, 136))
  if (size === null || size < 0) throw new TarRefusal('A header of the archive is damaged.', true)
  return size
}

/** What an extended header says about the file behind it: its long name, in pax's way or in GNU's. */
function extended(type: 'x' | 'L', body: Buffer): Override {
  if (body.length > maxExtendedBytes) throw new TarRefusal('It holds an extended header that is too large.', false)
  if (type === 'L') return { path: fieldText(body) }
  const records = paxRecords(body)
  if (records === null) throw new TarRefusal('A header of the archive is damaged.', true)
  const override: Override = {}
  for (const [key, value] of records) {
    if (key.startsWith('GNU.sparse.')) throw new TarRefusal('It holds a sparse file.', false)
    if (key === 'path') override.path = value
    if (key === 'mtime' && /^-?\d+(\.\d+)?$/.test(value)) override.mtime = Number(value)
    if (key === 'size') {
      if (!/^\d{1,15}$/.test(value)) throw new TarRefusal('A header of the archive is damaged.', true)
      override.size = Number(value)
    }
  }
  return override
}

function requireChecksum(header: Buffer): void {
  const told = numberField(header.subarray(148, 156))
  let sum = 8 * 32
  for (let at = 0; at < block; at += 1) if (at < 148 || at >= 156) sum += header[at] ?? 0
  if (told !== sum) throw new TarRefusal('A header of the archive is damaged.', true)
}

function requireNothingBehind(archive: Buffer, at: number, next: Override): void {
  if (Object.keys(next).length > 0) throw new TarRefusal('The archive ends where a file should follow.', true)
  if (!isZero(archive.subarray(at))) throw new TarRefusal('It holds something behind its end.', false)
}

function isUstar(header: Buffer): boolean {
  return header.subarray(257, 263).toString('latin1') === 'ustar\0'
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0)
}

const kinds: Record<string, string> = {
  '1': 'a link',
  '2': 'a link',
  '3': 'a device',
  '4': 'a device',
  '5': 'a folder',
  '6': 'a pipe',
  '7': 'a file of a kind that no .env has',
  K: 'a link',
  S: 'a sparse file',
  g: 'a header for all files',
}

function kindOf(type: string): string {
  return kinds[type] ?? 'an entry of an unknown kind'
}
