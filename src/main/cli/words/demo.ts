import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { printable } from '#shared/name.ts'
import { exitCodes } from '../exit.ts'
import type { Result, Tools, Word } from '../word.ts'
import { ladderOf } from './copy.ts'
import { secondsOf } from './server.ts'

/**
 * The whole main job on a server that needs nothing: adds it, tests it, takes a copy, pulls the old backups and shows
 * the ladder of each. A trial keeps its data in a folder of its own unless one is named.
 */
const demo: Word = {
  usage: 'demo',
  operands: [0, 0],
  options: {},
  ownDataDir: (named, cwd) =>
    named === undefined ? mkdtempSync(join(tmpdir(), 'lifeboat-demo-')) : resolve(cwd, named),
  async run(_given, tools): Promise<Result> {
    const { call, follow, note, say } = tools
    const { serverId, databaseIds } = await call('demo.start', {})
    const test = await follow((await call('server.test', { id: serverId })).jobId)
    const checks = (await call('server.lastTest', { id: serverId }))?.checks ?? []
    for (const check of checks)
      note(`${say.check[check.outcome].padEnd(12)}${check.name.padEnd(12)}${printable(check.detail)}`)
    const [prod = ''] = databaseIds
    const backup = await follow((await call('backup.start', { databaseId: prod })).jobId)
    const pull = await follow((await call('pull.start', { databaseId: prod, which: { kind: 'all' } })).jobId)
    const copies = await Promise.all([...backup.copyIds, ...pull.copyIds].map((id) => call('copy.show', { id })))
    const { copiesDir } = await call('app.facts', {})
    const seconds = secondsOf(test.startedAt, pull.endedAt)
    return {
      json: { ok: true, checks, copies, seconds, copiesDir },
      lines: [...copies.flatMap((copy) => ['', ...ladderOf(copy, tools)]), '', summary(tools, copiesDir)],
      // one of its backups is damaged on purpose: that one does not count as a failure
      exit: checks.some((check) => check.outcome === 'failed') ? exitCodes.failed : exitCodes.done,
    }
  },
}

export const demoWords = { demo }

function summary({ say }: Tools, copiesDir: string): string {
  return say.demoFolder(copiesDir)
}
