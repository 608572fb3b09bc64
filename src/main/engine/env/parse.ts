/*
 * `.env` files, read without losing a byte and without running anything. The dialects agree on little more than
 * `KEY=value`; what is read here is what Docker Compose and the dotenv libraries have in common, and whatever does not
 * fit stays as it stands. Printing the parts gives back the very text.
 */

export type Quote = 'none' | 'single' | 'double' | 'backtick'

export type EnvEntry = {
  readonly kind: 'entry'
  /** the text, with the end of its last line */
  readonly text: string
  /** number of its first line, from 1 */
  readonly line: number
  /** lines that it spans */
  readonly lines: number
  readonly key: string
  readonly exported: boolean
  readonly quote: Quote
  /** what stands between the quotes, or behind the `=` up to a comment: as it is written, nothing filled in */
  readonly value: string
}
export type EnvOther = {
  readonly kind: 'comment' | 'blank' | 'other'
  readonly text: string
  readonly line: number
}
export type EnvPart = EnvEntry | EnvOther

const quotes: Record<string, Quote> = { "'": 'single', '"': 'double', '`': 'backtick' }

/** `export KEY =`, up to the begin of the value. Also `KEY: value`, which some dialects take. */
const assignment = /^(\uFEFF?[ \t]*)(export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*(?:=[ \t]*|:[ \t]+)/
const pemBegin = /^-----BEGIN [A-Z0-9 ]+-----\s*$/
const pemEnd = /-----END [A-Z0-9 ]+-----/
/** in one case, and with digits only where something sets its words apart */
const isName = /^_*(?:[A-Z]+|[a-z]+|[A-Z0-9]+(?:[_.-]+[A-Z0-9]+)+|[a-z0-9]+(?:[_.-]+[a-z0-9]+)+)_*$/
/** shorter ones are names in the fashion of `dbUser2` */
const secretFrom = 16
/** how far the end of a key is looked for: the keys that are in use have 4 KB */
const longestKey = 16 * 1024

/** Takes a file apart, line by line. Never fails: what is no assignment is `other`. */
export function parseEnv(text: string): EnvPart[] {
  const parts: EnvPart[] = []
  let line = 1
  let armoredTo = 0
  for (let at = 0; at < text.length;) {
    if (at >= armoredTo) armoredTo = endOfArmor(text, at)
    const part = at < armoredTo ? otherAt(text, at, line) : partAt(text, at, line)
    parts.push(part)
    at += part.text.length
    line += linesOf(part)
  }
  return withoutSecretNames(parts)
}

/** The text that the parts were taken from. */
export function printEnv(parts: readonly EnvPart[]): string {
  return parts.map(({ text }) => text).join('')
}

/**
 * A secret in base64 may end in `=` and then looks like a key without a value: its name would be the secret. Whatever is
 * long and no name as people write them is taken for one; where a file sets nothing else, the short rest of one too.
 */
function withoutSecretNames(parts: readonly EnvPart[]): EnvPart[] {
  const isBare = (part: EnvPart): boolean =>
    part.kind === 'entry' && /^[A-Za-z0-9_.-]+=+$/.test(part.text.trim()) && !isName.test(part.key)
  const setsMore = parts.some((part) => part.kind === 'entry' && !isBare(part))
  return parts.map((part) => {
    if (part.kind !== 'entry' || !isBare(part) || (setsMore && !mayBeSecret(part.key))) return part
    return { kind: 'other', text: part.text, line: part.line }
  })
}

/** Whether what stands before a `=` with nothing behind it may be a secret, and no name of a key. */
export function mayBeSecret(key: string): boolean {
  return key.length >= secretFrom && !isName.test(key)
}

/** Where a key in PEM that stands alone ends. */
function endOfArmor(text: string, at: number): number {
  if (!text.startsWith('-----BEGIN ', at)) return at
  const end = lineEnd(text, at)
  if (!pemBegin.test(withoutEnd(text.slice(at, end)))) return at
  const rest = pemEnd.exec(text.slice(end, end + longestKey))
  return rest ? lineEnd(text, end + rest.index) : at
}

function otherAt(text: string, at: number, line: number): EnvOther {
  return { kind: 'other', text: text.slice(at, lineEnd(text, at)), line }
}

function linesOf(part: EnvPart): number {
  return part.kind === 'entry' ? part.lines : 1
}

function partAt(text: string, at: number, line: number): EnvPart {
  const end = lineEnd(text, at)
  const whole = text.slice(at, end)
  const bare = withoutEnd(whole)
  const trimmed = bare.replace(/^\uFEFF/, '').trim()
  if (trimmed === '') return { kind: 'blank', text: whole, line }
  if (trimmed.startsWith('#')) return { kind: 'comment', text: whole, line }
  const found = assignment.exec(bare)
  if (!found) return { kind: 'other', text: whole, line }
  const head = { kind: 'entry' as const, line, key: found[3] ?? '', exported: found[2] !== undefined }
  const begin = at + found[0].length
  return { ...head, ...(quoted(text, at, begin) ?? block(text, at, begin, end) ?? plain(text, at, begin, end)) }
}

type Valued = Pick<EnvEntry, 'text' | 'lines' | 'quote' | 'value'>

/** A value in quotes, over as many lines as it takes. Null when it has none, or they are not closed. */
function quoted(text: string, at: number, begin: number): Valued | null {
  const mark = text[begin] ?? ''
  const quote = quotes[mark]
  if (quote === undefined) return null
  let close = begin + 1
  for (; close < text.length && text[close] !== mark; close += 1) {
    if (text[close] === '\\' && quote === 'double') close += 1
  }
  if (close >= text.length) return null
  const end = lineEnd(text, close)
  // behind the quotes only a comment may follow: anything else is another dialect, and stays one plain line
  if (!/^[ \t]*(?:#.*)?$/.test(withoutEnd(text.slice(close + 1, end)))) return null
  const whole = text.slice(at, end)
  return { text: whole, lines: countLines(whole), quote, value: text.slice(begin + 1, close) }
}

/** A key in PEM that somebody pasted without quotes: its lines are no assignments, even where one holds a `=`. */
function block(text: string, at: number, begin: number, end: number): Valued | null {
  if (!pemBegin.test(withoutEnd(text.slice(begin, end)))) return null
  const rest = pemEnd.exec(text.slice(end, end + longestKey))
  if (!rest) return null
  const last = lineEnd(text, end + rest.index)
  const whole = text.slice(at, last)
  return { text: whole, lines: countLines(whole), quote: 'none', value: withoutEnd(text.slice(begin, last)) }
}

function plain(text: string, at: number, begin: number, end: number): Valued {
  const rest = withoutEnd(text.slice(begin, end))
  const comment = /(?:^|[ \t])#/.exec(rest)
  const value = (comment ? rest.slice(0, comment.index) : rest).trimEnd()
  return { text: text.slice(at, end), lines: 1, quote: 'none', value }
}

/** Where the line that `at` lies in ends, its `\n`, `\r\n` or lone `\r` included. */
function lineEnd(text: string, at: number): number {
  for (let end = at; end < text.length; end += 1) {
    if (text[end] === '\n') return end + 1
    if (text[end] === '\r') return text[end + 1] === '\n' ? end + 2 : end + 1
  }
  return text.length
}

function withoutEnd(line: string): string {
  return line.replace(/(?:\r\n|\n|\r)$/, '')
}

function countLines(text: string): number {
  const ends = text.match(/\r\n|\n|\r/g)?.length ?? 0
  return /(?:\n|\r)$/.test(text) ? ends : ends + 1
}
