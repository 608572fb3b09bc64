import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LifeboatFailure } from '#shared/failure.ts'
import { makePrivateFolder } from '#engine/disk/folder.ts'
import type { JobTools } from '#engine/jobs/run.ts'
import { archiveToSql } from '#engine/restore/archive.ts'
import type { Sandbox } from '#engine/sandbox/sandbox.ts'
import { archiveNote } from './check.ts'
import { readForLoading, type ReadDump } from './read-for-loading.ts'
import type { Verify } from './verify.ts'

/** A dump that can be loaded as it was read: the file itself, or the SQL that an archive holds. */
export type Loadable = { file: string; read: ReadDump }

/**
 * Gives `work` what is to be loaded. An archive (`pg_dump -Fc`, `-Ft`) is turned into SQL by the sandbox's own pg_restore
 * first, and read like any other dump: what it holds is then known table by table. That SQL is gone afterwards.
 * @throws LifeboatFailure not-checkable: this sandbox has no pg_restore, or the file is no dump; dump-damaged, dump-refused
 */
export async function withLoadable<T>(
  verify: Verify,
  read: ReadDump,
  sandbox: Sandbox,
  tools: JobTools,
  work: (loadable: Loadable) => Promise<T>,
): Promise<T> {
  const { format } = read.report
  if (format === 'plain') return work({ file: verify.file, read })
  if (format === 'unknown')
    throw new LifeboatFailure('not-checkable', 'This file is no dump that can be restored here.')
  await makePrivateFolder(verify.scratchDir)
  const sql = join(verify.scratchDir, `archive-${randomBytes(6).toString('hex')}.sql.zst`)
  try {
    await archiveToSql(verify.file, sql, sandbox, tools.signal)
    const unpacked = await readForLoading({ ...verify, file: sql, copy: null }, tools)
    // the archive's own rung stored stays; whether it is readable is known only now
    const stored = read.proofs.filter(({ rung }) => rung === 'stored')
    const findings = [...unpacked.report.findings, ...(await archiveNote(verify))]
    const report = { ...unpacked.report, findings }
    return await work({ file: sql, read: { ...unpacked, report, proofs: [...stored, ...unpacked.proofs] } })
  } finally {
    await rm(sql, { force: true })
  }
}
