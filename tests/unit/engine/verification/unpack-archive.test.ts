import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Sandbox } from '#engine/sandbox/sandbox.ts'
import { readForLoading } from '#engine/verification/read-for-loading.ts'
import { withLoadable } from '#engine/verification/unpack-archive.ts'
import type { Verify } from '#engine/verification/verify.ts'
import { watchVerification } from '#engine/verification/live.ts'
import { catalogueIn, noon, scratch, storeCopy } from '../../../support/copies.ts'
import { dumpOf } from '../../../support/dump-text.ts'

const archive = Buffer.from('PGDMP\x01\x10\x00 and so on', 'latin1')
const nothing = (): void => {}
const report = { step: nothing, bytes: nothing, rows: nothing, log: nothing, copy: nothing }

/** What is found in an archive that pg_restore turns into this dump. */
async function found(dir: string, file: string): Promise<string[]> {
  const unasked = () => {
    throw new Error('not asked for here')
  }
  const sandbox: Sandbox = {
    id: 'sandbox',
    engine: { kind: 'docker', version: '18', image: null, settings: {} },
    major: 18,
    superuser: true,
    connect: unasked,
    lost: new Promise(() => undefined),
    keepUntil: nothing,
    row: unasked,
    stop: async () => undefined,
    run: () => ({ stdout: one(dumpOf('CREATE SCHEMA app;\n')), done: Promise.resolve({ code: 0, stderr: '' }) }),
  }
  const verify: Verify = {
    file,
    copy: null,
    subject: 's',
    before: null,
    engine: 'docker',
    image: null,
    keepUntil: null,
    start: unasked,
    scratchDir: join(dir, 'scratch'),
    live: watchVerification({ jobId: 'j', copyId: null, subject: 's' }, { onChange: nothing, clock: () => 0 }),
    version: '1',
    now: noon,
  }
  const tools = { jobId: 'j', signal: new AbortController().signal, report }
  const read = await readForLoading(verify, tools)
  return withLoadable(verify, read, sandbox, tools, async (loadable) => {
    expect(loadable.read.outcome).toBe('proven')
    return loadable.read.report.findings.map(({ kind }) => kind)
  })
}

async function* one(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

it('an archive is said to carry no checksum, unless its manifest does', async () => {
  const dir = scratch()
  const bare = join(dir, 'bare.dump')
  writeFileSync(bare, archive)
  expect(await found(dir, bare)).toEqual(['no-checksum'])
  const known = await storeCopy({
    catalogue: catalogueIn(dir),
    copiesDir: dir,
    stem: 'backup_prod_20250601_120000',
    content: archive,
  })
  expect(await found(dir, known.file)).toEqual([])
})
