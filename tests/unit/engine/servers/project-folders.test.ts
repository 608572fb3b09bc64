import { expect, test } from 'vitest'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Found } from '#engine/servers/discover.ts'
import { projectFolders } from '#engine/servers/project-folders.ts'
import type { Sftp } from '#engine/ssh/sftp.ts'
import { someDatabase, someServer } from '../../../support/copies.ts'

test('a shell that prints into SFTP hides folders, and not the databases that were found', async () => {
  const failure = new LifeboatFailure('sftp-noise', 'It prints.')
  const refuse = async () => {
    throw failure
  }
  const sftp: Sftp = { list: refuse, stat: refuse, open: refuse, readFile: refuse, realPath: refuse, end: () => {} }
  const known = { project: null, container: 'db', image: 'postgres', serverVersion: '18.1', dumpVersion: '18.1' }
  const found: Found = {
    database: { ...someDatabase(someServer('shop'), 'prod'), ...known, size: 1, backups: null, env: [] },
    versionNumber: 180_001,
    tool: null,
    dir: '/srv/shop',
  }
  const seen = await projectFolders({ sftp: async () => sftp }, refuse, [found], '/home/ann', AbortSignal.timeout(5000))
  expect(seen).toMatchObject({ failure, backups: [], databases: [{ label: 'prod' }] })
})
