import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nameSchema, printable } from '#shared/name.ts'

describe('names', () => {
  it.each(['shop', '商店 生产', "O'Brien & söhne", 'a.b-c_d', '🛟'])('takes %s', (name) => {
    expect(nameSchema.parse(` ${name} `)).toBe(name)
  })

  it.each(['', '  ', 'a/b', 'a\nb', 'abc\u202etxt', 'zero\u200bwidth', 'x'.repeat(101)])('refuses %j', (name) => {
    expect(nameSchema.safeParse(name).success).toBe(false)
  })

  it('counts composed and decomposed letters as the same name', () => {
    expect(nameSchema.parse('é')).toBe(nameSchema.parse('é'))
  })
})

describe('foreign text on one line', () => {
  it('shows what would reorder, hide or break', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
      }),
    )
  })
})
