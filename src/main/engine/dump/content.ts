import type { DumpReport, FindingKind } from '#shared/dump-report.ts'
import { CopyBlock } from './copy-block.ts'
import { Envelope, type Place } from './envelope.ts'
import type { Findings } from './findings.ts'
import { createLedger, tableName, type TableCount } from './ledger.ts'
import { Lexer, type LexerSink, type TokenKind } from './lexer.ts'
import { createRowKernel, ROW, WINDOW } from './row-kernel.ts'
import {
  createdExtension,
  createdRole,
  createdTable,
  databaseTimeZone,
  opensValues,
  readCopy,
  readInsert,
  readSetting,
  rolesIn,
  statementKind,
  type Target,
  type Token,
} from './statement.ts'
import { ValuesReader, type ValuesSink } from './values.ts'

/** No statement that matters here has more tokens; the rest of a longer one is only counted through. */
const KEPT_TOKENS = 20_000
const NL = 10

/** What the content of a dump has shown: the part of the report that is not about the file. */
export type ContentReport = Pick<
  DumpReport,
  | 'dumps'
  | 'cluster'
  | 'endMarkers'
  | 'serverVersion'
  | 'dumpVersion'
  | 'timeZone'
  | 'tables'
  | 'statements'
  | 'largeObjects'
  | 'roles'
  | 'extensions'
>

/** What reads the bytes at the moment. */
type Mode =
  | { in: 'sql' }
  /** Behind the `;` of a COPY, on its line. */
  | { in: 'copyLine'; block: CopyBlock; target: TableCount; place: Place }
  | { in: 'copy'; block: CopyBlock; target: TableCount; place: Place }
  | { in: 'values'; target: TableCount; columns: string[] | null; rows: number; width: number }

const SQL: Mode = { in: 'sql' }

/**
 * Reads the SQL of a dump, in UTF-8 (or in bytes without an encoding), in pieces of any size, and counts what is in it.
 * Memory: one piece and the longest row.
 */
export class Content implements LexerSink, ValuesSink {
  readonly envelope: Envelope
  /** What the last `SET client_encoding` said. */
  encoding: string | null = null
  /** Rows of all tables so far. */
  rows = 0
  /** False while bytes have no encoding (SQL_ASCII): nothing can be said about their validity. */
  utf8 = true
  private readonly findings: Findings
  private readonly limit: number
  private readonly kernel = createRowKernel()
  private readonly ledger = createLedger()
  private readonly lexer = new Lexer(this)
  private readonly values: ValuesReader
  private mode: Mode = SQL
  private tokens: Token[] = []
  private tokenCount = 0
  private place: Place = { line: 1, byte: 0 }
  private statements = new Map<string, number>()
  private largeObjects = 0
  private readonly roles = new Set<string>()
  private readonly ownRoles = new Set<string>()
  private readonly extensions = new Set<string>()
  private readonly announcedTables: { database: string | null; schema: string; name: string }[] = []
  private readonly created = new Map<string, { database: string | null; schema: string; name: string }[]>()
  private timeZone: string | null = null
  private schema = 'public'
  /** The text of the last INSERT up to its rows: most INSERTs of a table begin with the same bytes. */
  private insertLead: { bytes: Buffer; target: TableCount; columns: string[] | null } | null = null
  private statementFrom = 0

  // The window: [pos, fill) is unread; `origin` is the offset in the dump of index 0; lines are counted up to `counted`.
  private pos = WINDOW
  private fill = WINDOW
  private origin: number | null = -WINDOW
  private view: Buffer = Buffer.alloc(0)
  private lines = 0
  private counted = WINDOW
  private switched = false
  private newEncoding: string | null = null
  private lineStart = 0
  private incomparable: string | null = null

  constructor(findings: Findings, maxRowBytes: number) {
    this.findings = findings
    this.limit = maxRowBytes
    this.envelope = new Envelope(findings)
    this.values = new ValuesReader(this.kernel, this, maxRowBytes)
  }

  /** The table whose rows are being read. */
  get table(): string | null {
    return this.mode.in === 'sql' ? null : tableName(this.mode.target)
  }

