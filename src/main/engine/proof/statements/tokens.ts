import type { TokenKind } from '#engine/dump/lexer.ts'

/** A token with its whole text, and where it stands in its statement. */
export type FullToken = { kind: TokenKind; text: string; from: number; to: number }

const blank = /[\s]/
const wordStart = /[A-Za-z0-9_\u0080-\uffff]/
const wordPart = /[A-Za-z0-9_$\u0080-\uffff]/
const dollarTag = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y

/**
 * The tokens of one statement, or of a definition as PostgreSQL writes it. Unlike the lexer of dumps it holds the whole
 * text of each, bodies of functions too. Two strings with a line break between them stay two: PostgreSQL writes none so.
 * @param standardStrings false: a backslash escapes in every string
 */
export function tokenize(text: string, standardStrings = true): FullToken[] {
  const tokens: FullToken[] = []
  let at = 0
  while (at < text.length) {
    const c = text[at] ?? ''
    const next = text[at + 1]
    if (blank.test(c)) at++
    else if (c === '-' && next === '-') at = endOfLine(text, at)
    else if (c === '/' && next === '*') at = endOfComment(text, at)
    else {
      const token = tokenAt(text, at, standardStrings)
      tokens.push(token)
      at = token.to
    }
  }
  return tokens
}

function endOfLine(text: string, from: number): number {
  const at = text.indexOf('\n', from)
  return at < 0 ? text.length : at
}

function endOfComment(text: string, from: number): number {
  let depth = 0
  let at = from
  while (at < text.length) {
    if (text.startsWith('/*', at)) {
      depth++
      at += 2
    } else if (text.startsWith('*/', at)) {
      depth--
      at += 2
      if (depth === 0) return at
    } else at++
  }
  return at
}

function tokenAt(text: string, from: number, standardStrings: boolean): FullToken {
  const c = text[from] ?? ''
  if (c === '"') return quoted(text, from, from, '"', false)
  if (c === "'") return quoted(text, from, from, "'", !standardStrings)
  if ((c === 'E' || c === 'e') && text[from + 1] === "'") return quoted(text, from, from + 1, "'", true)
  if (c === '$') return dollarQuoted(text, from) ?? { kind: 'punct', text: c, from, to: from + 1 }
  if (!wordStart.test(c)) return { kind: 'punct', text: c, from, to: from + 1 }
  let to = from + 1
  while (to < text.length && wordPart.test(text[to] ?? '')) to++
  return { kind: 'word', text: text.slice(from, to), from, to }
}

function dollarQuoted(text: string, from: number): FullToken | null {
  dollarTag.lastIndex = from
  const tag = dollarTag.exec(text)?.[0]
  if (tag === undefined) return null
  const end = text.indexOf(tag, from + tag.length)
  const to = end < 0 ? text.length : end + tag.length
  return { kind: 'string', text: text.slice(from + tag.length, end < 0 ? text.length : end), from, to }
}

function quoted(text: string, from: number, open: number, quote: string, escapes: boolean): FullToken {
  const kind = quote === '"' ? 'name' : 'string'
  let value = ''
  let at = open + 1
  while (at < text.length) {
    const c = text[at] ?? ''
    if (c === quote) {
      if (text[at + 1] !== quote) return { kind, text: value, from, to: at + 1 }
      value += quote
      at += 2
    } else if (c === '\\' && escapes) {
      const [character, length] = escaped(text, at)
      value += character
      at += length
    } else {
      value += c
      at++
    }
  }
  return { kind, text: value, from, to: at }
}

const simpleEscapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

/** The character behind a backslash, and how much of the text it takes. */
function escaped(text: string, at: number): [character: string, length: number] {
  const rest = text.slice(at + 1, at + 10)
  const numeric = /^(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))/.exec(rest)
  const hex = numeric?.[1] ?? numeric?.[2] ?? numeric?.[3]
  if (hex !== undefined) {
    const code = parseInt(hex, 16)
    return [code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd', hex.length + 2]
  }
  const octal = /^[0-7]{1,3}/.exec(rest)?.[0]
  if (octal !== undefined) return [String.fromCharCode(parseInt(octal, 8) & 255), octal.length + 1]
  const c = rest[0] ?? ''
  return [simpleEscapes[c] ?? c, 2]
}

/**
 * What tokens say, whatever the blanks between them and the quotes around them: two texts with the same meaning of each
 * token give the same.
 */
export function canonical(tokens: readonly FullToken[]): string {
  return tokens
    .map(({ kind, text }) => {
      if (kind === 'string') return `'${text}`
      if (kind === 'punct') return text
      return `i${kind === 'word' ? fold(text) : text}`
    })
    .join('\0')
}

/** A name without quotes as PostgreSQL folds it: ASCII only. */
export function fold(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** The same for a person: a type's name, say. */
export function plainText(tokens: readonly FullToken[]): string {
  const words = tokens.map(({ kind, text }) => (kind === 'word' ? fold(text) : text))
  return words.join(' ').replaceAll(/ ?([.,()[\]]) ?/g, '$1')
}
