import { expect, test, vi } from 'vitest'
import { createRegistry, type Alarm, type Registry } from '#engine/sandbox/registry.ts'
import type { Sandbox } from '#engine/sandbox/sandbox.ts'

const engine = { kind: 'docker' as const, version: '18.6', image: 'postgres:18-alpine', settings: {} }

/** A sandbox without a server: the list knows nothing of what stands behind it. */
function pretended(id: string): { sandbox: Sandbox; lose: () => void; stopped: () => number } {
  const { promise, reject } = Promise.withResolvers<never>()
  promise.catch(() => {})
  let until: Date | null = null
  const stop = vi.fn(async () => {})
  const sandbox: Sandbox = {
    id,
    engine,
    major: 18,
    superuser: true,
    connect: async () => Promise.reject(new Error('no server')),
    run: null,
    lost: promise,
    keepUntil: (date) => void (until = date),
    row: () => ({
      id,
      engine,
      subject: 'shop/prod',
      copyId: null,
      jobId: 'job',
      startedAt: '2026-01-01T00:00:00.000Z',
      state: until === null ? 'busy' : 'open',
      until: until?.toISOString() ?? null,
    }),
    stop,
  }
  return { sandbox, lose: () => reject(new Error('gone')), stopped: () => stop.mock.calls.length }
}

function withAlarm(): { registry: Registry; ring: () => void; armed: () => Date[]; changes: () => number } {
  const set = new Map<() => void, Date>()
  const alarm: Alarm = (at, ring) => {
    set.set(ring, at)
    return () => void set.delete(ring)
  }
  const onChange = vi.fn()
  const registry = createRegistry({ alarm, onChange })
  return {
    registry,
    ring: () => [...set.keys()].forEach((ring) => ring()),
    armed: () => [...set.values()],
    changes: () => onChange.mock.calls.length,
  }
}

test('a sandbox that is kept is removed when its time is over, and not before', async () => {
  const { registry, ring, armed } = withAlarm()
  const { sandbox, stopped } = pretended('a')
  const kept = registry.add(sandbox)
  expect(armed()).toEqual([])
  const until = new Date('2026-01-01T00:15:00Z')
  kept.keepUntil(until)
  expect(armed()).toEqual([until])
  expect(registry.list()).toMatchObject([{ id: 'a', state: 'open', until: until.toISOString() }])
  expect(stopped()).toBe(0)
  ring()
  await vi.waitFor(() => expect(registry.list()).toEqual([]))
  expect(stopped()).toBe(1)
})

test('one that is busy again, or kept for longer, is not removed at its former time', () => {
  const { registry, armed } = withAlarm()
  const kept = registry.add(pretended('a').sandbox)
  kept.keepUntil(new Date('2026-01-01T00:15:00Z'))
  const later = new Date('2026-01-01T01:00:00Z')
  kept.keepUntil(later)
  expect(armed()).toEqual([later])
  kept.keepUntil(null)
  expect(armed()).toEqual([])
  expect(registry.list()).toMatchObject([{ state: 'busy', until: null }])
})

test('one that is lost leaves the list, and what is left of it is removed', async () => {
  const { registry, armed } = withAlarm()
  const { sandbox, lose, stopped } = pretended('a')
  registry.add(sandbox).keepUntil(new Date('2026-01-01T00:15:00Z'))
  lose()
  await vi.waitFor(() => expect(registry.list()).toEqual([]))
  expect(stopped()).toBe(1)
  expect(armed()).toEqual([])
})

test('stopping is by id; a second time there is nothing to stop', async () => {
  const { registry, changes } = withAlarm()
  const a = pretended('a')
  const b = pretended('b')
  registry.add(a.sandbox)
  registry.add(b.sandbox)
  const before = changes()
  await registry.stop('a')
  expect(changes()).toBe(before + 1)
  expect(registry.list().map(({ id }) => id)).toEqual(['b'])
  await expect(registry.stop('a')).rejects.toMatchObject({ kind: 'not-found' })
  expect(() => registry.find('a')).toThrow(/gone/)
  await registry.stopAll()
  expect([a.stopped(), b.stopped()]).toEqual([1, 1])
  expect(registry.list()).toEqual([])
})

test('one that can not be removed leaves the list all the same, and nothing fails with it', async () => {
  const { registry, ring } = withAlarm()
  const [late, lost] = [pretended('late'), pretended('lost')]
  const stop = async (): Promise<void> => Promise.reject(new Error('Docker is gone.'))
  registry.add({ ...late.sandbox, stop }).keepUntil(new Date('2026-01-01T00:15:00Z'))
  registry.add({ ...lost.sandbox, stop })
  ring()
  lost.lose()
  await vi.waitFor(() => expect(registry.list()).toEqual([]))
})
