import { describe, expect, test } from 'vitest'
import { commandOf } from '../../../../src/renderer/frame/shortcuts.ts'

const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }
const back = { kind: 'back' }

describe('the way back', () => {
  const altLeft = { ...none, altKey: true, key: 'ArrowLeft' }
  test('is Alt and left, but not where somebody types', () => {
    expect(commandOf(altLeft, false, false)).toEqual(back)
    expect(commandOf(altLeft, false, true)).toBeNull()
  })
  test('is Command and [ on a Mac, where Option and left moves by a word', () => {
    expect(commandOf(altLeft, true, false)).toBeNull()
    expect(commandOf({ ...none, metaKey: true, key: '[' }, true, true)).toEqual(back)
  })
})

test.each([
  ['k', { kind: 'palette' }],
  ['K', { kind: 'palette' }],
  ['l', { kind: 'lock' }],
  ['4', { kind: 'go', view: { screen: 'vault' } }],
  ['7', null],
])('with the command key, %s', (key, command) => {
  expect(commandOf({ ...none, ctrlKey: true, key }, false, true)).toEqual(command)
  expect(commandOf({ ...none, metaKey: true, key }, true, true)).toEqual(command)
  expect(commandOf({ ...none, key }, false, false)).toBeNull()
})