  /**
   * Reads at most one PIECE. Returns how many of the bytes it took: fewer than given after a statement that changes the
   * encoding of what follows.
   */
  push(piece: Uint8Array): number {
    this.makeRoom(piece.length)
    this.statementFrom = 0
    this.kernel.bytes.set(piece, this.fill)
    this.fill += piece.length
    this.view = Buffer.from(this.kernel.bytes.buffer, 0, this.fill)
    this.switched = false
    this.read()
    this.flush()
    const left = this.switched ? this.fill - this.pos : 0
    this.fill -= left
    const taken = piece.length - left
    const newline = piece.lastIndexOf(NL, taken - 1)
    if (newline >= 0) this.lineStart = (this.byteAt(this.fill) ?? 0) - taken + newline + 1
    return taken
  }

  /** The new encoding, once, when the bytes since the last call have changed it. */
  takeEncoding(): string | null {
    const name = this.newEncoding
    this.newEncoding = null
    return name
  }

  /** Whether the next bytes are rows of a COPY block, which are checked there. */
  get inRows(): boolean {
    return this.mode.in === 'copy'
  }

  /** The line that is being read. */
  get linePlace(): Place {
    this.countTo(this.pos)
    return { line: this.lines + 1, byte: this.origin === null ? null : this.lineStart }
  }

  /** From here on the rows are in an encoding that can be read and not converted. */
  cannotCompare(encoding: string): void {
    this.incomparable = `its rows are in ${encoding}, which can't be compared`
    this.add('unsupported-encoding', `the encoding ${encoding}`, this.place, null)
  }

  /** Bytes that are no valid text stand in the line that is being read. */
  badText(kind: FindingKind, detail: string, place: Place): void {
    const target = this.mode.in === 'sql' ? null : this.mode.target
    if (target) target.unchecked ??= detail
    this.add(kind, detail, place, target)
  }

  /** Where the bytes that were given so far end. */
  get endPlace(): Place {
    this.countTo(this.pos)
    return { line: this.lines + 1, byte: this.byteAt(this.fill) }
  }

  /** Says where in the dump the next byte stands; null in a text that was converted from another encoding. */
  rebase(offset: number | null): void {
    this.origin = offset === null ? null : offset - this.fill
  }

  private byteAt(index: number): number | null {
    return this.origin === null ? null : this.origin + index
  }

  /** The end of the dump. `whole`: the bytes ended by themselves, and not by a fault of the compression. */
  finish(whole: boolean): ContentReport {
    if (whole) this.finishContent()
    this.flush()
    const { dumps, cluster, endMarkers, serverVersion, dumpVersion } = this.envelope
    return {
      dumps,
      cluster,
      endMarkers,
      serverVersion,
      dumpVersion,
      timeZone: this.timeZone,
      tables: this.ledger.list(),
      statements: Object.fromEntries([...this.statements].sort(([a], [b]) => (a < b ? -1 : 1))),
      largeObjects: this.largeObjects,
      roles: [...this.roles].filter((role) => !this.ownRoles.has(role)).sort(),
      extensions: [...this.extensions].sort(),
    }
  }

  private finishContent(): void {
    const end = this.endPlace
    if (this.mode.in === 'copy' || this.mode.in === 'copyLine') {
      const { target, place } = this.mode
      this.add('unclosed-copy', `the file ends within the rows of ${tableName(target)}`, place, target)
      return
    }
    if (this.mode.in === 'values') {
      this.envelope.finish(this.values.open, end)
      return
    }
    const open = this.lexer.open
    this.lexer.finish()
    this.envelope.finish(open, end)
  }

  // ---- the window

  private makeRoom(length: number): void {
    if (this.pos > WINDOW) {
      this.countTo(this.pos)
      this.kernel.bytes.copyWithin(WINDOW, this.pos, this.fill)
      const moved = this.pos - WINDOW
      if (this.origin !== null) this.origin += moved
      this.fill -= moved
      this.pos = WINDOW
      this.counted = WINDOW
    }
    this.kernel.reserve(this.fill + length)
  }

