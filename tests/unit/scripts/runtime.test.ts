import { describe, expect, it } from 'vitest'
import { chooseRuntime, trialNotice } from '../../../scripts/runtime.mjs'

const nothing = { named: null, namedThere: false, own: null, trial: null }
const own = '/app/node_modules/electron/dist/electron'
const trial = '/app/.runtime/electron'

describe('which Electron runs Lifeboat', () => {
  it.each([
    ['none: there is one to be fetched', nothing, null],
    ['only the trial one', { ...nothing, trial }, { kind: 'trial', executable: trial }],
    ['its own, even where the trial one is still there', { ...nothing, own, trial }, { kind: 'own', executable: own }],
    [
      'the one that was named, before all others',
      { named: '/opt/electron', namedThere: true, own, trial },
      { kind: 'named', executable: '/opt/electron' },
    ],
  ])('%s', (_, found, choice) => {
    expect(chooseRuntime(found)).toEqual(choice)
  })

  it('never falls back from a named one that is not there', () => {
    const found = { named: '/opt/electrom', namedThere: false, own, trial }
    expect(() => chooseRuntime(found)).toThrow(/LIFEBOAT_ELECTRON.*\/opt\/electrom/)
  })

  it('says of the trial one that it is not for real use, why, and what to do', () => {
    expect(trialNotice).toMatch(/trying out only/)
    expect(trialNotice).toMatch(/no longer gets security fixes/)
    for (const way of ['GitHub', 'ELECTRON_MIRROR', 'LIFEBOAT_ELECTRON']) expect(trialNotice).toContain(way)
    // A frame that has slipped looks broken.
    expect(new Set(trialNotice.split('\n').map((line) => line.length)).size).toBe(1)
  })
})
