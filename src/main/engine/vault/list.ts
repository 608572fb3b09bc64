import { createHash } from 'node:crypto'
import { closeSync, lstatSync, openSync, readFileSync, readSync, type Stats } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { setImmediate as otherWork } from 'node:timers/promises'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Seal } from '#shared/vault.ts'
import { foldersOfCopies } from '#engine/copies/folders.ts'
import { folderName } from '#engine/copies/names.ts'
import { withoutArmor } from '#engine/openpgp/armor.ts'
import { readEnvelope } from '#engine/openpgp/packets.ts'
import { sealEnding } from './names.ts'
import { readRecord, recordFile, type SealRecord } from './record.ts'

/** A seal, with what was written down about it. */
export type FoundSeal = Seal & { readonly record: SealRecord | null }

/** A database whose seals are looked for: it gives its names to folders that Lifeboat did not fill. */
export type Known = { readonly server: string; readonly label: string }

type Seen = { key: string; seal: FoundSeal }
/** What a file was found to be, while it and its record stay as they are: a thousand files are not read each time. */
const seen = new Map<string, Seen>()
/**
 * Small files are looked at one after the other, some at a time: handing each look to Node's threads costs ten times
 * what the look does.
 */
const atOnce = 50

/** Every seal below the folders of copies, newest first. Needs no secret; reads records and the begin of other files. */
export async function listSeals(copiesDirs: readonly string[], known: readonly Known[]): Promise<FoundSeal[]> {
  const found: FoundSeal[] = []
  for (const copiesDir of new Set(copiesDirs)) {
    for (const folder of (await foldersOfCopies(copiesDir)).folders) {
      const names = (await readdir(folder)).filter((name) => sealEnding.test(name) && !name.startsWith('.'))
      const place = placeOf(relative(copiesDir, folder), known)
      for (const [index, name] of names.entries()) {
        if (index % atOnce === atOnce - 1) await otherWork()
        const seal = sealAt(join(folder, name), place)
        if (seal) found.push(seal)
      }
    }
  }
  return found.sort((a, b) => (a.sealedAt < b.sealedAt ? 1 : a.sealedAt > b.sealedAt ? -1 : a.file < b.file ? 1 : -1))
}

/** The seal of this id. Throws `not-found`. */
export function requireSeal(seals: readonly FoundSeal[], id: string): FoundSeal {
  const seal = seals.find((each) => each.id === id)
  if (!seal) throw new LifeboatFailure('not-found', `There is no seal ${id}.`)
  return seal
}

/** Null when it is no plain file, or gone by now. */
function sealAt(file: string, place: Known): FoundSeal | null {
  const facts = factsOf(file)
  if (!facts?.isFile()) return null
  const record = factsOf(recordFile(file))
  const key = `${facts.size} ${facts.mtimeMs} ${facts.ctimeMs} ${facts.ino} ${record?.mtimeMs ?? ''} ${record?.ino ?? ''} ${place.server}/${place.label}`
  const before = seen.get(file)
  if (before?.key === key) return before.seal
  const seal = readSeal(file, facts.size, facts.mtime, place)
  seen.set(file, { key, seal })
  return seal
}

/** By its SHA-256: a flipped bit keeps the size. */
function lookOf(file: string, bytes: number, record: SealRecord): FoundSeal['look'] {
  if (record.bytes !== bytes) return 'changed'
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex') === record.sha256 ? 'same' : 'changed'
  } catch {
    return 'unsure'
  }
}

/** Null where nothing can be seen, whatever the reason. */
function factsOf(file: string): Stats | null {
  try {
    return lstatSync(file)
  } catch {
    return null
  }
}

function readSeal(file: string, bytes: number, modified: Date, place: Known): FoundSeal {
  const record = readRecord(file)
  if (record) {
    const { id, server, label, sealedAt, kind, recipients, from, files } = record
    return {
      id,
      server,
      label,
      file,
      bytes,
      sealedAt,
      kind,
      recipients,
      from,
      files,
      record,
      names: files.map(({ name }) => name),
      look: lookOf(file, bytes, record),
      driftReady: record.prints !== null,
    }
  }
  const envelope = readEnvelope(withoutArmor(beginOf(file)))
  const kind = envelope === null ? 'unknown' : envelope.passphrases.length > 0 ? 'passphrase' : 'keys'
  return {
    id: idWithoutRecord(place, basename(file)),
    ...place,
    file,
    bytes,
    sealedAt: madeAt(basename(file), modified).toISOString(),
    kind,
    recipients: [...(envelope?.keyIds ?? [])],
    names: [],
    files: [],
    from: 'unknown',
    look: 'unsure',
    driftReady: false,
    record: null,
  }
}

/** The id of a seal beside which nothing was written down. */
export function idWithoutRecord({ server, label }: Known, name: string): string {
  return createHash('sha256').update(`${server}/${label}/${name}`).digest('hex').slice(0, 12)
}

/** days between clocks and zones, in which the time of the file tells more than the day in its name */
const slackMs = 2 * 24 * 3600_000

/** When a seal was made by hand: a file that was copied since is as young as that, and its name says an older day. */
function madeAt(name: string, modified: Date): Date {
  const [, ...parts] = /(?<!\d)(20\d\d)-?([01]\d)-?([0-3]\d)(?!\d)/.exec(name) ?? []
  const named = new Date(parts.join('-'))
  return named.getTime() < modified.getTime() - slackMs ? named : modified
}

/** Enough for the packets before the content, those of many recipients too. */
const beginBytes = 32 * 1024

/** Nothing where it can't be read: then nothing is known of it. */
function beginOf(file: string): Buffer {
  let handle: number | null = null
  try {
    handle = openSync(file, 'r')
    const buffer = Buffer.alloc(beginBytes)
    return buffer.subarray(0, readSync(handle, buffer, 0, beginBytes, 0))
  } catch {
    return Buffer.alloc(0)
  } finally {
    if (handle !== null) closeSync(handle)
  }
}

/** Names of server and label after the folders: those of a database that is known, else the folders' own. */
function placeOf(way: string, known: readonly Known[]): Known {
  const [server = '', label = ''] = way.split(sep)
  const match = known.find((each) => folderName(each.server) === server && folderName(each.label) === label)
  return match ? { server: match.server, label: match.label } : { server, label }
}
