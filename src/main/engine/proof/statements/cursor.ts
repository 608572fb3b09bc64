import { isWord } from '#engine/dump/statement.ts'
import { fold, type FullToken } from './tokens.ts'

export type QualifiedName = { schema: string; name: string }

/** Reads the tokens of a statement from left to right. What is not there is null, and nothing moves. */
export class Cursor {
  at: number
  readonly tokens: readonly FullToken[]

  constructor(tokens: readonly FullToken[], at = 0) {
    this.tokens = tokens
    this.at = at
  }

  get token(): FullToken | undefined {
    return this.tokens[this.at]
  }

  get done(): boolean {
    return this.at >= this.tokens.length
  }

  /** Whether these words come next. */
  is(...words: string[]): boolean {
    return words.every((word, i) => isWord(this.tokens[this.at + i], word))
  }

  isPunct(character: string): boolean {
    return this.token?.kind === 'punct' && this.token.text === character
  }

  /** Steps over these words, if they all come next. */
  skip(...words: string[]): boolean {
    if (!this.is(...words)) return false
    this.at += words.length
    return true
  }

  skipPunct(character: string): boolean {
    if (!this.isPunct(character)) return false
    this.at++
    return true
  }

  /** A name, with or without quotes. */
  name(): string | null {
    const { token } = this
    if (token === undefined || (token.kind !== 'word' && token.kind !== 'name')) return null
    this.at++
    return token.kind === 'name' ? token.text : fold(token.text)
  }

  /** `name` or `schema.name`. */
  qualified(): QualifiedName | null {
    const path = this.path()
    if (path === null || path.length > 2) return null
    const name = path.at(-1) ?? ''
    return { schema: path.length === 2 ? (path[0] ?? '') : '', name }
  }

  /** Names that are joined by dots. */
  path(): string[] | null {
    const first = this.name()
    if (first === null) return null
    const names = [first]
    while (this.isPunct('.')) {
      this.at++
      const next = this.name()
      if (next === null) return null
      names.push(next)
    }
    return names
  }

  /** The tokens within the parentheses that open here. */
  parens(): FullToken[] | null {
    if (!this.isPunct('(')) return null
    const from = this.at + 1
    this.skipBalanced()
    return this.tokens.slice(from, this.at - 1)
  }

  /** All tokens up to one of these words outside of parentheses, or to the end. Behind a dot a word is a name. */
  until(...words: string[]): FullToken[] {
    const from = this.at
    const named = () => {
      const before = this.at > from ? this.tokens[this.at - 1] : undefined
      return before?.kind === 'punct' && before.text === '.'
    }
    while (!this.done && (named() || !words.some((word) => this.is(...word.split(' '))))) {
      if (this.isPunct('(')) this.skipBalanced()
      else this.at++
    }
    return this.tokens.slice(from, this.at)
  }

  /** Moves to the next parenthesis that opens, or to the end. */
  toParens(): this {
    while (!this.done && !this.isPunct('(')) this.at++
    return this
  }

  /** Moves to behind these words outside of parentheses. */
  seek(...words: string[]): boolean {
    this.until(words.join(' '))
    return this.skip(...words)
  }

  rest(): FullToken[] {
    return this.tokens.slice(this.at)
  }

  private skipBalanced(): void {
    let depth = 0
    do {
      if (this.isPunct('(')) depth++
      else if (this.isPunct(')')) depth--
      this.at++
    } while (depth > 0 && !this.done)
  }
}

/** Splits tokens at the commas outside of parentheses and brackets. */
export function splitAtCommas(tokens: readonly FullToken[]): FullToken[][] {
  const items: FullToken[][] = []
  let item: FullToken[] = []
  let depth = 0
  for (const token of tokens) {
    const c = token.kind === 'punct' ? token.text : ''
    if (c === '(' || c === '[') depth++
    else if (c === ')' || c === ']') depth--
    if (c === ',' && depth === 0) {
      items.push(item)
      item = []
    } else item.push(token)
  }
  if (item.length > 0) items.push(item)
  return items
}
