import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Lexer, type TokenKind } from '#engine/dump/lexer.ts'
import { canonical, tokenize } from '#engine/proof/statements/tokens.ts'

/** What the lexer of dumps makes of the same statement. */
function lexed(text: string): { kind: TokenKind; text: string }[] {
  const tokens: { kind: TokenKind; text: string }[] = []
  const lexer = new Lexer({
    token: (kind, value) => {
      tokens.push({ kind, text: value })
      return false
    },
    begins: () => undefined,
    end: () => false,
    comment: () => false,
    meta: () => undefined,
  })
  const bytes = Buffer.from(` ${text} `)
  lexer.push(bytes, 1, bytes.length)
  lexer.finish()
  return tokens
}

const piece = fc.oneof(
  fc.constantFrom('CREATE', 'x1', '_a$b', '中文', '12', '1.5e3', '(', ')', ',', '.', '::', '<=', '|| ', "''", '$1'),
  fc.string({ maxLength: 12 }).map((text) => `'${text.replaceAll("'", "''").replaceAll('\0', '')}'`),
  fc.string({ minLength: 1, maxLength: 12 }).map((text) => `"${text.replaceAll('"', '""').replaceAll('\0', '')}"`),
  fc.string({ maxLength: 12 }).map((text) => `E'${text.replaceAll(/[\\']/g, '\\$&').replaceAll('\0', '')}'`),
  fc.string({ maxLength: 12 }).map((text) => `$t$${text.replaceAll('$', '').replaceAll('\0', '')}$t$`),
  // SQL joins two strings with a line break between them: PostgreSQL writes none so
  fc.constantFrom(' -- comment\n, ', '/* a /* nested */ comment */', '\n, ', '\t'),
)

describe('the tokens of a statement', () => {
  test('are those that the lexer of dumps finds, with the whole text of each', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const text = pieces.join(' ')
        const found = tokenize(text)
        const same = lexed(text)
        expect(found.map(({ kind }) => kind)).toEqual(same.map(({ kind }) => kind))
        found.forEach((token, i) => {
          if (token.kind !== 'string' || !text.slice(token.from).startsWith('$')) expect(token.text).toBe(same[i]?.text)
        })
      }),
      { numRuns: 500 },
    )
  })

  test('stand where they say, and end for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        let last = 0
        for (const { kind, text: value, from, to } of tokenize(text)) {
          expect(from).toBeGreaterThanOrEqual(last)
          expect(to).toBeGreaterThan(from)
          if (kind === 'word' || kind === 'punct') expect(text.slice(from, to)).toBe(value)
          last = to
        }
        expect(last).toBeLessThanOrEqual(text.length)
      }),
    )
  })

  test.each([
    ['a.b', '"a" . "b"'],
    ['CHECK ((x > 1))', 'check((X>1))'],
    ["E'a\\'b'", "'a''b'"],
    ["$q$it's$q$", "'it''s'"],
    ["E'\\x41\\u4e2d\\101\\t'", "'A中A\t'"],
  ])('%s says the same as %s', (one, other) => {
    expect(canonical(tokenize(one))).toBe(canonical(tokenize(other)))
  })

  test.each([
    ['"A"', 'a'],
    ["'a'", 'a'],
    ["'a b'", "'ab'"],
    ['a b', 'ab'],
    ['x = 1', 'x = 11'],
  ])('%s does not say the same as %s', (one, other) => {
    expect(canonical(tokenize(one))).not.toBe(canonical(tokenize(other)))
  })
})
