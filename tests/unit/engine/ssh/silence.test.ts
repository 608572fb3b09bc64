import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { watchSilence } from '#engine/ssh/silence.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('silence is noticed once, after its time', () => {
  const noticed = vi.fn()
  watchSilence(10_000, noticed)
  vi.advanceTimersByTime(9000)
  expect(noticed).not.toHaveBeenCalled()
  vi.advanceTimersByTime(60_000)
  expect(noticed).toHaveBeenCalledTimes(1)
})

test('every sign of life begins the time anew', () => {
  const noticed = vi.fn()
  const watch = watchSilence(10_000, noticed)
  for (let i = 0; i < 20; i++) {
    vi.advanceTimersByTime(8000)
    watch.touch()
  }
  expect(noticed).not.toHaveBeenCalled()
  vi.advanceTimersByTime(10_000)
  expect(noticed).toHaveBeenCalledTimes(1)
})

test('time in which nobody listens does not count', () => {
  const noticed = vi.fn()
  const watch = watchSilence(10_000, noticed)
  watch.pause()
  vi.advanceTimersByTime(3_600_000)
  watch.resume()
  vi.advanceTimersByTime(9000)
  expect(noticed).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1000)
  expect(noticed).toHaveBeenCalledTimes(1)
})

test('after the end, and without a limit, nothing comes', () => {
  const noticed = vi.fn()
  watchSilence(1000, noticed).stop()
  watchSilence(Infinity, noticed)
  vi.advanceTimersByTime(3_600_000)
  expect(noticed).not.toHaveBeenCalled()
})
