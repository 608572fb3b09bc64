import { expect, it } from 'vitest'
import type { VerifyFinding } from '#shared/verification.ts'
import { evidenceLines } from '#engine/verification/log.ts'

const finding = (change: Partial<VerifyFinding>): VerifyFinding => ({
  class: 'damage',
  kind: 'load-error',
  detail: 'it was refused',
  table: null,
  line: null,
  byte: null,
  remedy: null,
  ...change,
})
const evidence = (findings: VerifyFinding[]) => ({
  jobId: 'j',
  copyId: null,
  file: '/a.sql',
  at: '2026-01-01T00:00:00.000Z',
  outcome: 'damaged' as const,
  rung: 'readable' as const,
  engine: null,
  seconds: 3.25,
  steps: [
    { step: 'read' as const, seconds: 1.04 },
    { step: 'load' as const, seconds: 2 },
  ],
  tables: [],
  objects: [],
  findings,
  proofs: [
    { rung: 'restored' as const, outcome: 'damaged' as const, at: '', seconds: 1, engine: '', detail: 'no index' },
  ],
})

it('tells findings with their place and remedy, how long it took, and what came out', () => {
  const lines = evidenceLines(
    evidence([
      finding({ table: 'public.t', line: 12 }),
      finding({ class: 'unchecked', detail: 'no extension', remedy: 'Use Docker.' }),
      finding({ class: 'warning', detail: 'public.t is empty', table: 'public.t' }),
    ]),
  )
  expect(lines).toEqual([
    'Damaged: it was refused [public.t, line 12]',
    'Not checked: no extension Use Docker.',
    'Worth a look: public.t is empty',
    'Steps: read 1.0 s, load 2.0 s; in all 3.3 s.',
    'restored: damaged (no index)',
  ])
})

it('does not fill the log with a thousand findings, and says that there are more', () => {
  const lines = evidenceLines(evidence(Array.from({ length: 1000 }, () => finding({}))))
  expect(lines).toHaveLength(103)
  expect(lines[100]).toContain('900 more')
})
