/** A table of one database. */
export interface TableName {
  database: string | null
  schema: string
  name: string
}

/** What the order of a dump's parts says about its tables. */
export interface TableDataSink {
  /** The dump carries this table without a single row. */
  empty(table: TableName): void
  /** The rows of this table were announced and are not there. */
  lost(table: TableName): void
  /** The rows of a table were announced twice in one dump. `created`: by this dump too, so that its name is certain. */
  announcedTwice(created: boolean): void
  /** A table is created that the same dump, or an earlier one in the file, has created. */
  createdTwice(table: TableName, where: 'same dump' | 'earlier dump'): void
}

const DATA = ' Data for Name: '
const OWNER = '; Owner: '

/**
 * Follows which tables a dump creates and whose data it announces: `-- Data for Name: …` stands before the data of every
 * table. For an empty one `--inserts` writes nothing else; a dump with COPY always writes the statement, so that a comment
 * without it stands for rows that are gone. Names are hostile text, so a comment only counts where it names a table that
 * the dump has created.
 */
export class TableData {
  private readonly created = new Map<string, TableName[]>()
  private readonly createdBefore = new Set<string>()
  private createdHere = new Set<string>()
  private announcements = new Map<string, number>()
  private announced: TableName[] = []
  private withoutRows: TableName[] = []
  private copies = false
  private readonly sink: TableDataSink

  constructor(sink: TableDataSink) {
    this.sink = sink
  }

  /** A table was created. */
  create(table: TableName): void {
    const id = JSON.stringify([table.database, table.schema, table.name])
    if (this.createdHere.has(id)) this.sink.createdTwice(table, 'same dump')
    else if (this.createdBefore.has(id)) this.sink.createdTwice(table, 'earlier dump')
    this.createdHere.add(id)
    const key = `${onOneLine(table.name)}; Type: TABLE DATA; Schema: ${onOneLine(table.schema)}`
    const same = this.created.get(key)
    if (same) same.push(table)
    else this.created.set(key, [table])
  }

  /** Rows follow: what was announced is not empty. */
  dataFollows(how: 'COPY' | 'INSERT'): void {
    if (how === 'COPY') this.copies = true
    if (this.announced.length > 0) this.announced = []
  }

  /** A comment between statements, without its dashes. */
  comment(text: string): void {
    // The rows of this partition stand at its root, and so does their count.
    if (text.startsWith(' load via partition root ')) this.announced = []
    else if (text.startsWith(' PostgreSQL database ')) this.dumpEnds()
    else if (text.startsWith(' Name: ')) this.settle()
    else if (text.startsWith(DATA)) {
      this.settle()
      this.announce(text.trimEnd().slice(DATA.length))
    }
  }

  private announce(text: string): void {
    for (let at = text.indexOf(OWNER); at >= 0; at = text.indexOf(OWNER, at + 1)) {
      this.announced.push(...(this.created.get(text.slice(0, at)) ?? []))
    }
    const times = (this.announcements.get(text) ?? 0) + 1
    this.announcements.set(text, times)
    // names that differ only in their line ends share a comment
    const created = this.announced.length > 0
    if (times === Math.max(1, this.announced.length) + 1) this.sink.announcedTwice(created)
  }

  private settle(): void {
    for (const table of this.announced) this.sink.empty(table)
    if (this.announced.length > 0) this.withoutRows.push(...this.announced)
    this.announced = []
  }

  /** A header or an end marker. */
  private dumpEnds(): void {
    this.settle()
    if (this.copies) for (const table of this.withoutRows) this.sink.lost(table)
    for (const id of this.createdHere) this.createdBefore.add(id)
    this.createdHere = new Set()
    this.announcements = new Map()
    this.withoutRows = []
    this.copies = false
  }
}

/** As pg_dump writes a name into a comment. */
function onOneLine(name: string): string {
  return name.replaceAll(/[\r\n]/g, ' ')
}
