import { describe, expect, it } from 'vitest'
import type { DumpReport } from '#shared/dump-report.ts'
import { faceOf, highestRung } from '#shared/proof.ts'
import { readableProof, storedProof } from '#engine/copies/evidence.ts'
import { draftManifest } from '#engine/backup/manifest.ts'

const at = new Date('2025-06-15T12:00:00.000Z')
const whole: DumpReport = {
  outcome: 'proven',
  compression: 'zstd',
  checksummed: false,
  format: 'plain',
  dumps: 1,
  cluster: false,
  endMarkers: 1,
  serverVersion: '18.1',
  dumpVersion: null,
  encoding: 'UTF8',
  timeZone: null,
  tables: [
    { schema: 'public', name: 'a', rows: 2, fingerprint: '1', database: null, columns: null },
    { schema: 'public', name: 'b', rows: 3, fingerprint: null, database: null, columns: null },
  ],
  statements: { COPY: 2 },
  largeObjects: 0,
  roles: ['zoe', 'app'],
  extensions: ['hstore'],
  sqlBytes: 100,
  findings: [],
  moreFindings: 0,
}
const stored = storedProof({ sha256: 'ab'.repeat(32), bytes: 9, seconds: 1, at, version: '0.1.0', how: 'by a test' })
const read = (report: DumpReport) => readableProof(report, at, 2, '0.1.0')

describe('the evidence of a rung', () => {
  it('says what was proven, when and by what', () => {
    expect(stored).toEqual({
      rung: 'stored',
      outcome: 'proven',
      at: at.toISOString(),
      seconds: 1,
      engine: 'Lifeboat 0.1.0',
      detail: 'SHA-256 abababababab…, 9 bytes, by a test',
    })
    expect(read(whole).detail).toBe('ends whole, 2 tables, 1 of them without a fingerprint, 5 rows')
  })

  it.each([
    ['damaged', 'damaged', 'damaged'],
    // something that must not be loaded is no readable dump
    ['refused', 'damaged', 'damaged'],
    ['not-checked', 'not-checked', 'proven'],
  ] as const)('a dump that is %s is %s on the rung readable, and never reaches it', (outcome, shown, face) => {
    const finding = { kind: 'cut', detail: 'it ends in a row', table: null, line: 7, byte: 99 } as const
    const proof = read({ ...whole, outcome, findings: [finding] })
    expect(proof).toMatchObject({ rung: 'readable', outcome: shown, detail: 'it ends in a row' })
    expect(highestRung([stored, proof])).toBe('stored')
    expect(faceOf([stored, proof])).toBe(face)
  })
})

describe('the manifest of a copy', () => {
  const facts = {
    server: 'shop',
    label: 'prod',
    bytes: 9,
    sha256: 'ab'.repeat(32),
    takenAt: at.toISOString(),
    storedAt: at.toISOString(),
    origin: 'dump',
    source: { host: 'h', dbname: 'shop', path: null, modifiedAt: null, timeZone: 'UTC' },
    proofs: [stored],
    settings: null,
    serverVersion: '17.9',
    dumpVersion: '17.9',
  } as const

  it("takes the dump's own word, and the server's where the dump is silent", () => {
    expect(draftManifest(whole, { ...facts, proofs: [stored] })).toMatchObject({
      serverVersion: '18.1',
      dumpVersion: '17.9',
      sqlBytes: 100,
    })
  })

  it('names each role once, those of the dump and those of the source', () => {
    const { needs } = draftManifest(whole, { ...facts, proofs: [stored], roles: ['app', 'bob'] })
    expect(needs).toEqual({ roles: ['app', 'bob', 'zoe'], extensions: ['hstore'], settings: null })
  })

  it('gives each copy another id', () => {
    const ids = new Set(Array.from({ length: 100 }, () => draftManifest(whole, { ...facts, proofs: [stored] }).id))
    expect(ids.size).toBe(100)
  })
})