  private read(): void {
    while (this.pos < this.fill && !this.switched) {
      const mode = this.mode
      switch (mode.in) {
        case 'sql':
          this.pos = this.lexer.push(this.view, this.pos, this.fill)
          break
        case 'copyLine':
          this.readCopyLine(mode)
          break
        case 'copy':
          if (!this.readCopyRows(mode)) return
          break
        case 'values':
          this.readValues(mode)
          break
      }
    }
  }

  private readCopyLine(mode: Extract<Mode, { in: 'copyLine' }>): void {
    const c = this.view[this.pos++] as number
    if (c === NL) this.mode = { ...mode, in: 'copy' }
    else if (c !== 13 && c !== 32 && c !== 9) this.doubt(mode.target, 'text behind a COPY statement, on its line')
  }

  /** False: it waits for more bytes. */
  private readCopyRows(mode: Extract<Mode, { in: 'copy' }>): boolean {
    this.countTo(this.pos)
    this.pos = mode.block.push(this.pos, this.fill)
    this.flush()
    // The kernel has counted the lines of the rows; a long row may have been unescaped where it stood.
    this.counted = this.pos
    if (mode.block.end === 'more') return this.pos === this.fill
    this.lines++
    this.mode = SQL
    if (this.fill > ROW) this.slide()
    return true
  }

  /** Behind a long row: moves the rest down, out of the place where rows of INSERTs are put together. */
  private slide(): void {
    this.makeRoom(0)
    this.view = Buffer.from(this.kernel.bytes.buffer, 0, this.fill)
  }

  private readValues(mode: Extract<Mode, { in: 'values' }>): void {
    this.pos = this.values.push(this.pos, this.fill)
    if (this.view.buffer !== this.kernel.bytes.buffer) {
      this.view = Buffer.from(this.kernel.bytes.buffer, 0, this.fill)
    }
    switch (this.values.end) {
      case 'more':
        return
      case 'end':
        this.count('INSERT')
        if (this.repeatsInsert(mode)) return
        this.leaveValues()
        this.lexer.reset()
        this.tokens = []
        this.tokenCount = 0
        return
      case 'tail':
        this.leaveValues()
        return
      case 'strange':
        this.doubt(mode.target, 'a value in an INSERT that is no plain literal')
        this.leaveValues()
        this.lexer.resume(this.values.parens)
    }
  }

  /** Whether the next statement is an INSERT like this one: then its rows are read at once. */
  private repeatsInsert(mode: Extract<Mode, { in: 'values' }>): boolean {
    const lead = this.insertLead
    if (!lead || lead.target !== mode.target) return false
    let at = this.pos
    while (at < this.fill && (this.view[at] === NL || this.view[at] === 13)) at++
    const end = at + lead.bytes.length
    if (end > this.fill || this.view.compare(lead.bytes, 0, lead.bytes.length, at, end) !== 0) return false
    this.begins(at)
    this.pos = end
    mode.width = -1
    mode.rows = 0
    this.values.begin()
    return true
  }

  private leaveValues(): void {
    this.flush()
    this.mode = SQL
  }

  private countTo(index: number): void {
    if (index <= this.counted) return
    this.lines += this.kernel.newlines(this.counted, index)
    this.counted = index
  }

  private placeAt(index: number): Place {
    this.countTo(index)
    return { line: this.lines + 1, byte: this.byteAt(index) }
  }

  private flush(): void {
    const { rows, sum, lines } = this.kernel.take()
    this.lines += lines
    if (rows === 0 || this.mode.in === 'sql') return
    this.rows += rows
    this.mode.target.rows += rows
    this.mode.target.sum += sum
  }

  // ---- what the lexer tells

  begins(index: number): void {
    this.place = this.placeAt(index)
    this.statementFrom = index
  }

  token(kind: TokenKind, text: string): boolean {
    if (this.tokenCount === 0) {
      this.tokens = []
      this.envelope.statement(this.place)
    }
    this.tokenCount++
    if (this.tokens.length < KEPT_TOKENS) this.tokens.push({ kind, text })
    if (kind !== 'word' || text.length !== 6 || !opensValues(this.tokens)) return false
    return this.enterValues()
  }

