import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Copy } from '#shared/copy.ts'
import { LifeboatFailure, type FailureKind } from '#shared/failure.ts'
import type { Job } from '#shared/job.ts'
import type { Proof } from '#shared/proof.ts'
import { readCopy } from '#engine/copies/show.ts'
import { copyWords } from '../../../src/main/cli/words/copy.ts'
import { catalogueIn, proof, scratch, someDatabase, someJob, someServer, storeCopy } from '../../support/copies.ts'
import { toolsWith } from '../../support/cli-tools.ts'

type Verification = { outcome: Job['outcome'] } | { fails: FailureKind } | 'never begun'

/** A backup that succeeds, of a database that is verified after each: what the terminal says in the end. */
async function backupThen(verification: Verification, proofs: Proof[]) {
  const dir = scratch()
  const catalogue = catalogueIn(dir)
  const row = await storeCopy({ catalogue, copiesDir: join(dir, 'copies'), change: { proofs } })
  const copy: Copy = await readCopy(catalogue, row.id)
  const database = someDatabase(someServer('shop'), 'prod', { verifyAfter: true })
  const made = someJob('made', { state: 'done', outcome: 'proven', copyIds: [copy.id] })
  const verify = someJob('verify', { kind: 'verify', state: 'queued', copyIds: [copy.id] })
  const tools = toolsWith(
    {
      'database.list': async () => [database],
      'backup.start': async () => ({ jobId: made.id }),
      'job.list': async () => (verification === 'never begun' ? [made] : [verify, made]),
      'copy.show': async () => copy,
      'verify.result': async () => null,
    },
    async (id) => {
      if (id === made.id || verification === 'never begun') return made
      if ('fails' in verification) throw new LifeboatFailure(verification.fails, 'as told')
      return { ...verify, state: 'done', outcome: verification.outcome }
    },
  )
  const given = { operands: ['shop/prod'], text: () => undefined, texts: () => [], flag: () => false, among: () => [] }
  return copyWords.backup.run(given, tools)
}

const readable = [proof('stored'), proof('readable')]

test.each<[string, Verification, Proof[], number, object]>([
  ['proven', { outcome: 'proven' }, [...readable, proof('restored')], 0, { outcome: 'proven', failure: null }],
  ['found damaged', { outcome: 'damaged' }, [...readable, proof('restored', 'damaged')], 4, { outcome: 'damaged' }],
  // its evidence could not be kept, and still it was seen
  ['found damaged, its face unchanged', { outcome: 'damaged' }, readable, 4, { outcome: 'damaged' }],
  ['not checked', { outcome: 'not-checked' }, readable, 5, { outcome: 'not-checked' }],
  ['ended by a lost sandbox', { fails: 'sandbox-lost' }, readable, 5, { failure: { kind: 'sandbox-lost' } }],
  ['refused for what it holds', { fails: 'dump-refused' }, readable, 3, { failure: { kind: 'dump-refused' } }],
  ['never begun', 'never begun', readable, 5, { outcome: 'not-checked', failure: { kind: 'not-checkable' } }],
])('a backup whose verification was %s', async (_what, verification, proofs, exit, verified) => {
  const result = await backupThen(verification, proofs)
  expect(result).toMatchObject({ exit, json: { ok: true, copies: [{ label: 'prod' }], verifications: [verified] } })
  const failed = typeof verification === 'object' && 'fails' in verification
  if (failed) expect(result.lines.join('\n')).toContain('as told')
})

test('a verification that was cancelled ends as cancelled, and the copy is named', async () => {
  await expect(backupThen({ fails: 'cancelled' }, readable)).rejects.toMatchObject({
    kind: 'cancelled',
    message: expect.stringMatching(/The copy [0-9a-f]{12} was made and is kept/),
  })
})
