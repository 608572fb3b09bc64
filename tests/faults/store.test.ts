import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openCatalogue } from '#engine/catalogue/open.ts'
import { folderName } from '#engine/copies/names.ts'
import { lookAtCopies } from '#engine/copies/integrity.ts'
import { rebuildCatalogue } from '#engine/copies/rebuild.ts'
import { recoverStore } from '#engine/copies/recover.ts'
import { catalogueIn, noon, proof, scratch, someDatabase, someServer, storeCopy } from '../support/copies.ts'
import { campaign, type Campaign } from '../support/faults.ts'
import { startAnew } from '../support/store-truth.ts'

const query = { sort: 'taken', descending: true, offset: 0, limit: 20_000 } as const

/** A data folder with three servers and six copies, and what is true of them. */
async function filled() {
  const root = scratch()
  const [dataDir, copiesDir] = [join(root, 'data'), join(root, 'copies')]
  const catalogue = catalogueIn(dataDir)
  for (const name of ['shop', 'zoo', '商店']) {
    const server = someServer(name)
    catalogue.servers.insert(server)
    catalogue.databases.insert(someDatabase(server, 'prod'))
    for (const hour of ['01', '02']) {
      const change = { server: name, takenAt: `2025-06-15T${hour}:00:00.000Z` }
      await storeCopy({ catalogue, copiesDir, stem: `backup_prod_${hour}`, change })
    }
  }
  catalogue.rebuildDone()
  const truth = {
    servers: catalogue.servers.list(),
    databases: catalogue.databases.list(),
    copies: catalogue.copies.list(query),
  }
  catalogue.close()
  return { root, dataDir, copiesDir, truth }
}

/** Opens what is left, as a start does, and tells what it knows. */
async function known(dataDir: string, copiesDir: string) {
  const { catalogue, rebuilt } = openCatalogue(dataDir, { now: noon })
  try {
    await recoverStore({ catalogue, copiesDirs: [copiesDir], isAlive: () => false, now: noon })
    return {
      rebuilt,
      truth: {
        servers: catalogue.servers.list(),
        databases: catalogue.databases.list(),
        copies: catalogue.copies.list(query),
      },
    }
  } finally {
    catalogue.close()
  }
}

async function spoilt(told: Campaign, spoil: (dataDir: string) => string): Promise<void> {
  const { root, dataDir, copiesDir, truth } = await filled()
  const kept = join(root, 'kept')
  cpSync(dataDir, kept, { recursive: true })
  for (let n = 0; n < told.count; n += 1) {
    rmSync(dataDir, { recursive: true })
    cpSync(kept, dataDir, { recursive: true })
    const what = spoil(dataDir)
    const after = await known(dataDir, copiesDir)
    expect(after.truth, what).toEqual(truth)
    told.came(after.rebuilt === null ? 'changed nothing that counts' : 'made anew')
    expect((await known(dataDir, copiesDir)).rebuilt, what).toBeNull()
  }
}

test('the catalogue with a flipped byte anywhere: nothing is lost, nothing is false', async () => {
  const told = campaign('catalogue: one byte flipped', { full: 1000, sample: 30 })
  await spoilt(told, (dataDir) => {
    const file = join(dataDir, 'catalogue.sqlite')
    const bytes = readFileSync(file)
    // every third one in the header or the first pages, where it hurts most
    const at = told.random.below(told.random.below(3) === 0 ? 8192 : bytes.length)
    const mask = 1 + told.random.below(255)
    bytes[at] = (bytes[at] ?? 0) ^ mask
    writeFileSync(file, bytes)
    return `byte ${at} ^ ${mask}`
  })
})

test('the catalogue with a page of rubbish, or cut anywhere', async () => {
  const told = campaign('catalogue: rubbish and cuts', { full: 200, sample: 15 })
  await spoilt(told, (dataDir) => {
    const file = join(dataDir, 'catalogue.sqlite')
    const bytes = readFileSync(file)
    const at = told.random.below(bytes.length)
    if (told.random.below(2) === 0) {
      truncateSync(file, at)
      return `cut at ${at}`
    }
    told.random.bytes(512).copy(bytes, at)
    writeFileSync(file, bytes)
    return `rubbish at ${at}`
  })
})

