import type { DumpReport, FindingKind } from '#shared/dump-report.ts'
import { CopyBlock, type CopySink } from './copy-block.ts'
import { Envelope } from './envelope.ts'
import type { Findings } from './findings.ts'
import { InsertRows, type InsertSink } from './insert-rows.ts'
import { Inventory } from './inventory.ts'
import { Ledger, type TableCount } from './ledger.ts'
import { Lexer, type LexerSink, type TokenKind } from './lexer.ts'
import type { Planner } from './planner.ts'
import { createRowKernel, ROW, WINDOW } from './row-kernel.ts'
import { createdTable, opensValues, readCopy, readInsert, readSetting, type Target, type Token } from './statement.ts'
import { TableData, type TableDataSink, type TableName } from './table-data.ts'
import { isForeign } from './token-text.ts'
import { Window, type Place } from './window.ts'

/** No statement that matters here has more tokens; the rest of a longer one is only counted through. */
const KEPT_TOKENS = 20_000
const NL = 10
const BLANKS = [13, 32, 9]
const BACKSLASH = 92

/** What the content of a dump has shown: the part of the report that is not about the file. */
export type ContentReport = Omit<
  DumpReport,
  'outcome' | 'compression' | 'checksummed' | 'format' | 'encoding' | 'sqlBytes' | 'findings' | 'moreFindings'
>

/** What reads the bytes at the moment. */
type Mode =
  | { in: 'sql' }
  /** Behind the `;` of a COPY, on its line. */
  | { in: 'copyLine' | 'copy'; block: CopyBlock; target: TableCount; place: Place }
  | { in: 'insert'; target: TableCount }
type CopyMode = Extract<Mode, { in: 'copy' | 'copyLine' }>

/**
 * Reads the SQL of a dump, in UTF-8 (or in bytes without an encoding), in pieces of any size, and counts what is in it.
 * Memory: one piece and the longest row.
 */
export class Content implements LexerSink, CopySink, InsertSink, TableDataSink {
  /** What the last `SET client_encoding` said. */
  encoding: string | null = null
  /** Rows of all tables so far. */
  rows = 0
  /** False while bytes have no encoding (SQL_ASCII): nothing can be said about their validity. */
  utf8 = true
  private readonly findings: Findings
  private readonly limit: number
  private readonly planner: Planner | null
  private readonly kernel = createRowKernel()
  private readonly window = new Window(this.kernel)
  private readonly lexer = new Lexer(this)
  private readonly envelope: Envelope
  private readonly inventory = new Inventory()
  private readonly ledger = new Ledger()
  private readonly tableData = new TableData(this)
  private readonly inserts: InsertRows
  private mode: Mode = { in: 'sql' }
  private tokens: Token[] = []
  private tokenCount = 0
  private place: Place = { line: 1, byte: 0 }
  /** Where in the window the statement began; 0 when that is gone. */
  private statementFrom = 0
  private statementEnd = 0
  private switched = false
  private newEncoding: string | null = null
  private incomparable: string | null = null
  private doubledInFile = false
  /** Rows that the table had before the block that is being read. */
  private rowsBefore = 0
  /** Rows of an INSERT that has not ended with them. */
  private rowsWithTail = 0

  /** `planner`: notes down each step of the dump; null: nobody wants to load it. */
  constructor(findings: Findings, maxRowBytes: number, planner: Planner | null = null) {
    this.findings = findings
    this.limit = maxRowBytes
    this.planner = planner
    this.envelope = new Envelope(findings)
    this.inserts = new InsertRows(this.kernel, this.window, this, maxRowBytes)
  }

  /** The table whose rows are being read. */
  get table(): string | null {
    return this.target?.shown ?? null
  }

  /** Whether the next bytes are rows of a COPY block, which are checked there. */
  get inRows(): boolean {
    return this.mode.in === 'copy'
  }

  /** The line that is being read. */
  get linePlace(): Place {
    return this.window.linePlace
  }

  /** Where the bytes that were given so far end. */
  get endPlace(): Place {
    return this.window.endPlace
  }

  /**
   * Reads at most one PIECE. Returns how many of the bytes it took: fewer than given after a statement that changes the
   * encoding of what follows.
   */
  push(piece: Uint8Array): number {
    this.statementFrom = 0
    this.switched = false
    this.window.load(piece)
    this.read()
    this.flush()
    if (this.planner) this.planPiece(this.planner)
    return this.window.unload(piece, this.switched)
  }

