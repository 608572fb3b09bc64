import { expect, test, vi } from 'vitest'
import { createLock } from '#engine/vault/lock.ts'

function lockOf(idleMinutes = () => 10) {
  const onChange = vi.fn()
  return { onChange, lock: createLock({ idleMinutes, now: () => new Date(), onChange, onLock: async () => {} }) }
}

test('work that began before the vault was locked does not unlock it when it ends', async () => {
  const { lock, onChange } = lockOf()
  const hold = lock.begin()
  hold({ passphrase: 'correct horse' })
  expect(lock.passphrases()).toEqual(['correct horse'])
  await lock.lock()
  onChange.mockClear()
  hold({ passphrase: 'correct horse', sha256: 'a', key: { algorithm: 'aes256', data: new Uint8Array(32) } })
  expect([lock.passphrases(), lock.locksAt(), lock.keyOf('a')]).toEqual([[], null, undefined])
  expect(onChange).not.toHaveBeenCalled()
})

test('who unlocks it afterwards, unlocks it', async () => {
  const { lock } = lockOf()
  await lock.lock()
  lock.begin()({ passphrase: 'correct horse' })
  expect(lock.locksAt()).not.toBeNull()
  await lock.lock()
})

test('it stays open for as long as the settings say at its last use', async () => {
  vi.useFakeTimers()
  try {
    let minutes = 10
    const { lock } = lockOf(() => minutes)
    const hold = lock.begin()
    hold({ passphrase: 'correct horse' })
    minutes = 2
    hold({})
    await vi.advanceTimersByTimeAsync(2 * 60_000 - 1)
    expect(lock.passphrases()).toEqual(['correct horse'])
    await vi.advanceTimersByTimeAsync(1)
    expect([lock.passphrases(), lock.locksAt()]).toEqual([[], null])
  } finally {
    vi.useRealTimers()
  }
})

test('it is locked after a sleep that was longer than its time, although no timer ran', async () => {
  let now = new Date('2026-01-01T22:00:00Z')
  const onLock = vi.fn(async () => {})
  const lock = createLock({ idleMinutes: () => 10, now: () => now, onChange: () => {}, onLock })
  const key = { algorithm: 'aes256' as const, data: new Uint8Array(32).fill(7) }
  lock.begin()({ passphrase: 'correct horse', sha256: 'a', key })
  expect(lock.keyOf('a')).toBeDefined()
  now = new Date('2026-01-02T06:00:00Z')
  expect(lock.keyOf('a')).toBeUndefined()
  expect(lock.passphrases()).toEqual([])
  expect(lock.locksAt()).toBeNull()
  expect(onLock).toHaveBeenCalledTimes(1)
})

test('a shorter time counts from its last use on, and not from the next one', async () => {
  vi.useFakeTimers()
  try {
    let minutes = 480
    const { lock } = lockOf(() => minutes)
    lock.begin()({ passphrase: 'correct horse' })
    await vi.advanceTimersByTimeAsync(90_000)
    minutes = 1
    await vi.advanceTimersByTimeAsync(10_000)
    expect([lock.passphrases(), lock.locksAt()]).toEqual([[], null])
  } finally {
    vi.useRealTimers()
  }
})
