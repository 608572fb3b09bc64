import { createHash } from 'node:crypto'
import { DatabaseError } from 'pg'
import type { BrowseColumn, BrowsePage, Cell } from '#shared/browse.ts'
import type { Parsed } from '#shared/contract.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Sandbox } from '#engine/sandbox/sandbox.ts'
import { findRelation, type Relation } from './browse-relation.ts'
import { readerSession, type ReaderSession, type SessionLimits, type TextRow } from './browse-session.ts'
import { hasPlaces, readCell, valueQuery, viewQuery, type Place, type Query, type Wanted } from './browse-sql.ts'

export type View = Parsed<'browse.open'>

/** A view that is being read, from its first row on. */
export type Cursor = {
  readonly columns: BrowseColumn[]
  fetch(limit: number): Promise<BrowsePage>
  /** A value that a page has cut. */
  value(row: number, column: number): Promise<{ text: string | null; cut: boolean }>
  close(): Promise<void>
  /** resolves when its session is over, whoever has ended it */
  readonly ended: Promise<void>
}

export type CursorOptions = SessionLimits & {
  /** longer values are cut to so many characters */
  longest: number
  /** and to fewer where a table has so many columns that a row could bring more than this */
  longestRow: number
}

/** Characters of `browse.value`. */
const longestValue = 4_000_000
const pageCharacters = 4_000_000
/** A page that has taken so long is sent as it is. */
const pageMs = 100
const firstBatch = 16
const shortestCut = 64

/** Opens a table or view of a sandbox and begins to read it. */
export async function openCursor(sandbox: Sandbox, view: View, options: CursorOptions): Promise<Cursor> {
  const session = await readerSession(sandbox, view.database, options)
  try {
    const relation = await findRelation(session, view.schema, view.name)
    const share = Math.floor(options.longestRow / (relation.columns.length || 1))
    const longest = Math.max(shortestCut, Math.min(options.longest, share))
    // as its own rules say for a view; a table is read whole or not at all
    if (relation.kind === 'view') await session.query('set local row_security = on')
    return reading(session, await declare(session, relation, view, longest))
  } catch (error) {
    await session.end()
    throw error
  }
}

/** @returns what the cursor reads */
async function declare(session: ReaderSession, relation: Relation, view: View, longest: number): Promise<Wanted> {
  const begin = async (sortAsText: boolean): Promise<Wanted> => {
    const wanted = { relation, sort: view.sort, filters: view.filters, longest, sortAsText }
    const query = viewQuery(wanted)
    await session.attempt(`declare browsed no scroll cursor for ${query.text}`, query.values)
    return wanted
  }
  try {
    return await begin(false)
  } catch (error) {
    // json, xml, point and others have no order: then by what is seen
    if (view.sort === null || !isUndefinedOperator(error)) throw error
    return begin(true)
  }
}

function isUndefinedOperator(error: unknown): boolean {
  return error instanceof LifeboatFailure && error.cause instanceof DatabaseError && error.cause.code === '42883'
}

function reading(session: ReaderSession, wanted: Wanted): Cursor {
  const { relation } = wanted
  const known = new Map<number, Place | { digest: string }>()
  let read = 0
  // one question after the other, in the order in which they came
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work)
    turn = mine.catch(() => undefined)
    return mine
  }
  /** Remembers of a row whatever is needed to find it again when one of its values was cut. */
  const take = (row: TextRow): { cells: Cell[]; characters: number } => {
    const { cells, characters } = cellsOf(row, relation)
    if (cells.some((cell) => cell !== null && typeof cell !== 'string')) {
      known.set(read, placeOf(row, relation) ?? { digest: digestOf(cells) })
    }
    read += 1
    return { cells, characters }
  }

  const fetch = async (limit: number): Promise<BrowsePage> => {
    const rows: Cell[][] = []
    const began = performance.now()
    let batch = firstBatch
    let characters = 0
    while (rows.length < limit && characters < pageCharacters) {
      const next = Math.min(batch, limit - rows.length)
      const got = await session.query(`fetch forward ${next} from browsed`)
      for (const row of got) {
        const taken = take(row)
        characters += taken.characters
        rows.push(taken.cells)
      }
      if (got.length < next) return { rows, end: true }
      if (performance.now() - began > pageMs) break
      batch *= 2
    }
    return { rows, end: false }
  }

  const value = async (row: number, column: number): Promise<{ text: string | null; cut: boolean }> => {
    const place = known.get(row)
    if (!place) throw new LifeboatFailure('invalid-input', 'This value was not cut: the page has all of it.')
    const found =
      'digest' in place
        ? await computedAgain(session, wanted, { row, column, digest: place.digest })
        : (await ask(session, valueQuery(relation, column, place, longestValue)))[0]?.[0]
    if (found === undefined) throw new LifeboatFailure('query-refused', 'This row was not found again.')
    const { text, bytes } = readCell(found)
    return { text, cut: bytes !== null }
  }

  return {
    columns: relation.columns.map(({ name, type }) => ({ name, type })),
    fetch: async (limit) => inTurn(async () => fetch(limit)),
    value: async (row, column) => inTurn(async () => value(row, column)),
    close: session.end,
    ended: session.ended,
  }
}

async function ask(session: ReaderSession, { text, values }: Query): Promise<TextRow[]> {
  return session.attempt(text, values)
}

/**
 * A view's row has no place: it is computed again and counted to. A view may give its rows in another order each time,
 * so the row that is found must be the one that was shown.
 */
async function computedAgain(
  session: ReaderSession,
  wanted: Wanted,
  { row, column, digest }: { row: number; column: number; digest: string },
): Promise<string | null | undefined> {
  const query = viewQuery({ ...wanted, again: { column, longest: longestValue } })
  const [found] = await ask(session, { ...query, text: `${query.text} offset ${row} limit 1` })
  if (!found) return undefined
  if (digestOf(cellsOf(found, wanted.relation).cells) === digest) return found.at(-1)
  throw new LifeboatFailure(
    'query-refused',
    'This view gives its rows in another order each time: this row can not be found again. Sort by a column first.',
  )
}

function cellsOf(row: TextRow, { columns }: Relation): { cells: Cell[]; characters: number } {
  let characters = 0
  const cells = row.slice(0, columns.length).map((said): Cell => {
    const { text, bytes } = readCell(said)
    characters += text?.length ?? 0
    return text === null || bytes === null ? text : { text, bytes }
  })
  return { cells, characters }
}

function placeOf(row: TextRow, relation: Relation): Place | null {
  const { length } = relation.columns
  const [table, tid] = [row[length], row[length + 1]]
  return hasPlaces(relation) && table && tid ? { table, tid } : null
}

function digestOf(cells: readonly Cell[]): string {
  return createHash('sha256').update(JSON.stringify(cells)).digest('base64')
}
