import { statSync } from 'node:fs'
import type { Parsed } from '#shared/contract.ts'
import type { CopyRow, Manifest, Needs } from '#shared/copy.ts'
import { rungs, type Outcome, type Rung } from '#shared/proof.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import {
  asCopyRow,
  checksumOf,
  columnNames,
  columnsOf,
  needsOf,
  normalTime,
  withFace,
  type CopyColumns,
  type Look,
} from './copy-row.ts'
import { copyFilter, copyOrder } from './copy-query.ts'
import type { Row, Store } from './store.ts'

type Stored = CopyColumns & { checksum: number }
type Placed = Pick<
  CopyColumns,
  'id' | 'file' | 'manifest_file' | 'folder' | 'bytes' | 'sha256' | 'look' | 'seen_modified_ms'
> & { modified_ms: number | null }
/** What a look compares the file on the disk with. */
export type CopyFile = {
  id: string
  file: string
  manifestFile: string
  folder: string
  bytes: number
  sha256: string
  look: Look
  /** modification time of the file when it was last known to be whole; below 0: when it was last seen not to be */
  seenModifiedMs: number
  /** modification time of the manifest that the row was made from; null: not known */
  manifestModifiedMs: number | null
}
export type Seen = { look: Look; detail: string; at: string; modifiedMs?: number }
/** A copy with what is needed to restore it by hand. */
export type GuideRow = { copy: CopyRow; needs: Needs; compression: string; format: string }

/** `since`: from when on `recent` begins; `latest`: what is dated later is taken only where there is nothing else */
type SightWanted = { sizes: number; since: string; latest: string }

/** The copies of one database as the overview shows them; lists are newest first. */
export type CopySight = {
  newest: CopyRow | null
  /** of those that the server's own cron has made */
  newestBackup: CopyRow | null
  newestGood: CopyRow | null
  newestExact: CopyRow | null
  /** those that somebody has tried to restore, in no order */
  restored: CopyRow[]
  copies: number
  sizes: { takenAt: string; bytes: number; face: Outcome }[]
  /** those since a given time */
  recent: { takenAt: string; rung: Rung | null; face: Outcome }[]
}

const shortestPrefix = 4
/** Good enough to count on: readable or better, and nothing about it is damaged. */
const isGood = `face = 'proven' AND rung_order >= ${rungs.indexOf('readable')}`
const newestFirst = 'taken_at DESC, stored_at DESC, id DESC'
const insert = `INSERT OR REPLACE INTO copies (${columnNames.join(', ')}, checksum) VALUES (${columnNames.map(() => '?').join(', ')}, ?)`

export type Copies = ReturnType<typeof copiesTable>

