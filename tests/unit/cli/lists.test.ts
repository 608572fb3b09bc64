import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ownProcess } from '#engine/disk/owner.ts'
import { chinese, english } from '../../../src/main/cli/language.ts'
import { catalogueIn, scratch, someDatabase, someJob, someServer, storeCopy } from '../../support/copies.ts'
import { runHere } from '../../support/cli-tools.ts'

/** A data folder with a server, its database and two copies of it. */
async function someData() {
  const dir = scratch('memory')
  const catalogue = catalogueIn(dir)
  const server = someServer('shop')
  const database = someDatabase(server, 'prod')
  catalogue.servers.insert(server)
  catalogue.databases.insert(database)
  const copiesDir = join(dir, 'copies')
  const change = { takenAt: '2025-06-14T12:00:00.000Z' }
  const older = await storeCopy({ catalogue, copiesDir, stem: 'backup_prod_20250614_120000', change })
  const newer = await storeCopy({ catalogue, copiesDir, stem: 'backup_prod_20250615_120000' })
  const type = (...args: string[]) => runHere(['--data-dir', dir, ...args])
  const json = async (...args: string[]): Promise<unknown> => JSON.parse((await type('--json', ...args)).stdout)
  return { catalogue, server, database, older, newer, type, json }
}

const refused = (kind: string) => ({ ok: false, failure: { kind } })

describe('copy remove', () => {
  test('removes the file and all that is known of it, and no other copy', async () => {
    const { older, newer, type, json } = await someData()
    expect(await type('copy', 'remove', older.id)).toEqual({ code: 0, stdout: `Removed ${older.file}.\n`, stderr: '' })
    const left = readdirSync(join(newer.file, '..')).filter((name) => name.startsWith('backup_'))
    expect(left.filter((name) => !name.startsWith(basename(newer.file, '.sql.gz')))).toEqual([])
    expect(existsSync(newer.file)).toBe(true)
    expect(await json('copy', 'list')).toMatchObject({ ok: true, copies: [{ id: newer.id }] })
    expect(await json('copy', 'show', older.id)).toMatchObject(refused('not-found'))
  })

  test('of one that is not there removes nothing', async () => {
    const { older, newer, json } = await someData()
    expect(await json('copy', 'remove', 'nothing')).toMatchObject(refused('not-found'))
    expect([older, newer].map(({ file }) => existsSync(file))).toEqual([true, true])
  })
})

describe.each([
  ['database remove', 'shop/prod', 'databaseId', 'database'],
  ['server remove', 'shop', 'serverId', 'server'],
] as const)('%s', (word, name, ofJob, list) => {
  test('leaves every copy where it is', async () => {
    const { older, newer, type, json } = await someData()
    expect(await type(...word.split(' '), name)).toEqual({ code: 0, stdout: `Removed ${name}.\n`, stderr: '' })
    expect(await json(list, 'list')).toEqual({ ok: true, [`${list}s`]: [] })
    expect([older, newer].map(({ file }) => existsSync(file))).toEqual([true, true])
    expect(await json('copy', 'list', 'shop/prod')).toMatchObject({ copies: [{ id: newer.id }, { id: older.id }] })
  })

  test('waits for what the window is doing there', async () => {
    const { catalogue, server, database, json } = await someData()
    const job = someJob('of-the-window', { [ofJob]: ofJob === 'serverId' ? server.id : database.id })
    catalogue.jobs.insert(job, ownProcess())
    expect(await json(...word.split(' '), name)).toMatchObject(refused('in-use'))
    catalogue.jobs.update({ ...job, state: 'done' })
    expect(await json(...word.split(' '), name)).toEqual({ ok: true })
  })

  test('of one that is not there removes nothing', async () => {
    const { json } = await someData()
    expect(await json(...word.split(' '), name.replace('shop', 'none'))).toMatchObject(refused('not-found'))
    expect(await json(list, 'list')).toMatchObject({ [`${list}s`]: [{}] })
  })
})

test('server add --jump names a server that is there, which then can not be removed', async () => {
  const { json } = await someData()
  const inner = ['server', 'add', 'inner', '--host', '10.0.0.2', '--jump']
  expect(await json(...inner, 'none')).toMatchObject(refused('not-found'))
  expect(await json(...inner, 'inner')).toMatchObject(refused('invalid-input'))
  expect(await json(...inner, 'shop')).toMatchObject({ ok: true, server: { name: 'inner', jump: 'shop' } })
  expect(await json('server', 'remove', 'shop')).toMatchObject(refused('in-use'))
  expect(await json('server', 'remove', 'inner')).toEqual({ ok: true })
  expect(await json('server', 'remove', 'shop')).toEqual({ ok: true })
})

describe('in Chinese', () => {
  test.each([
    ['server list', 'noServers'],
    ['database list', 'noDatabases'],
    ['copy list', 'noCopies'],
    ['vault list', 'noSeals'],
    ['job list', 'noJobs'],
  ] as const)('%s says what is to be done where there is nothing yet', async (word, empty) => {
    const list = (locale: string) => runHere(['--data-dir', scratch('memory'), '--lang', locale, ...word.split(' ')])
    expect(await list('zh-CN')).toEqual({ code: 0, stdout: `${chinese[empty]}\n`, stderr: '' })
    expect(await list('en')).toEqual({ code: 0, stdout: `${english[empty]}\n`, stderr: '' })
  })

  test('a list has Chinese words, and with --json the same as ever', async () => {
    const { newer, type, json } = await someData()
    const said = async (...args: string[]) => (await type('--lang', 'zh-CN', ...args)).stdout
    expect(await said('copy', 'list')).toContain(`${newer.id}\tshop/prod\t${newer.takenAt}\t`)
    expect(await said('copy', 'list')).toMatch(/\t可读\t已证明\n/)
    expect(await said('copy', 'show', newer.id)).toMatch(/1 张表，3 行\n(?:.*\n)*.*已恢复.*未检查.*从未尝试/)
    expect(await said('server', 'pins', 'shop')).toMatch(/^这里还没有接受过主机密钥/)
    expect(await json('--lang', 'zh-CN', 'copy', 'list')).toEqual(await json('copy', 'list'))
  })
})
