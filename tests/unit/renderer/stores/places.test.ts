import { expect, test } from 'vitest'
import { usePins } from '../../../../src/renderer/stores/pins.ts'
import { useTests } from '../../../../src/renderer/stores/tests.ts'
import { answer } from '../answers.ts'

test('what could not be read is not taken for nothing, until it is read', async () => {
  answer({})
  await usePins.getState().read('s')
  await useTests.getState().read('s')
  expect(usePins.getState().pins['s']).toBeUndefined()
  expect(useTests.getState().tests['s']).toBeUndefined()
  expect(usePins.getState().failures['s']).toMatchObject({ kind: 'bug' })
  expect(useTests.getState().failures['s']).toMatchObject({ kind: 'bug' })
  answer({ 'pin.list': () => [], 'server.lastTest': () => null })
  await usePins.getState().read('s')
  await useTests.getState().read('s')
  expect(usePins.getState()).toMatchObject({ pins: { s: [] }, failures: { s: null } })
  expect(useTests.getState()).toMatchObject({ tests: { s: null }, failures: { s: null } })
})