  end(): boolean {
    const tokens = this.tokens
    const empty = this.tokenCount === 0
    this.tokens = []
    this.tokenCount = 0
    if (empty) return false
    const kind = statementKind(tokens)
    this.count(kind)
    for (const role of rolesIn(kind, tokens)) this.roles.add(role)
    switch (kind) {
      case 'COPY':
        return this.enterCopy(tokens)
      case 'SET':
        return this.set(tokens)
      case 'INSERT':
        this.otherInsert(tokens)
        return false
      case 'SELECT lo_create':
        this.largeObjects++
        return false
      case 'CREATE TABLE':
        this.createTable(tokens)
        return false
      case 'CREATE ROLE':
        this.ownRoles.add(createdRole(tokens) ?? '')
        return false
      case 'CREATE EXTENSION':
        this.extensions.add(createdExtension(tokens) ?? '')
        return false
      case 'ALTER DATABASE':
        this.timeZone ??= databaseTimeZone(tokens)
        return false
      default:
        return false
    }
  }

  comment(text: string): void {
    this.envelope.comment(text, this.place)
    if (text.startsWith(' Data for Name: ')) this.announced(text.trimEnd())
    else if (text.startsWith(' load via partition root ')) this.announcedTables.length = 0
    else if (text.startsWith(' Name: ') || text.startsWith(' PostgreSQL database ')) this.settle()
  }

  meta(text: string, whole: boolean): void {
    this.envelope.meta(text, whole, this.place)
  }

  // ---- what the rows of an INSERT are told to

  row(length: number, values: number, defaults: readonly number[]): void {
    const mode = this.mode
    if (mode.in !== 'values') return
    this.kernel.addRow(ROW, length)
    mode.rows++
    if (mode.rows === 1 && values !== mode.width) this.firstRow(mode, values, defaults)
    else if (values !== mode.width) this.wrongWidth(mode, values)
  }

  longRow(lines: number): void {
    if (this.mode.in === 'sql') return
    const { target } = this.mode
    this.flush()
    target.rows++
    target.unchecked ??= 'it has a row that is too long to be checked'
    const limit = `${Math.round(this.limit / (1024 * 1024))} MB`
    const place = this.mode.in === 'values' ? this.place : { line: this.lines + 1, byte: null }
    this.add('too-long-row', `a row has more than ${limit}`, place, target)
    this.lines += lines
  }

  badRow(kind: FindingKind, detail: string, at: number, lines: number): void {
    if (this.mode.in === 'sql') return
    const { target } = this.mode
    this.flush()
    target.rows++
    target.unchecked ??= detail
    this.add(kind, detail, { line: this.lines + 1, byte: this.byteAt(at) }, target)
    this.lines += lines
  }

  private firstRow(mode: Extract<Mode, { in: 'values' }>, values: number, defaults: readonly number[]): void {
    mode.width = values
    const { target, columns } = mode
    if (columns !== null && columns.length !== values) this.wrongWidth({ ...mode, width: columns.length }, values)
    else if (columns !== null) target.columns ??= columns.filter((_, i) => !defaults.includes(i))
  }

  private wrongWidth(mode: Extract<Mode, { in: 'values' }>, values: number): void {
    const detail = `a row of an INSERT has ${values} values instead of ${mode.width}`
    mode.target.unchecked ??= detail
    this.add('bad-insert-row', detail, this.place, mode.target)
  }

  // ---- statements that matter

  private countOf(target: Target): TableCount {
    this.announcedTables.length = 0
    const schema = target.schema === '' ? this.schema : target.schema
    const count = this.ledger.table(this.envelope.database, schema, target.name)
    if (this.incomparable !== null) count.unchecked ??= this.incomparable
    return count
  }

  private enterCopy(tokens: readonly Token[]): boolean {
    const copy = readCopy(tokens)
    if (copy.from === 'elsewhere') {
      this.add('forbidden', 'a COPY that is not FROM stdin: pg_dump does not write it', this.place, null)
      return false
    }
    const target = this.countOf(copy.target)
    const { columns } = copy.target
    target.columns ??= columns ?? []
    if (!copy.plain) this.doubt(target, 'a COPY with options')
    const width = copy.plain ? (columns?.length ?? 0) : null
    const block = new CopyBlock(this.kernel, this, width, this.limit, this.utf8)
    this.mode = { in: 'copyLine', block, target, place: this.place }
    return true
  }

