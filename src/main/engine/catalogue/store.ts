import { closeSync, existsSync, openSync, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { LifeboatFailure } from '#shared/failure.ts'
import { migrate } from './migrations.ts'

export type Value = string | number | bigint | null
export type Row = Record<string, Value>

/** SQLite with the three things that every table needs: prepared once, errors in our words, writes in one transaction. */
export type Store = {
  /** The caller names the columns' types; `CHECK`s and the row's checksum keep them true. */
  all<R extends Row>(sql: string, ...values: Value[]): R[]
  get<R extends Row>(sql: string, ...values: Value[]): R | undefined
  /** @returns the number of changed rows */
  run(sql: string, ...values: Value[]): number
  /** Several reads of one moment; nobody is kept from writing. */
  read<T>(reads: () => T): T
  /** Everything in `change` or nothing, and no other process writes meanwhile. May be nested. */
  write<T>(change: () => T): T
  /** Changes when another process has written. */
  dataVersion(): number
  close(): void
}

/** How long a statement waits for another process. All of the engine waits with it: hence not longer. */
const busyTimeoutMs = 3000

/**
 * Opens the file and brings its tables up to date. Errors come as SQLite throws them: see whyCorrupt.
 * Another process may set a damaged file aside and make a new one in its place while we have it open: the next statement
 * then goes to the new one.
 */
export function openStore(file: string): Store {
  let database = openDatabase(file)
  let inode = inodeOf(file)
  let reopened = 0
  let prepared = new Map<string, Sqlite.Statement<Value[], unknown>>()

  const follow = (): void => {
    const now = inodeOf(file)
    if (now === inode || now === null || database.inTransaction) return
    const next = openDatabase(file)
    database.close()
    database = next
    inode = now
    reopened += 1
    prepared = new Map()
  }
  const statement = <R>(sql: string): Sqlite.Statement<Value[], R> => {
    const known = prepared.get(sql) ?? database.prepare<Value[], unknown>(sql)
    prepared.set(sql, known)
    return known as Sqlite.Statement<Value[], R>
  }
  const inOurWords = <T>(work: () => T): T => {
    try {
      follow()
      return work()
    } catch (error) {
      throw asFailure(error, dirname(file))
    }
  }
  return {
    all: <R extends Row>(sql: string, ...values: Value[]) => inOurWords(() => statement<R>(sql).all(...values)),
    get: <R extends Row>(sql: string, ...values: Value[]) => inOurWords(() => statement<R>(sql).get(...values)),
    run: (sql, ...values) => inOurWords(() => statement(sql).run(...values).changes),
    read: (reads) => inOurWords(() => database.transaction(reads).deferred()),
    write: (change) => inOurWords(() => database.transaction(change).immediate()),
    dataVersion: () => inOurWords(() => Number(database.pragma('data_version', { simple: true })) + reopened * 1e9),
    close: () => void database.close(),
  }
}

/** Commits survive a power cut: WAL alone would not see to that, its default is synchronous=NORMAL. */
function openDatabase(file: string): Sqlite.Database {
  // SQLite would make it readable for everybody; -wal and -shm take over the mode of the file
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600))
  const database = new Sqlite(file, { timeout: busyTimeoutMs })
  try {
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    database.pragma('foreign_keys = ON')
    migrate(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Tells one file from another under the same name; null when there is none. */
export function inodeOf(file: string): bigint | null {
  return statSync(file, { bigint: true, throwIfNoEntry: false })?.ino ?? null
}

/**
 * What SQLite says, as a failure that a person can act on. Everything else stays what it is.
 * @param folder of the catalogue: SQLite calls a full disk a broken one where its shared memory finds no room
 */
export function asFailure(error: unknown, folder: string): unknown {
  if (!(error instanceof Sqlite.SqliteError)) return error
  const [, base] = error.code.split('_')
  switch (base) {
    case 'BUSY':
    case 'LOCKED':
      return new LifeboatFailure('catalogue-busy', 'The catalogue is held by another program.', { cause: error })
    case 'CORRUPT':
    case 'NOTADB':
      return new LifeboatFailure('catalogue-corrupt', 'The catalogue is damaged.', { cause: error })
    case 'FULL':
      return diskFull(error)
    case 'IOERR':
      if (isFull(folder)) return diskFull(error)
      return new LifeboatFailure('disk-failed', 'The disk refused to read or write the catalogue.', { cause: error })
    case 'READONLY':
    case 'PERM':
    case 'CANTOPEN':
      return new LifeboatFailure('folder-refused', 'The catalogue can not be written.', { cause: error })
    default:
      return error
  }
}

function diskFull(cause: unknown): LifeboatFailure {
  return new LifeboatFailure('disk-full', 'The catalogue could not be written: the disk is full.', { cause })
}

/** No room for the smallest of SQLite's files. */
function isFull(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize < 64 * 1024
  } catch {
    return false
  }
}
