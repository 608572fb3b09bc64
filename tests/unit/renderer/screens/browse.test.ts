import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cellKind, columnWidth } from '../../../../src/renderer/screens/browse/cell-kind.ts'
import { movedCell } from '../../../../src/renderer/screens/browse/moved-cell.ts'
import { prettyJson } from '../../../../src/renderer/screens/browse/pretty-json.ts'
import { visibleLines } from '../../../../src/renderer/words/visible.ts'

describe('JSON on many lines', () => {
  test('keeps every digit and the order of its keys', () => {
    expect(prettyJson('{"b":12345678901234567890,"a":[1.50,{}],"b":[]}')).toBe(
      '{\n  "b": 12345678901234567890,\n  "a": [\n    1.50,\n    {}\n  ],\n  "b": []\n}',
    )
  })
  test('is the same JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(prettyJson(JSON.stringify(value)))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })
  test('loses nothing but blanks, whatever it is given', () => {
    const text = fc.string({ unit: fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', ' ', '\n', 'a', '1') })
    const dense = (each: string): string => each.replace(/\s/g, '')
    fc.assert(
      fc.property(text, (each) => {
        expect(dense(prettyJson(each))).toBe(dense(each))
      }),
    )
  })
})

test('marks that can not be seen are made visible; lines and tabs stay', () => {
  expect(visibleLines('a\u202eb\r\n\tc\u0000')).toBe('a\\u{202e}b\\u{d}\n\tc\\u{0}')
})

test.each([
  ['bigint', 'number'],
  ['numeric(10,2)', 'number'],
  ['integer[]', 'list'],
  ['jsonb', 'json'],
  ['bytea', 'bytes'],
  ['timestamp(3) without time zone', 'text'],
  ['app."number"', 'text'],
])('values of %s are drawn as %s', (type, kind) => {
  expect(cellKind(type)).toBe(kind)
})

test('a column is as wide as what is in it, within limits', () => {
  expect(columnWidth('id', 'int', ['1'])).toBeLessThan(columnWidth('id', 'int', ['a longer value']))
  expect(columnWidth('名', 'text', ['合同草稿合同草稿合同草稿'])).toBeGreaterThan(
    columnWidth('n', 'text', ['abcdefghijkl']),
  )
  expect(columnWidth('id', 'int', ['x'.repeat(10_000)])).toBe(columnWidth('id', 'int', ['x'.repeat(1000)]))
})

describe('keys', () => {
  const size = { rows: 10, columns: 3, page: 4 }
  const key = (name: string, ctrlKey = false) => ({ key: name, ctrlKey, metaKey: false })
  test.each([
    ['ArrowUp', { row: 0, column: 1 }, { row: -1, column: 1 }],
    ['ArrowUp', { row: -1, column: 1 }, { row: -1, column: 1 }],
    ['ArrowDown', { row: 9, column: 1 }, { row: 9, column: 1 }],
    ['PageDown', { row: 8, column: 1 }, { row: 9, column: 1 }],
    ['PageUp', { row: 2, column: 1 }, { row: 0, column: 1 }],
    ['End', { row: 2, column: 0 }, { row: 2, column: 2 }],
    ['ArrowLeft', { row: 2, column: 0 }, { row: 2, column: 0 }],
  ] as const)('%s from %j leads to %j', (name, from, to) => {
    expect(movedCell(key(name), from, size)).toEqual(to)
  })
  test('with Ctrl lead to the corners; others lead nowhere', () => {
    expect(movedCell(key('End', true), { row: 2, column: 0 }, size)).toEqual({ row: 9, column: 2 })
    expect(movedCell(key('x'), { row: 2, column: 0 }, size)).toBeNull()
    expect(movedCell(key('ArrowDown'), { row: 0, column: 0 }, { rows: 0, columns: 0, page: 1 })).toBeNull()
  })
})
