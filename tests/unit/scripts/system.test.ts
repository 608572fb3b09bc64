import { describe, expect, it } from 'vitest'
import { hasDisplay, noDisplay, onSomeDisplay } from '../../../scripts/display.mjs'
import { adviceFor } from '../../../scripts/system-libraries.mjs'

describe('what the person has to install', () => {
  const needs = [
    { what: 'libraries of Electron (libnss3.so)', packages: ['libasound2t64|libasound2', 'libnss3'], must: true },
    { what: 'a font with Chinese characters', packages: ['fonts-noto-cjk'], must: false },
  ]

  it('is one command that can be pasted, with the names of this very release', () => {
    const advice = adviceFor(needs, { debian: true, pick: (names) => names.split('|').at(-1) ?? '' })
    expect(advice).toContain('\n  sudo apt-get install --no-install-recommends libasound2 libnss3 fonts-noto-cjk\n')
  })

  it('names the missing libraries where apt is not the way', () => {
    const advice = adviceFor(needs, { debian: false, pick: (names) => names })
    expect(advice).toContain('libnss3.so')
    expect(advice).not.toContain('apt-get')
  })
})

describe('a display', () => {
  it.each([
    [{}, 'linux', false],
    [{ DISPLAY: ':0' }, 'linux', true],
    [{ WAYLAND_DISPLAY: 'wayland-0' }, 'linux', true],
    [{ DISPLAY: '' }, 'linux', false],
    [{}, 'darwin', true],
    [{}, 'win32', true],
  ] as const)('with %o on %s: %s', (env, platform, there) => {
    expect(hasDisplay(env, platform)).toBe(there)
  })

  it.runIf(process.platform === 'linux')(
    'is made for a program that has none, and left alone where there is one',
    () => {
      expect(onSomeDisplay('node', ['a.js'], {})[0]).toBe('xvfb-run')
      expect(onSomeDisplay('node', ['a.js'], { DISPLAY: ':0' })).toEqual(['node', ['a.js']])
    },
  )

  it('that is missing is said with both ways on', () => {
    for (const way of ['xvfb-run -a npm start', 'npm run demo']) expect(noDisplay).toContain(way)
  })
})
