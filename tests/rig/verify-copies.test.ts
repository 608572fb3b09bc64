import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Manifest } from '#shared/copy.ts'
import { isOver } from '#shared/job.ts'
import { createEngine } from '#engine/engine.ts'
import { noKeychain } from '#engine/host/keychain.ts'
import { catalogueIn, proof, scratch, storeCopy } from '../support/copies.ts'
import { copyBlock, dumpOf } from '../support/dump-text.ts'
import { rigAvailable } from './machine/rig.ts'

const rows = [
  ['1', 'one'],
  ['2', 'two'],
]
const block = copyBlock({ schema: 'public', name: 't', columns: ['id', 't'], rows })
const sql = Buffer.from(dumpOf(`CREATE TABLE public.t (id integer, t text);\n\n${block}`))

/** A copy in a list of its own, and what a verification of it comes to. */
async function copyOf(change: Partial<Manifest>) {
  const dataDir = scratch()
  const row = await storeCopy({
    catalogue: catalogueIn(join(dataDir, 'data')),
    copiesDir: join(dataDir, 'copies'),
    content: sql,
    change: { compression: 'none', sqlBytes: sql.length, ...change },
  })
  return {
    row,
    async verify() {
      const options = { dataDir: join(dataDir, 'data'), copiesDir: join(dataDir, 'copies'), version: '0.0.0' }
      const engine = await createEngine({ ...options, keychain: noKeychain, now: () => new Date() })
      onTestFinished(() => engine.stop())
      const { jobId } = await engine.call('verify.start', { target: { kind: 'copy', id: row.id }, engine: 'docker' })
      await expect.poll(async () => isOver((await engine.call('job.show', { id: jobId })).state)).toBe(true)
      const job = await engine.call('job.show', { id: jobId })
      return {
        job,
        copy: await engine.call('copy.show', { id: row.id }),
        result: await engine.call('verify.result', { jobId }),
      }
    },
  }
}

describe.skipIf(!rigAvailable())('a copy that is verified', () => {
  const counted = (name: string, count: number) => ({
    schema: 'public',
    name,
    rows: count,
    fingerprint: null,
    database: null,
  })
  const snapshot = { at: '2025-06-15T12:00:00.000Z', method: 'counts' as const, seconds: 1, note: null }

  test('is exact where the dump has every table of the source', async () => {
    const { verify } = await copyOf({ snapshot: { ...snapshot, tables: [counted('t', 2), counted('empty', 0)] } })
    const { job, copy } = await verify()
    expect([job.outcome, copy.face, copy.rung]).toEqual(['proven', 'proven', 'exact'])
  })

  test('stays damaged where the source held a table that the dump does not have', async () => {
    const { verify } = await copyOf({ snapshot: { ...snapshot, tables: [counted('t', 2), counted('orders', 5000)] } })
    const { job, copy, result } = await verify()
    expect([job.outcome, copy.face]).toEqual(['damaged', 'damaged'])
    expect(result?.findings).toContainEqual(expect.objectContaining({ kind: 'not-in-dump', class: 'damage' }))
    expect(copy.proofs.findLast(({ rung }) => rung === 'exact')?.detail).toContain('public.orders')
  })

  test('is damaged when it has rotted into something that reads as a dump that is refused', async () => {
    const { row, verify } = await copyOf({
      proofs: [proof('stored'), proof('readable'), proof('restored'), proof('exact')],
    })
    const { atime, mtime } = statSync(row.file)
    writeFileSync(row.file, readFileSync(row.file, 'latin1').replace('FROM stdin', 'FROM stdhn'), 'latin1')
    utimesSync(row.file, atime, mtime)
    const { job, copy } = await verify()
    expect([job.state, job.outcome, copy.face]).toEqual(['done', 'damaged', 'damaged'])
    expect(copy.proofs.findLast(({ rung }) => rung === 'stored')?.outcome).toBe('damaged')
  })
})
