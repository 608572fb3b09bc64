import { describe, expect, test } from 'vitest'
import { LifeboatFailure } from '#shared/failure.ts'
import { createResource } from '../../../../src/renderer/stores/resource.ts'
import { rowAt } from '../../../../src/renderer/stores/copies.ts'
import { moved } from '../../../../src/renderer/parts/data-grid.tsx'

describe('something that the window reads', () => {
  test('many calls while one reading is under way end in exactly one more', async () => {
    let readings = 0
    const store = createResource(async () => {
      readings += 1
      return readings
    })
    const { refresh } = store.getState()
    await Promise.all([refresh(), refresh(), refresh(), refresh()])
    expect(readings).toBe(2)
    expect(store.getState()).toMatchObject({ value: 2, failure: null, loading: false })
  })

  test('a failure stands over the last good reading, which stays, and goes with the next one', async () => {
    let broken = false
    const store = createResource(async () => {
      if (broken) throw new LifeboatFailure('catalogue-busy', 'busy')
      return 'good'
    })
    await store.getState().refresh()
    broken = true
    await store.getState().refresh()
    expect(store.getState()).toMatchObject({ value: 'good', failure: { kind: 'catalogue-busy' }, loading: false })
    broken = false
    await store.getState().refresh()
    expect(store.getState().failure).toBeNull()
  })
})

test('a row of the list is found in its page, and is nothing while that is on its way', () => {
  expect(rowAt(new Map(), 5)).toBeUndefined()
})

test.each([
  ['ArrowDown', 3, 4],
  ['ArrowUp', 0, 0],
  ['PageDown', 95, 99],
  ['Home', 50, 0],
  ['End', 50, 99],
])('the key %s leads from row %d to %d of a hundred', (key, from, to) => {
  expect(moved(key, from, 100, 10)).toBe(to)
})

test('other keys, and an empty list, lead nowhere', () => {
  expect(moved('a', 3, 100, 10)).toBeNull()
  expect(moved('ArrowDown', 0, 0, 10)).toBeNull()
})