test('the catalogue without its WAL, which held the latest changes', async () => {
  const told = campaign('catalogue: WAL missing', { full: 50, sample: 8 })
  for (let n = 0; n < told.count; n += 1) {
    const { root, dataDir, copiesDir } = await filled()
    const catalogue = catalogueIn(dataDir)
    for (let change = 0; change <= n; change += 1) catalogue.servers.insert(someServer(`late-${change}`))
    await storeCopy({ catalogue, copiesDir, stem: 'late' })
    const truth = {
      servers: catalogue.servers.list(),
      databases: catalogue.databases.list(),
      copies: catalogue.copies.list(query),
    }
    const torn = join(root, 'torn')
    cpSync(dataDir, torn, { recursive: true })
    catalogue.close()
    rmSync(join(torn, 'catalogue.sqlite-wal'))
    rmSync(join(torn, 'catalogue.sqlite-shm'))
    const after = await known(torn, copiesDir)
    expect(after.truth).toEqual(truth)
    told.came(after.rebuilt === null ? 'changed nothing that counts' : 'brought up to date')
  }
})

test('a copy that somebody edits, removes, replaces or links behind our back is never proven', async () => {
  const told = campaign('copies: changed behind our back', { full: 500, sample: 60 })
  const { random } = told
  const deeds: [string, (file: string, other: string) => void][] = [
    [
      'one bit flipped',
      (file) => {
        const bytes = readFileSync(file)
        const at = random.below(bytes.length)
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8))
        writeFileSync(file, bytes)
      },
    ],
    ['cut', (file) => truncateSync(file, random.below(statSync(file).size))],
    ['grown', (file) => writeFileSync(file, random.bytes(1 + random.below(9)), { flag: 'a' })],
    ['removed', (file) => rmSync(file)],
    ['replaced by another', (file, other) => cpSync(other, file, { preserveTimestamps: true })],
    [
      'a link to another',
      (file, other) => {
        rmSync(file)
        symlinkSync(other, file)
      },
    ],
    [
      'a link to its own bytes',
      (file) => {
        renameSync(file, `${file}.real`)
        symlinkSync(`${file}.real`, file)
      },
    ],
    [
      'a folder',
      (file) => {
        rmSync(file)
        mkdirSync(file)
      },
    ],
    [
      'edited, with the time of next year',
      (file) => {
        writeFileSync(file, random.bytes(statSync(file).size))
        utimesSync(file, new Date('2026-06-15'), new Date('2026-06-15'))
      },
    ],
  ]
  const root = scratch()
  const copiesDir = join(root, 'copies')
  const catalogue = catalogueIn(join(root, 'data'))
  const other = await storeCopy({
    catalogue,
    copiesDir,
    content: random.bytes(777),
    change: { takenAt: '2025-06-01T00:00:00.000Z' },
  })
  for (let n = 0; n < told.count; n += 1) {
    const copy = await storeCopy({ catalogue, copiesDir, content: random.bytes(1 + random.below(5000)) })
    const deed = deeds[n % deeds.length]
    if (!deed) continue
    deed[1](copy.file, other.file)
    await lookAtCopies(catalogue)
    const row = catalogue.copies.get(copy.id)
    expect(row, `${deed[0]}, try ${n}`).toMatchObject({ face: 'damaged', rung: null })
    expect(catalogue.copies.get(other.id)?.face).toBe('proven')
    told.came(deed[0])
  }
})

test('several processes that store under the same name at once: every copy is there', async () => {
  const told = campaign('copies: several processes at once', { full: 20, sample: 2 })
  for (let n = 0; n < told.count; n += 1) {
    const root = scratch()
    const [dataDir, copiesDir] = [join(root, 'data'), join(root, 'copies')]
    await storeAtOnce(dataDir, copiesDir)
    const { names, rebuilt } = await startAnew(dataDir, copiesDir)
    expect(rebuilt).toBeNull()
    expect(names).toEqual(['same-2.sql', 'same-3.sql', 'same-4.sql', 'same.sql'])
    told.came('all four kept')
  }
})

test('several processes that find the catalogue damaged at once: one makes it anew, the others take that', async () => {
  const told = campaign('catalogue: damaged, several processes at once', { full: 20, sample: 2 })
  for (let n = 0; n < told.count; n += 1) {
    const { dataDir, copiesDir, truth } = await filled()
    writeFileSync(join(dataDir, 'catalogue.sqlite'), told.random.bytes(20_000))
    await storeAtOnce(dataDir, copiesDir)
    const after = await known(dataDir, copiesDir)
    expect(after.truth.servers).toEqual(truth.servers)
    expect(after.truth.copies.total).toBe(truth.copies.total + 4)
    expect(readdirSync(dataDir).filter((name) => /corrupt.*sqlite$/.test(name))).toHaveLength(1)
    told.came('made anew once')
  }
})