  /** The new encoding, once, when the bytes since the last call have changed it. */
  takeEncoding(): string | null {
    const name = this.newEncoding
    this.newEncoding = null
    return name
  }

  /** Says where in the dump the next byte stands; null in a text that was converted from another encoding. */
  rebase(offset: number | null): void {
    this.window.rebase(offset)
  }

  /** From here on the rows are in an encoding that can be read and not converted. */
  cannotCompare(encoding: string): void {
    this.incomparable = `its rows are in ${encoding}, which can't be compared`
    this.add('unsupported-encoding', `the encoding ${encoding}`, this.place, null)
  }

  /** Bytes that are no valid text stand in the line that is being read. */
  badText(kind: FindingKind, detail: string, place: Place): void {
    if (this.target) this.target.unchecked ??= detail
    this.add(kind, detail, place)
  }

  /** The end of the dump. `whole`: the bytes ended by themselves, and not by a fault of the compression. */
  finish(whole: boolean): ContentReport {
    if (whole) this.finishContent()
    this.planner?.finish()
    this.flush()
    const { dumps, cluster, endMarkers, serverVersion, dumpVersion } = this.envelope
    const tables = this.ledger.list()
    return { dumps, cluster, endMarkers, serverVersion, dumpVersion, tables, ...this.inventory.report() }
  }

  private finishContent(): void {
    const end = this.endPlace
    const { mode } = this
    if (mode.in === 'copy' || mode.in === 'copyLine') {
      this.planner?.closesCopy(mode.target.rows - this.rowsBefore, this.window.textAt(this.window.pos))
      this.add('unclosed-copy', `the file ends within the rows of ${mode.target.shown}`, mode.place)
    } else if (mode.in === 'insert') {
      this.envelope.finish(this.inserts.open, end)
    } else {
      const open = this.lexer.open
      this.lexer.finish()
      this.envelope.finish(open, end)
    }
  }

  private get target(): TableCount | null {
    return this.mode.in === 'sql' ? null : this.mode.target
  }

  private read(): void {
    const { window } = this
    while (window.pos < window.fill && !this.switched) {
      const { mode } = this
      switch (mode.in) {
        case 'sql':
          window.pos = this.lexer.push(window.view, window.pos, window.fill)
          break
        case 'copyLine':
          this.readCopyLine(mode)
          break
        case 'copy':
          if (!this.readCopyRows(mode)) return
          break
        case 'insert':
          this.readInsertRows()
          break
      }
    }
  }

  private readCopyLine(mode: CopyMode): void {
    const c = this.window.view[this.window.pos++] as number
    if (c === NL) {
      this.mode = { ...mode, in: 'copy' }
      // from here on the kernel counts the lines
      this.window.countTo(this.window.pos)
      this.planner?.rowsFrom(this.window.textAt(this.window.pos))
    }
    // psql would carry it out
    else if (c === BACKSLASH) this.add('forbidden', 'a command to psql behind a COPY statement', this.place, null)
    else if (!BLANKS.includes(c)) this.doubt(mode.target, 'text behind a COPY statement, on its line')
  }

  /** False: it waits for more bytes. */
  private readCopyRows({ block, target }: CopyMode): boolean {
    const { window } = this
    window.countTo(window.pos)
    window.pos = block.push(window.pos, window.fill)
    this.flush()
    if (block.end === 'more') return false
    this.planner?.closesCopy(target.rows - this.rowsBefore, window.textAt(window.pos - block.markerBytes))
    // The line of the end marker.
    window.addLines(1)
    this.mode = { in: 'sql' }
    window.settle()
    return true
  }

  private readInsertRows(): void {
    const end = this.inserts.read()
    if (end === 'more') return
    if (end === 'end') {
      this.inventory.count('INSERT')
      if (this.target) this.planner?.insert(this.target, this.window.textAt(this.window.pos))
      const again = this.inserts.repeats()
      if (again !== null) {
        this.begins(again)
        return
      }
      this.lexer.reset()
      this.tokens = []
      this.tokenCount = 0
    } else this.lexer.resume(this.inserts.parens)
    this.flush()
    const rows = (this.target?.rows ?? 0) - this.rowsBefore
    if (end === 'end') this.planner?.insertedRows(rows)
    else this.rowsWithTail = rows
    this.mode = { in: 'sql' }
  }

  private flush(): void {
    const { rows, sum, lines } = this.kernel.take()
    // The kernel counts the lines of a COPY: a long row may have been unescaped where it stood.
    if (this.mode.in === 'copy') this.window.addLines(lines)
    this.rows += rows
    this.target?.add(rows, sum)
  }

