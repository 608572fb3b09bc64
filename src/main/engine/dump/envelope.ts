import type { Findings } from './findings.ts'
import { commandName, isCommand } from './psql-commands.ts'
import type { Place } from './window.ts'

const HEADER = ' PostgreSQL database dump'
const CLUSTER_HEADER = ' PostgreSQL database cluster dump'
const END = `${HEADER} complete`
const CLUSTER_END = `${CLUSTER_HEADER} complete`
const FROM_VERSION = ' Dumped from database version '
const BY_VERSION = ' Dumped by pg_dump version '

/**
 * What holds a dump together: headers and end markers, `\restrict` and `\connect`. Knows which dumps are open, what
 * stands outside of all of them, and which commands to psql pg_dump writes at all.
 */
export class Envelope {
  dumps = 0
  endMarkers = 0
  cluster = false
  serverVersion: string | null = null
  dumpVersion: string | null = null
  /** The database after the last `\connect`. */
  database: string | null = null
  /** Its lines end with CR LF, which pg_dump never writes by itself. */
  crlf = false
  private readonly findings: Findings
  private headers = 0
  private dumpOpen = false
  private clusterOpen = false
  private key: string | null = null
  /** The first statement that stands in no dump, until a header follows. */
  private outside: Place | null = null

  constructor(findings: Findings) {
    this.findings = findings
  }

  /** Whether any header was seen. */
  get begun(): boolean {
    return this.headers > 0
  }

  /** Whether all dumps that were begun have ended. */
  get whole(): boolean {
    return this.begun && !this.dumpOpen && !this.clusterOpen
  }

  /** Whether a comment begins a dump where none is open. */
  begins(text: string): boolean {
    const line = text.trimEnd()
    return !this.dumpOpen && !this.clusterOpen && (line === HEADER || line === CLUSTER_HEADER)
  }

  comment(text: string, place: Place): void {
    const line = text.endsWith('\r') ? text.slice(0, -1) : text
    if (line === HEADER) {
      this.crlf ||= text !== line
      this.opens(place)
      this.dumpOpen = true
    } else if (line === CLUSTER_HEADER) {
      this.opens(place)
      if (this.clusterOpen) this.add('no-end-marker', 'a second dump begins before the first one has ended', place)
      this.clusterOpen = true
      this.cluster = true
    } else if (line === END) {
      this.closes(this.dumpOpen, place)
      if (this.dumpOpen) this.dumps++
      this.dumpOpen = false
    } else if (line === CLUSTER_END) {
      if (this.dumpOpen) this.add('no-end-marker', 'the dump of a database has no end marker', place)
      this.closes(this.clusterOpen, place)
      this.clusterOpen = false
      this.dumpOpen = false
    } else if (line.startsWith(FROM_VERSION)) this.serverVersion ??= line.slice(FROM_VERSION.length)
    else if (line.startsWith(BY_VERSION)) this.dumpVersion ??= line.slice(BY_VERSION.length)
  }

  /** A statement begins, or data that is none. */
  statement(place: Place): void {
    if (!this.dumpOpen && !this.clusterOpen) this.outside ??= place
  }

  /**
   * A command to psql. pg_dump writes four of them; any other could reach outside of the database. What psql does not
   * know are rows whose COPY statement is gone, and in no case are their values told.
   */
  meta(text: string, whole: boolean, place: Place): void {
    const command = text.trimEnd()
    const name = commandName(command)
    if (!whole && isBeginningOf(command, this.key)) {
      if (this.whole) this.add('cut', `the file ends within \\${command}`, place)
      return
    }
    const restrict = /^restrict ([A-Za-z0-9]+)$/.exec(command)
    if (restrict?.[1] !== undefined) {
      if (this.key !== null) this.add('no-end-marker', 'a second dump begins before the first one has ended', place)
      this.key = restrict[1]
    } else if (name === 'unrestrict') {
      if (this.key === null || command !== `unrestrict ${this.key}`)
        this.add('no-end-marker', 'the end of another dump than the one that has begun', place)
      this.key = null
    } else if (this.key === null && command === 'encoding SQL_ASCII') {
      // stands before a `\connect` whose name could be in any encoding
    } else {
      const database = this.key === null ? connectTarget(command) : null
      if (database !== null) this.database = database
      else if (isCommand(name)) this.forbid(name, place)
      else this.add('bad-copy-row', 'rows that belong to no COPY statement', place)
    }
  }

  /** At the end of the file. `open`: what was not closed there, if anything; `place`: where the file ends. */
  finish(open: string | null, place: Place): void {
    if (!this.begun) {
      this.add('not-a-dump', 'no header of pg_dump was found', this.outside ?? { line: 1, byte: 0 })
    } else if (!this.whole) {
      const kind = open === null ? 'no-end-marker' : 'cut'
      const where = open === null ? 'the file ends without the end marker of pg_dump' : `the file ends within ${open}`
      this.add(kind, where, place)
    } else if (this.outside !== null || open !== null) {
      this.add('trailing-data', 'something follows the end marker of the dump', this.outside ?? place)
    } else if (this.key !== null) {
      this.add('cut', 'the file ends before \\unrestrict', place)
    }
  }

  private opens(place: Place): void {
    this.headers++
    if (this.dumpOpen) this.add('no-end-marker', 'a second dump begins before the first one has ended', place)
    if (this.outside === null) return
    this.add('not-understood', 'a statement stands before the header of the dump', this.outside)
    this.outside = null
  }

  private closes(open: boolean, place: Place): void {
    this.endMarkers++
    if (!open) this.add('not-a-dump', 'an end marker without a header', place)
  }

  private forbid(name: string, place: Place): void {
    const shown = /^(?:!|[A-Za-z?_+]{1,20})/.exec(name)?.[0] ?? ''
    this.add('forbidden', `a command to psql that pg_dump does not write: \\${shown}`, place)
  }

  private add(kind: Parameters<Findings['add']>[0]['kind'], detail: string, place: Place): void {
    this.findings.add({ kind, detail, table: null, line: place.line, byte: place.byte })
  }
}

/** Whether a command that the end of the file cut could have become one of pg_dump's. */
function isBeginningOf(command: string, key: string | null): boolean {
  const full = key === null ? ['restrict ', 'encoding SQL_ASCII', 'connect '] : [`unrestrict ${key}`]
  return full.some((one) => one !== command && one.startsWith(command))
}

/**
 * The database that `\connect` names in one of the two forms of pg_dump: a plain or quoted name, or a quoted
 * connection string that has nothing but the name. Null for all else: it could lead to another server.
 */
function connectTarget(command: string): string | null {
  const simple = /^connect (?:([A-Za-z0-9_.]+)|"((?:[^"]|"")+)")$/.exec(command)
  if (simple?.[1] !== undefined) return simple[1]
  if (simple?.[2] !== undefined) {
    const name = simple[2].replaceAll('""', '"')
    return /[=:/]/.test(name) ? null : name
  }
  const complex = /^connect -reuse-previous=on "dbname='((?:[^'\\]|\\.)*)'"$/.exec(command)
  if (complex?.[1] === undefined) return null
  return complex[1].replaceAll('""', '"').replaceAll(/\\(.)/g, '$1')
}