  private enterValues(): boolean {
    const insert = readInsert(this.tokens)
    if (insert.form !== 'values') return false
    const target = this.countOf(insert.target)
    const { columns } = insert.target
    this.rememberLead(target, columns)
    this.mode = { in: 'values', target, columns, rows: 0, width: -1 }
    this.values.begin()
    return true
  }

  private rememberLead(target: TableCount, columns: string[] | null): void {
    // Only where the whole lead stands in the window; the next INSERT gives another chance.
    this.insertLead = null
    if (this.statementFrom < WINDOW) return
    const from = this.statementFrom
    this.insertLead = { bytes: Buffer.from(this.view.subarray(from, this.lexer.at)), target, columns }
  }

  private otherInsert(tokens: readonly Token[]): void {
    const insert = readInsert(tokens)
    if (insert.form === 'values') return
    const target = insert.target === null ? null : this.countOf(insert.target)
    if (insert.form === 'default values' && target) {
      // pg_dump writes this for a row without columns.
      this.kernel.addRow(ROW, 0)
      const { rows, sum } = this.kernel.take()
      target.rows += rows
      target.sum += sum
      target.columns ??= []
      return
    }
    if (target) this.doubt(target, 'an INSERT that is no list of values')
    else this.add('not-understood', 'an INSERT that pg_dump does not write', this.place, null)
  }

  private set(tokens: readonly Token[]): boolean {
    const setting = readSetting(tokens)
    switch (setting?.name) {
      case 'standard_conforming_strings':
        this.lexer.standardStrings = setting.value.toLowerCase() !== 'off'
        this.values.standardStrings = this.lexer.standardStrings
        return false
      case 'client_encoding':
        this.encoding = setting.value
        this.newEncoding = setting.value
        this.switched = true
        return true
      case 'timezone':
        this.timeZone ??= setting.value
        return false
      case 'search_path':
        if (setting.value !== '') this.schema = setting.value
        return false
      default:
        return false
    }
  }

  private createTable(tokens: readonly Token[]): void {
    const table = createdTable(tokens)
    if (!table) return
    const schema = table.schema === '' ? this.schema : table.schema
    const key = `${onOneLine(table.name)}; Type: TABLE DATA; Schema: ${onOneLine(schema)}`
    const same = this.created.get(key)
    const one = { database: this.envelope.database, schema, name: table.name }
    if (same) same.push(one)
    else this.created.set(key, [one])
  }

  /**
   * `-- Data for Name: …` stands before the data of a table, also of an empty one, for which `--inserts` writes nothing
   * else. Names are hostile text, so the comment only counts where it names a table that the dump has created.
   */
  private announced(comment: string): void {
    this.settle()
    const text = comment.slice(' Data for Name: '.length)
    for (let at = text.indexOf('; Owner: '); at >= 0; at = text.indexOf('; Owner: ', at + 1)) {
      for (const table of this.created.get(text.slice(0, at)) ?? []) this.announcedTables.push(table)
    }
  }

  /** Nothing followed an announcement: these tables are in the dump, and empty. */
  private settle(): void {
    for (const { database, schema, name } of this.announcedTables) this.ledger.table(database, schema, name)
    this.announcedTables.length = 0
  }

  private doubt(target: TableCount, why: string): void {
    const first = target.unchecked === null
    target.unchecked ??= why
    if (first) this.add('not-understood', why, this.place, target)
  }

  private count(kind: string): void {
    this.statements.set(kind, (this.statements.get(kind) ?? 0) + 1)
  }

  private add(kind: FindingKind, detail: string, place: Place, target: TableCount | null): void {
    this.findings.add({ kind, detail, table: target && tableName(target), line: place.line, byte: place.byte })
  }
}

/** As pg_dump writes a name into a comment. */
function onOneLine(name: string): string {
  return name.replaceAll(/[\r\n]/g, ' ')
}