  // What the lexer tells.

  begins(index: number): void {
    this.place = this.window.placeAt(index)
    this.statementFrom = index
    this.planner?.begins(this.place.line, this.window.textAt(index))
  }

  token(kind: TokenKind, text: string): boolean {
    if (this.tokenCount === 0) {
      this.tokens = []
      this.envelope.statement(this.place)
    }
    this.tokenCount++
    if (this.tokens.length < KEPT_TOKENS) this.tokens.push({ kind, text })
    return kind === 'word' && text.length === 6 && opensValues(this.tokens) && this.enterInsert()
  }

  end(index: number): boolean {
    const tokens = this.tokens
    this.tokens = []
    this.tokenCount = 0
    if (tokens.length === 0) return false
    const kind = this.inventory.take(tokens)
    this.statementEnd = index
    if (kind !== 'COPY' && kind !== 'INSERT') {
      this.planner?.statement(kind, this.statementRest(), this.envelope.database, this.window.textAt(index))
    }
    switch (kind) {
      case 'COPY':
        return this.enterCopy(tokens)
      case 'SET':
        return this.set(tokens)
      case 'INSERT':
        this.otherInsert(tokens)
        return false
      case 'CREATE TABLE':
        this.createTable(tokens)
        return false
      case 'other':
      case 'DO':
      case 'CALL':
        this.add('not-understood', 'a statement that pg_dump does not write', this.place, null)
        return false
      default:
        return false
    }
  }

  comment(text: string, within: boolean): boolean {
    // noise before the dump, such as a greeting of the shell, reads like the beginning of a statement
    if (within && !this.envelope.begins(text)) return false
    this.tokens = []
    this.tokenCount = 0
    this.envelope.comment(text, this.place)
    this.tableData.comment(text)
    return within
  }

  meta(text: string, whole: boolean): void {
    this.envelope.meta(text, whole, this.place)
  }

  // What the order of the dump's parts tells.

  empty({ database, schema, name }: TableName): void {
    this.ledger.table(database, schema, name)
  }

  lost(table: TableName): void {
    const target = this.ledger.table(table.database, table.schema, table.name)
    target.unchecked ??= 'its rows are announced and not there'
    this.add('missing-rows', 'the rows of a table are announced and not there', this.place, target)
  }

  announcedTwice(created: boolean): void {
    const kind = created ? 'doubled' : 'not-understood'
    this.add(kind, 'the rows of one table stand twice in the dump', this.place, null)
  }

  createdTwice(table: TableName, where: 'same dump' | 'earlier dump'): void {
    const target = this.ledger.table(table.database, table.schema, table.name)
    if (where === 'same dump') this.add('doubled', 'a table is created twice in the dump', this.place, target)
    else if (!this.doubledInFile) {
      this.doubledInFile = true
      const detail = 'several dumps of the same tables stand in the file, whose rows are counted together'
      this.add('not-understood', detail, this.place, target)
    }
  }

  // What the rows tell.

  longRow(lines: number): void {
    const detail = `a row has more than ${Math.round(this.limit / (1024 * 1024))} MB`
    this.flush()
    // Where a skipped row began is no longer in the window.
    const place = this.mode.in === 'insert' ? this.place : { ...this.window.rowPlace(0), byte: null }
    this.oddRow('too-long-row', detail, place, lines)
  }

  badRow(kind: FindingKind, detail: string, at: number, lines: number): void {
    this.flush()
    this.oddRow(kind, detail, this.window.rowPlace(at), lines)
  }

  badInsert(kind: FindingKind, detail: string): void {
    if (this.target) this.target.unchecked ??= detail
    this.add(kind, detail, this.place)
  }

  doubt(target: TableCount, why: string): void {
    if (target.unchecked !== null) return
    target.unchecked = why
    this.add('not-understood', why, this.place, target)
  }

  // Statements that matter.

  private countOf(target: Target, how: 'COPY' | 'INSERT'): TableCount {
    this.tableData.dataFollows(how)
    const schema = target.schema === '' ? this.inventory.schema : target.schema
    const count = this.ledger.table(this.envelope.database, schema, target.name)
    if (this.incomparable !== null) count.unchecked ??= this.incomparable
    if (count.unchecked === null && [schema, target.name, ...(target.columns ?? [])].some(isForeign)) {
      count.unchecked = 'its name is not UTF-8'
      this.add('unsupported-encoding', 'a name that is not UTF-8', this.place, count)
    }
    return count
  }

