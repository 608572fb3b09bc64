import { createReadStream, createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { constants, createZstdCompress } from 'node:zlib'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'

/** What pg_restore says of an archive that a newer pg_dump, or one with other compressions, has written. */
const notForThisOne =
  /unsupported version|not supported in this installation|was not built with|unrecognized archive format/i

/**
 * Has the sandbox's own pg_restore turn an archive (`pg_dump -Fc`, `-Ft`) into the SQL that a plain dump would hold, so that
 * it is read, loaded and proven as one. Writes `sqlPath`, compressed with zstd; after a failure it is not there.
 * @throws LifeboatFailure dump-damaged: pg_restore can not read it to its end; not-checkable: there is no pg_restore here,
 * or it is too old for the archive
 */
export async function archiveToSql(
  archivePath: string,
  sqlPath: string,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<void> {
  if (sandbox.run === null) {
    throw new LifeboatFailure('not-checkable', 'An archive is read by pg_restore, which only the Docker sandbox has.')
  }
  try {
    const { stdout, done } = sandbox.run(['pg_restore', '-f', '-'], { input: createReadStream(archivePath), signal })
    const compress = createZstdCompress({
      params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
    })
    await pipeline(stdout, compress, createWriteStream(sqlPath, { flags: 'wx', mode: 0o600 }), { signal })
    const { code, stderr } = await done
    if (code !== 0) throw unreadable(stderr)
  } catch (error) {
    await rm(sqlPath, { force: true })
    throw error
  }
}

function unreadable(detail: string): LifeboatFailure {
  if (notForThisOne.test(detail)) {
    return new LifeboatFailure('not-checkable', 'The pg_restore of this sandbox can not read the archive.', { detail })
  }
  return new LifeboatFailure('dump-damaged', 'pg_restore can not read the archive to its end.', { detail })
}
