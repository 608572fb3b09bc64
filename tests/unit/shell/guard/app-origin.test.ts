import { describe, expect, test } from 'vitest'
import { appPage, isAppAddress, mayNavigate } from '../../../../src/main/shell/guard/app-origin.ts'
import { isTrustedSender } from '../../../../src/main/shell/guard/sender.ts'

const foreign = [
  'https://lifeboat/index.html',
  'app://lifeboat.evil.example/index.html',
  'app://evil/index.html',
  'app://lifeboat@evil/index.html',
  'app://evil@lifeboat/index.html',
  'app://lifeboat:8080/index.html',
  'app:lifeboat/index.html',
  'file:///app/lifeboat/index.html',
  'data:text/html,app://lifeboat/',
  'about:blank',
  'javascript:alert(1)',
  '',
]

describe('an address', () => {
  test('of the app is known', () => expect(isAppAddress(appPage)).toBe(true))
  test.each(foreign)('%s is foreign', (address) => {
    expect(isAppAddress(address)).toBe(false)
    expect(mayNavigate(address)).toBe(false)
  })
  test.each(['app://lifeboat/', `${appPage}#/copies`, `${appPage}?a=b`])('%s may be gone to', (address) => {
    expect(mayNavigate(address)).toBe(true)
  })
  test('of another file of the app is no page', () => expect(mayNavigate('app://lifeboat/assets/x.svg')).toBe(false))
})

describe('a message is listened to', () => {
  const own = { url: appPage, parent: null }
  test('from the top frame of the window', () => expect(isTrustedSender(own, 3, 3)).toBe(true))
  test.each([
    ['from another window', own, 4, 3],
    ['when there is no window', own, 3, null],
    ['from a frame inside the page', { url: appPage, parent: {} }, 3, 3],
    ['from a frame that is gone', null, 3, 3],
    ...foreign.map((url) => [`from ${url}`, { url, parent: null }, 3, 3] as const),
  ] as const)('never %s', (_what, frame, sender, window) => {
    expect(isTrustedSender(frame, sender, window)).toBe(false)
  })
})
