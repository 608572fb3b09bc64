import { join } from 'node:path'
import { expect, test } from 'vitest'
import { engineCalls } from '#shared/contract.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import { rungs, type Rung } from '#shared/proof.ts'
import type { Seal } from '#shared/vault.ts'
import { readCopy } from '#engine/copies/show.ts'
import { readWord } from '../../../src/main/cli/arguments.ts'
import { chinese, english } from '../../../src/main/cli/language.ts'
import { words } from '../../../src/main/cli/words.ts'
import { ladderOf } from '../../../src/main/cli/words/copy.ts'
import { toolsWith, typeWord } from '../../support/cli-tools.ts'
import { catalogueIn, scratch, someDatabase, someJob, someServer, storeCopy } from '../../support/copies.ts'

const someSeal: Seal = {
  id: 's1',
  server: 'shop',
  label: 'prod',
  file: '/copies/shop/prod/env_backup_20260101.tar.gz.gpg',
  bytes: 100,
  sealedAt: '2026-01-01T03:00:00.000Z',
  kind: 'passphrase',
  recipients: [],
  names: ['.env'],
  files: [{ name: '.env', path: '/srv/.env' }],
  from: 'server',
  look: 'same',
  driftReady: true,
}

const place = 'database add shop/prod --dbname a --dbuser b'

test.each([
  'pull shop/prod --all --newest',
  'pull shop/prod --all --name a.sql.gz',
  'pull shop/prod --newest --name a.sql.gz',
  `${place} --container c --on-host`,
  `${place} --container c --service db`,
  `${place} --container c --compose-file f`,
  `${place} --on-host --compose-project p`,
  'server add shop --host h --key k --password',
])('options that exclude each other are refused: %s', async (line) => {
  const server = someServer('shop')
  const tools = toolsWith({
    'server.list': async () => [server],
    'database.list': async () => [someDatabase(server, 'prod')],
  })
  await expect(typeWord(line, tools)).rejects.toMatchObject({ kind: 'wrong-usage' })
})

test.each(Object.entries(words))('the usage of %s names every option that it takes', (_name, { usage, options }) => {
  const unnamed = Object.keys(options).filter((option) => !new RegExp(`--${option}\\b`).test(usage))
  expect(unnamed).toEqual([])
})

test('an option that is not known is named in whole sentences', () => {
  const word = words['copy list']
  if (!word) throw new Error('no word')
  expect(() => readWord(['copy', 'list', '--non\nsense'], 2, word)).toThrow(
    /^Unknown option '--non\S*sense'\. Usage: lifeboat copy list \[SERVER\/LABEL\]$/,
  )
})

test('copies are listed to the last, in however many answers they come', async () => {
  const dir = scratch()
  const catalogue = catalogueIn(dir)
  for (const _ of [1, 2, 3]) await storeCopy({ catalogue, copiesDir: join(dir, 'copies') })
  const tools = toolsWith({
    'copy.list': async ({ offset = 0 }) => {
      return catalogue.copies.list({ sort: 'taken', descending: true, offset, limit: 2 })
    },
  })
  const { json } = await typeWord('copy list', tools)
  const { copies } = catalogue.copies.list({ sort: 'taken', descending: true, offset: 0, limit: 20 })
  expect(copies).toHaveLength(3)
  expect(json).toEqual({ ok: true, copies })
})

test.each([
  ['en', english],
  ['zh-CN', chinese],
] as const)('a rung that nobody has tried names the command that tries it: %s', async (locale, say) => {
  const dir = scratch()
  const catalogue = catalogueIn(dir)
  const { id } = await storeCopy({ catalogue, copiesDir: join(dir, 'copies'), change: { proofs: [] } })
  const copy = await readCopy(catalogue, id)
  const lines = ladderOf(copy, { ...toolsWith({}), locale, say })
  const evidence = (rung: Rung) => lines.find((line) => line.includes(`┃ ${say.rung[rung]} `)) ?? ''
  for (const rung of ['restored', 'exact'] as const) expect(evidence(rung)).toContain(`lifeboat verify ${id}`)
  for (const rung of ['stored', 'readable'] as const) expect(evidence(rung)).toContain(`lifeboat check ${id}`)
  const untriable = say.neverTried.rehearsed()
  expect(rungs.filter((rung) => evidence(rung).includes(untriable))).toEqual(['rehearsed'])
})

test('jobs are listed to the last that is kept', async () => {
  const catalogue = catalogueIn(scratch('memory'))
  const owner = { pid: process.pid, startToken: 'test' }
  for (let n = 0; n < 230; n++) catalogue.jobs.insert(someJob(`job${n}`, { state: 'done' }), owner)
  const tools = toolsWith({
    'job.list': async (input) => catalogue.jobs.list(engineCalls['job.list'].input.parse(input).limit),
  })
  const { lines } = await typeWord('job list', tools)
  expect(lines).toHaveLength(230)
})

test('what a damaged seal comes to has the fields of every finding', async () => {
  const tools = toolsWith({
    'vault.show': async () => {
      throw new LifeboatFailure('seal-damaged', 'This seal was cut.')
    },
  })
  const finding = { kind: 'seal-damaged', detail: 'This seal was cut.', table: null, line: null, byte: null }
  expect(await typeWord('vault show a', tools)).toMatchObject({
    exit: 4,
    json: { ok: true, outcome: 'damaged', findings: [finding] },
  })
})

test('the list of seals says which one is no longer what was sealed', async () => {
  const tools = toolsWith({ 'vault.list': async () => [{ ...someSeal, look: 'changed' }, someSeal] })
  const { lines } = await typeWord('vault list', tools)
  expect(lines.map((line) => line.includes(english.sealChanged))).toEqual([true, false])
})
