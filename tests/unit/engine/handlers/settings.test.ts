import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { CopyRow } from '#shared/copy.ts'
import { catalogueIn, scratch, storeCopy } from '../../../support/copies.ts'
import { smallDisk, whyNoMounts } from '../../../support/mounts.ts'
import { envFiles, filesBelow, vaultWorld, type VaultWorld } from '../../../support/vault.ts'

const query = { sort: 'taken', descending: true, offset: 0, limit: 100 } as const

type Scene = { world: VaultWorld; dataDir: string; old: string; copy: CopyRow; sealId: string }

/** An engine with a copy and a seal in its first folder. */
async function twoInTheOldFolder(): Promise<Scene> {
  const dataDir = scratch()
  const old = join(dataDir, 'copies')
  const copy = await storeCopy({ catalogue: catalogueIn(dataDir), copiesDir: old })
  const world = await vaultWorld({ dataDir })
  const sealId = await world.seal(envFiles({ '.env': 'A=1\n' }))
  return { world, dataDir, old, copy, sealId }
}

async function listed({ engine }: VaultWorld): Promise<{ copies: string[]; seals: string[] }> {
  const { copies } = await engine.call('copy.list', query)
  const seals = await engine.call('vault.list', {})
  return { copies: copies.map(({ file }) => file), seals: seals.map(({ file }) => dirname(dirname(dirname(file)))) }
}

test('what lies in the folder that was used before stays known, also to a catalogue that is made anew', async () => {
  const { world, dataDir, old, copy, sealId } = await twoInTheOldFolder()
  const { engine } = world
  const chosen = join(dataDir, 'elsewhere')
  await engine.call('settings.set', { copiesDir: chosen })
  expect((await engine.call('app.facts', {})).copiesDir).toBe(chosen)
  const second = await storeCopy({ catalogue: catalogueIn(dataDir), copiesDir: chosen, stem: 'second' })
  await world.seal(envFiles({ '.env': 'A=2\n' }))

  expect(await engine.call('catalogue.rebuild', {})).toEqual({ copies: 2, problems: [] })
  const { copies, seals } = await listed(world)
  expect([copies.toSorted(), seals.toSorted()]).toEqual([[copy.file, second.file].toSorted(), [old, chosen].toSorted()])
  const reveal = { id: sealId, file: '.env', line: 1 }
  expect(await engine.call('vault.reveal', reveal)).toEqual({ key: 'A', value: '1' })

  await engine.call('copy.remove', { id: copy.id })
  expect([existsSync(copy.file), existsSync(second.file)]).toEqual([false, true])
  expect((await listed(world)).copies).toEqual([second.file])
})

test('every folder that was used is remembered once, and the one in use is none of them', async () => {
  const { world, dataDir, old } = await twoInTheOldFolder()
  const [b, c] = [join(dataDir, 'b'), join(dataDir, 'c')]
  for (const copiesDir of [b, b, c, b]) await world.engine.call('settings.set', { copiesDir })
  expect(await world.engine.call('settings.get', {})).toMatchObject({ copiesDir: b, formerCopiesDirs: [old, c] })
})

const refusing: [string, (dir: string) => string, string][] = [
  [
    'a file lies in its place',
    (dir) => {
      writeFileSync(join(dir, 'file'), 'x')
      return join(dir, 'file')
    },
    'folder-refused',
  ],
  ...(whyNoMounts() === null ? onDisks() : []),
]

function onDisks(): typeof refusing {
  const diskIn = (dir: string, kilobytes: number) => {
    const folder = join(dir, 'disk')
    return { folder, ...smallDisk(folder, kilobytes) }
  }
  const readOnly = (dir: string): string => {
    const disk = diskIn(dir, 64)
    mkdirSync(join(disk.folder, 'copies'))
    disk.readOnly()
    return join(disk.folder, 'copies')
  }
  const full = (dir: string): string => {
    const { folder } = diskIn(dir, 4)
    writeFileSync(join(folder, 'all'), Buffer.alloc(4096))
    return folder
  }
  return [
    ['its disk takes no writing', readOnly, 'folder-refused'],
    ['its disk is full', full, 'disk-full'],
  ]
}

test.each(refusing)('a folder is refused when %s, and nothing changes', async (_why, make, kind) => {
  const { world, old, copy } = await twoInTheOldFolder()
  const { engine } = world
  const around = scratch()
  const dir = make(around)
  const there = filesBelow(around)
  const before = await engine.call('settings.get', {})
  await expect(engine.call('settings.set', { copiesDir: dir, theme: 'dark' })).rejects.toMatchObject({
    kind,
    message: expect.stringContaining(dir) as string,
  })
  expect(await engine.call('settings.get', {})).toEqual(before)
  expect((await engine.call('app.facts', {})).copiesDir).toBe(old)
  expect(filesBelow(around)).toEqual(there)
  expect(await listed(world)).toEqual({ copies: [copy.file], seals: [old] })
})