/** Four processes store a copy each, all under the same name. */
async function storeAtOnce(dataDir: string, copiesDir: string): Promise<void> {
  const program = join(import.meta.dirname, '../support/commit-program.ts')
  const said = await Promise.all(
    [1, 2, 3, 4].map(async () => {
      const child = spawn(process.execPath, [program, dataDir, copiesDir, 'same'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let text = ''
      child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
      await once(child, 'close')
      return text
    }),
  )
  expect(said).toEqual(Array.from({ length: 4 }, () => 'committed\n'))
}

test('servers, labels and files with any name at all', async () => {
  const told = campaign('copies: names from random strings', { full: 10_000, sample: 120 })
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 100 }),
    fc.string({ unit: 'grapheme', maxLength: 100 }),
    fc.constantFrom(
      '..',
      '.',
      '',
      '/',
      '~',
      'CON',
      'a/b',
      '-rf',
      '\n',
      '\0',
      '$(id)',
      'SHA256SUMS',
      '.resume',
      'READ-ME-FIRST.txt',
    ),
  )
  const root = scratch('memory')
  const copiesDir = join(root, 'copies')
  const catalogue = catalogueIn(join(root, 'data'))
  const folders = new Map<string, string>()
  // a folder of its own for each hundred, or the guide of all of them is written 10,000 times
  const names = fc.sample(fc.tuple(text, text, text), { numRuns: told.count, seed: told.random.below(2 ** 31) })
  for (const [index, [server, label, stem]] of names.entries()) {
    const dir = join(copiesDir, String(Math.floor(index / 100)))
    const copy = await storeCopy({ catalogue, copiesDir: dir, stem, change: { server, label } })
    expect(dirname(dirname(dirname(copy.file)))).toBe(dir)
    expect(readFileSync(copy.file).length).toBe(copy.bytes)
    const folder = folderName(server).normalize('NFC').toLowerCase()
    expect(folders.get(folder) ?? server).toBe(server)
    folders.set(folder, server)
    told.came('stored in its own folder')
    if (index % 100 !== 99) continue
    const truth = catalogue.copies.list(query)
    expect(await rebuildCatalogue(catalogue, [dir])).toEqual({ copies: truth.total, problems: [] })
    expect(catalogue.copies.list(query)).toEqual(truth)
    catalogue.copies.clear()
  }
})

test('a clock that is wrong by a day changes no name, no identity and no order of proofs', async () => {
  const told = campaign('copies: clock wrong by a day', { full: 20, sample: 20 })
  for (let n = 0; n < told.count; n += 1) {
    const root = scratch()
    const copiesDir = join(root, 'copies')
    let shift = 0
    const catalogue = catalogueIn(join(root, 'data'), () => new Date(noon().getTime() + shift))
    const source = { host: 'h', dbname: null, path: '/b/a.sql.gz', modifiedAt: noon().toISOString(), timeZone: null }
    const day = 86_400_000
    const stored: string[] = []
    for (const offset of [0, -day, day, -day * told.random.below(3)]) {
      shift = offset
      const at = new Date(noon().getTime() + shift).toISOString()
      const change = {
        storedAt: at,
        origin: 'backup',
        source,
        proofs: [proof('stored', 'proven', at), proof('readable', 'proven', at)],
      } as const
      const copy = await storeCopy({ catalogue, copiesDir, change: { ...change, proofs: [...change.proofs] } })
      stored.push(copy.file.replace(/^.*120000/, ''))
      const { bytes } = copy
      const found = catalogue.copies.findBackup({
        server: 'shop',
        label: 'prod',
        path: source.path,
        bytes,
        modifiedAt: source.modifiedAt,
      })
      expect(found?.sha256).toBeDefined()
    }
    expect(stored).toEqual(['.sql.gz', '-2.sql.gz', '-3.sql.gz', '-4.sql.gz'])
    expect((await startAnew(join(root, 'data'), copiesDir)).names).toHaveLength(4)
    told.came('the same names and copies')
  }
})