/** @param namesToday under which names a copy belongs today */
export function copiesTable(store: Store, namesToday: (manifest: Manifest) => { server: string; label: string }) {
  const shelf = new Map<string, { checksum: number; row: CopyRow }>()

  /** Rows are built once: building is what a list of 10,000 takes its time for. */
  const build = (stored: Stored): CopyRow => {
    const known = shelf.get(stored.id)
    if (known?.checksum === stored.checksum) return known.row
    const row = asCopyRow(stored)
    shelf.set(stored.id, { checksum: stored.checksum, row })
    return row
  }
  const write = (columns: CopyColumns): CopyRow => {
    const checksum = checksumOf(columns)
    store.run(insert, ...columnNames.map((name) => columns[name]), checksum)
    return build({ ...columns, checksum })
  }
  const columnsFor = (id: string): Stored | undefined => store.get<Stored>('SELECT * FROM copies WHERE id = ?', id)
  const first = (where: string, order: string, ...values: (string | number)[]): CopyRow | undefined => {
    const stored = store.get<Stored>(`SELECT * FROM copies WHERE ${where} ORDER BY ${order} LIMIT 1`, ...values)
    return stored && build(stored)
  }
  const noteManifest = (id: string, modifiedMs: number): void =>
    void store.run('INSERT OR REPLACE INTO manifest_times VALUES (?, ?)', id, modifiedMs)
  const one = (where: string, ...values: (string | number)[]) => first(where, newestFirst, ...values)

  return {
    list(query: Parsed<'copy.list'>): { total: number; copies: CopyRow[] } {
      const { where, values } = copyFilter(query)
      const from = `FROM copies WHERE ${where}`
      const page = `${from} ORDER BY ${copyOrder(query)} LIMIT ? OFFSET ?`
      return store.read(() => {
        const total = store.get<{ total: number }>(`SELECT count(*) AS total ${from}`, ...values)?.total ?? 0
        const wanted = store.all<{ id: string; checksum: number }>(
          `SELECT id, checksum ${page}`,
          ...values,
          query.limit,
          query.offset,
        )
        const copies = wanted.flatMap(({ id, checksum }) => {
          const known = shelf.get(id)
          if (known?.checksum === checksum) return known.row
          const stored = columnsFor(id)
          return stored ? build(stored) : []
        })
        if (shelf.size > 2 * total + 1000) shelf.clear()
        return { total, copies }
      })
    },
    /** By its id, or by a begin of at least four characters that fits no other. */
    get(id: string): CopyRow | undefined {
      const exact = columnsFor(id)
      if (exact) return build(exact)
      if (id.length < shortestPrefix) return undefined
      const found = store.all<Stored>('SELECT * FROM copies WHERE substr(id, 1, length(?)) = ? LIMIT 2', id, id)
      if (found.length > 1) throw new LifeboatFailure('invalid-input', `Several copies begin with ${id}.`)
      const [only] = found
      return only && build(only)
    },
    /** What was seen of the file before stays true: a manifest says nothing about it. */
    put(manifest: Manifest, manifestFile: string, modifiedMs?: number): CopyRow {
      return store.write(() => {
        const columns = columnsOf(manifest, manifestFile, namesToday(manifest))
        const before = columnsFor(manifest.id)
        const time = modifiedMs ?? statSync(manifestFile, { throwIfNoEntry: false })?.mtimeMs
        if (time !== undefined) noteManifest(manifest.id, time)
        if (!before || before.file !== columns.file) return write(columns)
        const { look, look_detail, looked_at, seen_modified_ms } = before
        return write(withFace({ ...columns, look, look_detail, looked_at, seen_modified_ms }))
      })
    },
    noteManifest,
    remove: (id: string): void => {
      store.run('DELETE FROM copies WHERE id = ?', id)
      store.run('DELETE FROM manifest_times WHERE copy_id = ?', id)
      shelf.delete(id)
    },
    clear: (): void => {
      store.run('DELETE FROM copies')
      shelf.clear()
    },
    /** The copy that holds this very backup: same path, size and time. Of several, one that is still what was stored. */
    findBackup(backup: { server: string; label: string; path: string; bytes: number; modifiedAt: string }) {
      const { server, label, path, bytes } = backup
      const where = 'server = ? AND label = ? AND source_path = ? AND bytes = ? AND source_modified_at = ?'
      const soundFirst = `rung IS NULL, ${newestFirst}`
      return first(where, soundFirst, server, label, path, bytes, normalTime(backup.modifiedAt))
    },
    sameContent: (server: string, label: string, sha256: string) =>
      one('sha256 = ? AND server = ? AND label = ?', sha256, server, label),
    newest: (server: string, label: string) => one('server = ? AND label = ?', server, label),
    /** The copy before of the same database, without those that nobody may count on. */
    before(id: string): CopyRow | undefined {
      const now = columnsFor(id)
      if (!now) return undefined
      const where = `server = ? AND label = ? AND (taken_at, stored_at, id) < (?, ?, ?) AND ${isGood}`
      return one(where, now.server, now.label, now.taken_at, now.stored_at, now.id)
    },
    /** Where the files of copies lie, and what is known of them; of one copy, or of all. */
    files(id?: string): CopyFile[] {
      const select = `SELECT id, file, manifest_file, folder, bytes, sha256, look, seen_modified_ms, modified_ms
        FROM copies LEFT JOIN manifest_times ON copy_id = id`
      const rows =
        id === undefined
          ? store.all<Placed>(`${select} ORDER BY folder, file`)
          : store.all<Placed>(`${select} WHERE id = ?`, id)
      return rows.map(({ manifest_file, seen_modified_ms, modified_ms, ...row }) => ({
        ...row,
        manifestFile: manifest_file,
        seenModifiedMs: seen_modified_ms,
        manifestModifiedMs: modified_ms,
      }))
    },
    saw(id: string, { look, detail, at, modifiedMs }: Seen): CopyRow | undefined {
      return store.write(() => {
        const before = columnsFor(id)
        if (!before) return undefined
        const seen_modified_ms = modifiedMs ?? before.seen_modified_ms
        return write(withFace({ ...before, look, look_detail: detail, looked_at: at, seen_modified_ms }))
      })
    },
    inFolder: (folder: string) =>
      store.all<{ file: string; sha256: string }>(
        'SELECT file, sha256 FROM copies WHERE folder = ? ORDER BY file',
        folder,
      ),
    /** For each database its newest copy, and the newest one that is readable and not damaged. */
    guide(): { server: string; label: string; newest: GuideRow; good: GuideRow | null }[] {
      const asGuide = (row: Stored): GuideRow => ({
        copy: build(row),
        needs: needsOf(row),
        compression: row.compression,
        format: row.format,
      })
      const newestOf = (where: string, server: string, label: string): Stored | undefined =>
        store.get<Stored>(
          `SELECT * FROM copies WHERE server = ? AND label = ? AND ${where} ORDER BY ${newestFirst} LIMIT 1`,
          server,
          label,
        )
      return store
        .all<{ server: string; label: string }>('SELECT DISTINCT server, label FROM copies ORDER BY server, label')
        .flatMap(({ server, label }) => {
          const newest = newestOf('1', server, label)
          const good = newestOf(isGood, server, label)
          return newest ? [{ server, label, newest: asGuide(newest), good: good ? asGuide(good) : null }] : []
        })
    },
    /** What the overview says of one database, without building a row for each of its copies. */
    sightOf(server: string, label: string, { sizes, since, latest }: SightWanted): CopySight {
      return store.read(() => {
        const mine = 'server = ? AND label = ?'
        const some = <R extends Row>(columns: string, rest: string, ...values: (string | number)[]): R[] =>
          store.all<R>(`SELECT ${columns} FROM copies WHERE ${mine} ${rest}`, server, label, ...values)
        // one from the future would pass for fresh until that day, and hide every true one
        const newestOf = (which: string): CopyRow | null =>
          one(`${mine} AND ${which} AND taken_at <= ?`, server, label, latest) ??
          one(`${mine} AND ${which}`, server, label) ??
          null
        return {
          newest: one(mine, server, label) ?? null,
          newestBackup: one(`${mine} AND origin = 'backup'`, server, label) ?? null,
          newestGood: newestOf(isGood),
          newestExact: newestOf(`face = 'proven' AND rung_order >= ${rungs.indexOf('exact')}`),
          restored: some<Stored>('*', `AND instr(proofs, '"restored"') > 0`).map(build),
          copies: some<{ total: number }>('count(*) AS total', '')[0]?.total ?? 0,
          sizes: some<CopySight['sizes'][number]>(
            'taken_at AS takenAt, bytes, face',
            `ORDER BY ${newestFirst} LIMIT ?`,
            sizes,
          ),
          recent: some<CopySight['recent'][number]>('taken_at AS takenAt, rung, face', 'AND taken_at >= ?', since),
        }
      })
    },
    /** When the last copy of a server, or of one of its databases, was stored. */
    lastStored(server: string, label: string | null): string | null {
      const sql = 'SELECT max(stored_at) AS last FROM copies WHERE server = ? AND label = coalesce(?, label)'
      return store.get<{ last: string | null }>(sql, server, label)?.last ?? null
    },
    /** Gives copies another server or label. */
    rename(from: { server: string; label: string | null }, to: { server: string; label: string | null }): void {
      const rows =
        from.label === null
          ? store.all<Stored>('SELECT * FROM copies WHERE server = ?', from.server)
          : store.all<Stored>('SELECT * FROM copies WHERE server = ? AND label = ?', from.server, from.label)
      for (const { checksum: _checksum, ...row } of rows) {
        write(withFace({ ...row, server: to.server, label: to.label ?? row.label }))
      }
    },
    /** Whether every row is still what was written. Builds the rows by the way. */
    intact(): boolean {
      const rows = store.all<Stored>('SELECT * FROM copies')
      if (!rows.every((row) => checksumOf(row) === row.checksum)) return false
      rows.forEach(build)
      return true
    },
  }
}