  private enterCopy(tokens: readonly Token[]): boolean {
    const copy = readCopy(tokens)
    if (copy.from === 'elsewhere') {
      this.add('forbidden', 'a COPY that is not FROM stdin: pg_dump does not write it', this.place, null)
      return false
    }
    if (copy.from === 'unclear') {
      this.add('not-understood', 'a COPY that pg_dump does not write', this.place, null)
      return false
    }
    const target = this.countOf(copy.target, 'COPY')
    const columns = copy.target.columns ?? []
    this.rowsBefore = target.rows
    this.planner?.opensCopy(this.statementRest(), target)
    if (!target.agrees(columns)) this.doubt(target, 'its columns come in different orders')
    if (!copy.plain) this.doubt(target, 'a COPY with options')
    const block = new CopyBlock(this.kernel, this, copy.plain ? columns.length : null, this.limit, this.utf8)
    this.mode = { in: 'copyLine', block, target, place: this.place }
    return true
  }

  private enterInsert(): boolean {
    const insert = readInsert(this.tokens)
    if (insert.form !== 'values') return false
    const target = this.countOf(insert.target, 'INSERT')
    if (this.envelope.crlf) this.doubt(target, 'line ends that were changed, perhaps within values too')
    this.rowsBefore = target.rows
    this.inserts.begin(target, insert.target.columns, this.statementFrom, this.lexer.at)
    this.mode = { in: 'insert', target }
    return true
  }

  private otherInsert(tokens: readonly Token[]): void {
    const insert = readInsert(tokens)
    const target = insert.target === null ? null : this.countOf(insert.target, 'INSERT')
    const rowsBefore = target?.rows ?? 0
    if (target) this.planner?.insert(target, this.window.textAt(this.statementEnd))
    // Its rows were read already; this was the rest behind them.
    if (insert.form === 'values') {
      this.planner?.insertedRows(this.rowsWithTail)
      return
    }
    if (insert.form === 'default values' && target) this.rowOfNothing(target)
    else if (target) this.doubt(target, 'an INSERT that is no list of values')
    else this.add('not-understood', 'an INSERT that pg_dump does not write', this.place, null)
    this.planner?.insertedRows((target?.rows ?? 0) - rowsBefore)
  }

  /** pg_dump writes `DEFAULT VALUES` for a row without columns. */
  private rowOfNothing(target: TableCount): void {
    this.kernel.addRow(ROW, 0)
    const { rows, sum } = this.kernel.take()
    this.rows += rows
    target.add(rows, sum)
    if (!target.agrees([])) this.doubt(target, 'an INSERT without values')
  }

  private set(tokens: readonly Token[]): boolean {
    const setting = readSetting(tokens)
    if (setting?.name === 'standard_conforming_strings') {
      this.lexer.standardStrings = setting.value.toLowerCase() !== 'off'
      this.inserts.standardStrings = this.lexer.standardStrings
    }
    if (setting?.name !== 'client_encoding') return false
    this.encoding = setting.value
    this.newEncoding = setting.value
    this.switched = true
    return true
  }

  /** The text of the statement in hand, without what earlier pieces held of it. */
  private statementRest(end = this.statementEnd): Buffer {
    return this.window.view.subarray(this.statementFrom > 0 ? this.statementFrom : WINDOW, end)
  }

  private planPiece(planner: Planner): void {
    const { window } = this
    if (this.switched) planner.encoding(window.textAt(window.pos), this.newEncoding ?? '')
    else if (this.mode.in === 'sql' && !this.lexer.atRest) planner.carry(this.statementRest(window.fill))
  }

  private createTable(tokens: readonly Token[]): void {
    const table = createdTable(tokens)
    if (!table) return
    const schema = table.schema === '' ? this.inventory.schema : table.schema
    this.tableData.create({ database: this.envelope.database, schema, name: table.name })
  }

  private oddRow(kind: FindingKind, detail: string, place: Place, lines: number): void {
    const { target } = this
    if (!target) return
    this.rows++
    target.add(1, 0n)
    target.unchecked ??= detail
    this.add(kind, detail, place)
    if (this.mode.in === 'copy') this.window.addLines(lines)
  }

  private add(kind: FindingKind, detail: string, place: Place, target: TableCount | null = this.target): void {
    this.findings.add({ kind, detail, table: target?.shown ?? null, line: place.line, byte: place.byte })
  }
}
