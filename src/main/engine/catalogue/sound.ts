import { accessSync, constants, existsSync, renameSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { z } from 'zod'
import { LifeboatFailure } from '#shared/failure.ts'
import { syncFolderNow } from '#engine/disk/folder.ts'
import type { Copies } from './copies.ts'
import { migrate, newestVersion } from './migrations.ts'
import { generationOf, sameProfiles } from './profiles.ts'
import { profilesIn, type Kept } from './reconcile.ts'
import type { Row, Store } from './store.ts'

/** Why a catalogue can not be trusted, in a few words; null when nothing speaks against it. */
export const whyCorrupt = { thrown, inside }

/** Codes that speak of the moment or of the folder, not of the content of the file. */
const notTheContent = new Set(['BUSY', 'LOCKED', 'FULL', 'IOERR', 'NOMEM', 'INTERRUPT', 'PERM', 'AUTH', 'NOLFS'])

function thrown(error: unknown, file: string): string | null {
  if (error instanceof LifeboatFailure) {
    if (error.cause !== undefined) return thrown(error.cause, file)
    return error.kind === 'catalogue-corrupt' ? error.message : null
  }
  // a row whose JSON or whose values are not what any version wrote
  if (error instanceof SyntaxError || error instanceof z.ZodError) return 'a row can not be read'
  if (!(error instanceof Sqlite.SqliteError)) return null
  const base = error.code.split('_')[1] ?? ''
  if (notTheContent.has(base)) return null
  // a flipped byte in the header makes a file that we may write look as if we might not
  if ((base === 'CANTOPEN' || base === 'READONLY') && !mayWrite(file)) return null
  return error.message
}

function mayWrite(file: string): boolean {
  try {
    accessSync(file, constants.R_OK | constants.W_OK)
    accessSync(dirname(file), constants.W_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

/** Looks at all of it: 10,000 copies take well under a tenth of a second. */
function inside(store: Store, copies: Copies, kept: Kept): string | null {
  const [first] = store.all<{ integrity_check: string }>('PRAGMA integrity_check(1)')
  if (first?.integrity_check !== 'ok') return first?.integrity_check ?? 'it can not be checked'
  if (tablesOf(store) !== expectedTables()) return 'its tables are not what they should be'
  const version = store.get<{ value: string }>(`SELECT value FROM meta WHERE key = 'version'`)?.value
  if (version !== String(newestVersion)) return 'it does not know its own version'
  if (!copies.intact()) return 'a copy is not what was written'
  const profiles = profilesIn(store)
  // both were written at the same time and one was changed since: not the one whose checksum fits
  const differ = kept.kind === 'read' && kept.untouched && kept.profiles.generation === generationOf(store)
  if (differ && !sameProfiles(kept.profiles, profiles)) return 'its servers are not what was written'
  // what was flipped in the header shows at the first write, if not before
  try {
    store.write(() => store.run(`INSERT OR REPLACE INTO meta VALUES ('opened', '1')`))
  } catch (error) {
    // who wants to remove copies from a full disk has to see them
    if (!(error instanceof LifeboatFailure) || error.kind !== 'disk-full') throw error
  }
  return null
}

const schemaSql = `SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name`

function tablesOf(store: { all<R extends Row>(sql: string): R[] }): string {
  return JSON.stringify(store.all<{ name: string; sql: string }>(schemaSql).map(({ name, sql }) => [name, sql]))
}

function expectedTables(): string {
  const memory = new Sqlite(':memory:')
  try {
    migrate(memory)
    return tablesOf({ all: <R extends Row>(sql: string) => memory.prepare<[], R>(sql).all() })
  } finally {
    memory.close()
  }
}

/**
 * Moves a damaged catalogue and what belongs to it out of the way, so that somebody can still look at it.
 * @returns its new name
 */
export function setAside(file: string, now: Date): string {
  const stamp = now.toISOString().replace(/[-:]|\.\d+Z$/g, '')
  let name = `catalogue.corrupt-${stamp}.sqlite`
  for (let n = 2; existsSync(join(dirname(file), name)); n += 1) name = `catalogue.corrupt-${stamp}-${n}.sqlite`
  const target = join(dirname(file), name)
  try {
    for (const ending of ['', '-wal', '-shm']) {
      if (existsSync(file + ending)) renameSync(file + ending, target + ending)
    }
  } catch (cause) {
    // Windows moves no file that is open
    throw new LifeboatFailure('catalogue-busy', 'The catalogue is damaged, and another Lifeboat holds it.', { cause })
  }
  syncFolderNow(dirname(file))
  return basename(target)
}
