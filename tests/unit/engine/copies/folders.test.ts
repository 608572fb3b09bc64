import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { foldersOfCopies } from '#engine/copies/folders.ts'
import { scratch } from '../../../support/copies.ts'

/** As somebody whom rights bind: root may read everything. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  const isRoot = process.geteuid?.() === 0
  if (isRoot) process.seteuid?.(65534)
  try {
    return await work()
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
}

test.skipIf(process.platform === 'win32')(
  'folders that may not be read are told apart, and hide none of the others',
  async () => {
    const dir = scratch()
    chmodSync(dir, 0o755)
    for (const name of ['shop/prod', 'shop/closed', 'closed', 'lost+found'])
      mkdirSync(join(dir, name), { recursive: true })
    const closed = ['closed', 'lost+found', 'shop/closed'].map((name) => join(dir, name))
    for (const folder of closed) chmodSync(folder, 0o000)
    expect(await asNobody(() => foldersOfCopies(dir))).toEqual({
      folders: [dir, join(dir, 'shop'), join(dir, 'shop', 'prod')],
      unread: [join(dir, 'closed'), join(dir, 'shop', 'closed')],
    })
    for (const folder of closed) chmodSync(folder, 0o700)
  },
)
