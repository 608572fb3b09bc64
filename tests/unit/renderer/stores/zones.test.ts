import { expect, test } from 'vitest'
import type { Check } from '#shared/server.ts'
import { zonesOf } from '../../../../src/renderer/stores/zones.ts'
import { formatFor } from '../../../../src/renderer/words/format.ts'
import { hoursAgo } from '../../../app/support/sample-data.ts'

test("a server's time is told by the zone that its last connection test saw, and not at all where it saw none", () => {
  const clock = (zone: Check['facts'][string]): Check => ({
    name: 'clock',
    outcome: 'proven',
    facts: { zone },
    detail: '',
    remedy: null,
    seconds: 0,
  })
  const tested = (serverId: string, checks: Check[]) => ({
    serverId,
    at: hoursAgo(1),
    running: false,
    checks,
    found: [],
  })
  const servers = ['a', 'b', 'c', 'd'].map((id) => ({ id, name: `server ${id}` }))
  const tests = { a: tested('a', [clock('+0800')]), b: tested('b', [clock('nonsense')]), c: tested('c', []), d: null }
  const zones = zonesOf(servers, tests)
  expect([...zones]).toEqual([['server a', '+08:00']])
  expect(formatFor('en').elsewhere('2026-11-23T12:00:00Z', zones.get('server a'))).toContain('20:00:00 +08:00')
})
