import type { Copy, CopyRow } from '#shared/copy.ts'
import type { Database } from '#shared/database.ts'
import { printable } from '#shared/name.ts'
import { rungs } from '#shared/proof.ts'
import { wrongUsage } from '../arguments.ts'
import { exitCodes, exitOfOutcome, worstExit } from '../exit.ts'
import { findDatabase, splitReference } from '../find.ts'
import { bytesText } from '../terminal.ts'
import type { Result, Tools, Word } from '../word.ts'
import { exitOfVerified, followVerifications, troubleLines } from './after.ts'
import { secondsOf } from './server.ts'

const backup: Word = {
  usage: 'backup SERVER/LABEL',
  operands: [1, 1],
  options: {},
  async run(given, tools) {
    const database = await findDatabase(given.operands[0] ?? '', tools)
    const { jobId } = await tools.call('backup.start', { databaseId: database.id })
    return copiesOf(jobId, database, tools)
  },
}

const pull: Word = {
  usage: 'pull SERVER/LABEL [--newest | --all | --name FILE]',
  operands: [1, 1],
  options: { newest: { type: 'boolean' }, all: { type: 'boolean' }, name: { type: 'string', multiple: true } },
  async run(given, tools) {
    const database = await findDatabase(given.operands[0] ?? '', tools)
    if (given.among('newest', 'all', 'name').length > 1) throw wrongUsage('Name one of --newest, --all and --name.')
    const names = given.texts('name')
    const which =
      names.length > 0 ? ({ kind: 'named', names } as const) : ({ kind: given.flag('all') ? 'all' : 'newest' } as const)
    const { jobId } = await tools.call('pull.start', { databaseId: database.id, which })
    return copiesOf(jobId, database, tools)
  },
}

const list: Word = {
  usage: 'copy list [SERVER/LABEL]',
  asksNothing: true,
  operands: [0, 1],
  options: {},
  async run(given, { call, say, locale }) {
    const only = given.operands[0] === undefined ? {} : splitReference(given.operands[0])
    const copies = await listAll(only, call)
    const lines = copies.map((copy) =>
      [
        copy.id,
        printable(`${copy.server}/${copy.label}`),
        copy.takenAt,
        bytesText(copy.bytes, locale),
        copy.rung === null ? '-' : say.rung[copy.rung],
        say.outcome[copy.face],
      ].join('\t'),
    )
    return { json: { ok: true, copies }, lines: lines.length > 0 ? lines : [say.noCopies], exit: exitCodes.done }
  },
}

/** Page by page: one answer holds no more than the engine gives at once. */
async function listAll(only: { server?: string; label?: string }, call: Tools['call']): Promise<CopyRow[]> {
  const all: CopyRow[] = []
  for (;;) {
    const { copies, total } = await call('copy.list', { ...only, offset: all.length })
    all.push(...copies)
    if (copies.length === 0 || all.length >= total) return all
  }
}

const show: Word = {
  usage: 'copy show ID',
  asksNothing: true,
  operands: [1, 1],
  options: {},
  async run(given, tools) {
    const copy = await tools.call('copy.show', { id: given.operands[0] ?? '' })
    const tables = copy.tables.map((table) => `  ${printable(`${table.schema}.${table.name}`)}\t${table.rows}`)
    return { json: { ok: true, copy }, lines: [...ladderOf(copy, tools), ...tables], exit: exitCodes.done }
  },
}

const remove: Word = {
  usage: 'copy remove ID',
  asksNothing: true,
  operands: [1, 1],
  options: {},
  async run(given, { call, say }) {
    const copy = await call('copy.show', { id: given.operands[0] ?? '' })
    await call('copy.remove', { id: copy.id })
    return { json: { ok: true }, lines: [say.removed(copy.file)], exit: exitCodes.done }
  },
}

export const copyWords = { backup, pull, 'copy list': list, 'copy show': show, 'copy remove': remove }

/** Waits for a job that makes copies, and for their verifications where the database wants them; shows each one's ladder. */
async function copiesOf(jobId: string, database: Database, tools: Tools): Promise<Result> {
  const job = await tools.follow(jobId)
  const verifications = database.verifyAfter ? await followVerifications(job.copyIds, tools) : []
  const copies: Copy[] = []
  for (const id of job.copyIds) copies.push(await tools.call('copy.show', { id }))
  const seconds = secondsOf(job.startedAt, job.endedAt)
  const lines = copies.flatMap((copy) => [
    tools.say.kept(printable(copy.file)),
    ...ladderOf(copy, tools),
    ...verifications.filter(({ copyId }) => copyId === copy.id).flatMap((each) => troubleLines(each, tools.say)),
  ])
  const outcomes = copies.length > 0 ? copies.map(({ face }) => face) : job.outcome === null ? [] : [job.outcome]
  return {
    json: { ok: true, copies, verifications, seconds },
    lines: lines.length > 0 ? lines : [job.outcome === 'damaged' ? tools.say.newestDamaged : tools.say.nothingNew],
    exit: worstExit([...outcomes.map(exitOfOutcome), ...verifications.map(exitOfVerified)]),
  }
}

/** The ladder of a copy, from the top, a line for each rung with its evidence. */
export function ladderOf(copy: CopyRow & Partial<Copy>, { say, locale }: Tools): string[] {
  const rows = new Intl.NumberFormat(locale).format(copy.rowCount)
  const rungLines = [...rungs].reverse().map((rung) => {
    const proof = copy.proofs.find((each) => each.rung === rung)
    const outcome = say.outcome[proof?.outcome ?? 'not-checked']
    const mark = proof?.outcome === 'proven' ? '━━' : proof?.outcome === 'damaged' ? '✗✗' : '╌╌'
    const evidence = proof
      ? `${printable(proof.detail)} (${proof.at}, ${proof.seconds.toFixed(1)} s)`
      : say.neverTried[rung](copy.id)
    return `  ┃${mark}┃ ${say.rung[rung].padEnd(10)} ${outcome.padEnd(12)} ${evidence}`
  })
  const findings = (copy.findings ?? []).map(
    (finding) => `  ! ${printable(finding.kind)}: ${printable(finding.detail)}`,
  )
  return [
    `${copy.id}  ${printable(`${copy.server}/${copy.label}`)}  ${copy.takenAt}  ${bytesText(copy.bytes, locale)}  ${say.tables(copy.tableCount, rows)}`,
    ...rungLines,
    ...findings,
  ]
}
