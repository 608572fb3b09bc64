interface TableName {
  database: string | null
  schema: string
  name: string
}

const DATA = ' Data for Name: '
const OWNER = '; Owner: '

/**
 * Finds the tables that a dump carries without a single row. `-- Data for Name: …` stands before the data of every table;
 * for an empty one `--inserts` writes nothing else. Names are hostile text, so the comment only counts where it names a
 * table that the dump has created.
 */
export class EmptyTables {
  private readonly created = new Map<string, TableName[]>()
  private announced: TableName[] = []
  private readonly found: (table: TableName) => void

  constructor(found: (table: TableName) => void) {
    this.found = found
  }

  /** A table was created. */
  create(table: TableName): void {
    const key = `${onOneLine(table.name)}; Type: TABLE DATA; Schema: ${onOneLine(table.schema)}`
    const same = this.created.get(key)
    if (same) same.push(table)
    else this.created.set(key, [table])
  }

  /** Rows follow: what was announced is not empty. */
  dataFollows(): void {
    if (this.announced.length > 0) this.announced = []
  }

  /** A comment between statements, without its dashes. */
  comment(text: string): void {
    // The rows of this partition stand at its root, and so does their count.
    if (text.startsWith(' load via partition root ')) this.dataFollows()
    else if (text.startsWith(' Name: ') || text.startsWith(' PostgreSQL database ')) this.settle()
    else if (text.startsWith(DATA)) {
      this.settle()
      this.announce(text.trimEnd().slice(DATA.length))
    }
  }

  private announce(text: string): void {
    for (let at = text.indexOf(OWNER); at >= 0; at = text.indexOf(OWNER, at + 1)) {
      this.announced.push(...(this.created.get(text.slice(0, at)) ?? []))
    }
  }

  private settle(): void {
    for (const table of this.announced) this.found(table)
    this.announced = []
  }
}

/** As pg_dump writes a name into a comment. */
function onOneLine(name: string): string {
  return name.replaceAll(/[\r\n]/g, ' ')
}
