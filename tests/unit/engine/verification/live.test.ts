import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { LiveVerification } from '#shared/verification.ts'
import type { RestoreProgress } from '#engine/restore/restored.ts'
import { watchVerification } from '#engine/verification/live.ts'

const table = (name: string, rows: number) => ({ schema: 'public', name, rows, fingerprint: null, database: null })
const at = (name: string) => ({ database: null, schema: 'public', name })
const loading = (name: string, loaded: number, built = 0, indexes = 0): RestoreProgress => ({
  step: 'load',
  rows: loaded,
  rowsTotal: 150,
  fileBytes: 10 * loaded,
  tables: [{ ...at(name), rows: 120, loaded, built, indexes }],
})

describe('a verification that is watched', () => {
  let told: LiveVerification[]
  let now: number
  const watch = () =>
    watchVerification(
      { jobId: 'j1', copyId: 'c1', subject: 'shop/prod' },
      { onChange: (live) => told.push(live), clock: () => now },
    )

  beforeEach(() => {
    vi.useFakeTimers()
    told = []
    now = 0
  })
  afterEach(() => vi.useRealTimers())

  it('tells steps at once, with the seconds of those before', () => {
    const live = watch()
    now = 1500
    live.step('sandbox')
    now = 4000
    live.step('load')
    expect(told.map(({ step }) => step)).toEqual(['sandbox', 'load'])
    expect(told.at(-1)?.steps).toEqual([
      { step: 'read', seconds: 1.5 },
      { step: 'sandbox', seconds: 2.5 },
    ])
  })

  it('tells rows at most ten times a second, and then only tables that changed', () => {
    const live = watch()
    live.tables([table('orders', 120), table('users', 30)])
    vi.advanceTimersByTime(100)
    told.length = 0
    for (let rows = 1; rows <= 50; rows++) live.loading(loading('orders', rows))
    expect(told).toEqual([])
    vi.advanceTimersByTime(100)
    expect(told).toHaveLength(1)
    expect(told[0]?.tables).toMatchObject([{ name: 'orders', loaded: 50 }])
    expect(told[0]).toMatchObject({ rows: 50, rowsTotal: 150 })
    vi.advanceTimersByTime(1000)
    expect(told).toHaveLength(1)
  })

  it('gives everything to somebody who begins to watch', () => {
    const live = watch()
    live.tables([table('orders', 120), table('users', 30)])
    live.loading(loading('orders', 120, 1, 3))
    live.matched(at('users'), true)
    expect(live.state().tables).toMatchObject([
      { name: 'orders', loaded: 120, built: 1, indexes: 3, match: null },
      { name: 'users', loaded: 0, match: true },
    ])
  })

  it('tells what is left when it ends, and nothing more', () => {
    const live = watch()
    live.tables([table('orders', 120)])
    live.loading(loading('orders', 120))
    live.end()
    expect(told.at(-1)?.tables).toMatchObject([{ name: 'orders', loaded: 120 }])
    const count = told.length
    live.loading(loading('orders', 121))
    vi.advanceTimersByTime(1000)
    expect(told).toHaveLength(count)
  })

  it('knows nothing of tables that the dump does not hold', () => {
    const live = watch()
    live.tables([table('orders', 1)])
    live.matched(at('ghost'), false)
    expect(live.state().tables.map(({ name }) => name)).toEqual(['orders'])
  })
})
