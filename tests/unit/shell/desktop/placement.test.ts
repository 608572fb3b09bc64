import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { placeWindow } from '../../../../src/main/shell/desktop/placement.ts'

const left = { x: 0, y: 0, width: 1920, height: 1040 }
const right = { x: 1920, y: 0, width: 2560, height: 1400 }

describe('the window opens', () => {
  test('in the middle of the first display at first', () => {
    expect(placeWindow(null, [left, right])).toEqual({ x: 360, y: 120, width: 1200, height: 800 })
  })
  test('where it was left', () => {
    const saved = { x: 2000, y: 50, width: 1300, height: 900 }
    expect(placeWindow(saved, [left, right])).toEqual(saved)
  })
  test('in the middle, in its size, when its display is gone', () => {
    expect(placeWindow({ x: 2000, y: 50, width: 1300, height: 900 }, [left])).toEqual({
      x: 310,
      y: 70,
      width: 1300,
      height: 900,
    })
  })
  test('smaller when its display is smaller now', () => {
    expect(placeWindow({ x: 10, y: 0, width: 2500, height: 1400 }, [left])).toMatchObject({ width: 1920, height: 1040 })
  })
  test('with its title bar on the display', () => {
    expect(placeWindow({ x: 10, y: -40, width: 1200, height: 800 }, [left]).y).toBe(0)
  })
  test('not smaller than it works', () => {
    expect(placeWindow({ x: 10, y: 10, width: 300, height: 200 }, [left])).toMatchObject({ width: 900, height: 600 })
  })
  test('wherever it was: always so that it can be taken hold of', () => {
    const saved = fc.record({
      x: fc.integer({ min: -9999, max: 9999 }),
      y: fc.integer({ min: -9999, max: 9999 }),
      width: fc.integer({ min: 1, max: 9999 }),
      height: fc.integer({ min: 1, max: 9999 }),
    })
    fc.assert(
      fc.property(saved, (bounds) => {
        const { x, y, width } = placeWindow(bounds, [left, right])
        const reachable = [left, right].some(
          (area) =>
            x + width >= area.x + 100 && x <= area.x + area.width - 100 && y >= area.y && y < area.y + area.height,
        )
        expect(reachable).toBe(true)
      }),
    )
  })
})
