import { expect, test } from 'vitest'
import { useCopy } from '../../../../src/renderer/stores/copy.ts'
import { changes, copy, copyRows } from '../../../app/support/sample-data.ts'
import { answer } from '../answers.ts'

test('a comparison that failed is not taken for a copy that has none before it', async () => {
  const shown = copyRows(1)[0]
  if (!shown) throw new Error('There is no copy to try it with.')
  answer({ 'copy.show': () => copy(shown) })
  await useCopy.getState().open(shown.id)
  expect(useCopy.getState()).toMatchObject({ copy: { id: shown.id }, failure: null })
  expect(useCopy.getState()).toMatchObject({ changes: null, changesFailure: { kind: 'bug' } })
  answer({ 'copy.show': () => copy(shown), 'copy.changes': () => changes })
  await useCopy.getState().refresh()
  expect(useCopy.getState()).toMatchObject({ changes, changesFailure: null })
})
