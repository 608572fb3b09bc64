import { expect, it } from 'vitest'
import type { CopyRow } from '#shared/copy.ts'
import { faceOf, highestRung, type Outcome, type Proof, type Rung } from '#shared/proof.ts'
import { unproven } from '#engine/verification/choose.ts'

function row(id: string, ...outcomes: [Rung, Outcome][]): CopyRow {
  const proofs = outcomes.map(([rung, outcome]): Proof => ({
    rung,
    outcome,
    at: '2026-11-23T03:00:00.000Z',
    seconds: 1,
    engine: 'test',
    detail: '',
  }))
  return {
    id,
    server: 'shop',
    label: 'prod',
    file: `/copies/${id}.sql.gz`,
    bytes: 1,
    sha256: '0'.repeat(64),
    takenAt: '2026-11-23T03:00:00.000Z',
    storedAt: '2026-11-23T03:00:00.000Z',
    origin: 'dump',
    serverVersion: null,
    dumpVersion: null,
    tableCount: 0,
    rowCount: 0,
    rung: highestRung(proofs),
    face: faceOf(proofs),
    lastProofAt: null,
    proofs,
  }
}

it('takes what is not proven exact, leaves what is proven and what is damaged, and keeps the order', () => {
  const stored: [Rung, Outcome] = ['stored', 'proven']
  const read: [Rung, Outcome] = ['readable', 'proven']
  const readable = row('readable', stored, read)
  const unchecked = row('unchecked', stored, read, ['restored', 'proven'], ['exact', 'not-checked'])
  const exact = row('exact', stored, read, ['restored', 'proven'], ['exact', 'proven'])
  const damaged = row('damaged', stored, ['readable', 'damaged'])
  const unknown = row('unknown', ['stored', 'not-checked'])
  expect(unproven([readable, exact, unchecked, damaged, unknown]).map(({ id }) => id)).toEqual([
    'readable',
    'unchecked',
    'unknown',
  ])
})
