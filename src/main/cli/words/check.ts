import { lstat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { CopyFinding, CopyTable } from '#shared/copy.ts'
import type { DumpReport } from '#shared/dump-report.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import { printable } from '#shared/name.ts'
import type { Outcome, Rung } from '#shared/proof.ts'
import { exitOfOutcome } from '../exit.ts'
import type { Result, Tools, Word } from '../word.ts'

const check: Word = {
  usage: 'check ID|FILE',
  asksNothing: true,
  operands: [1, 1],
  options: {},
  async run(given, tools) {
    const operand = given.operands[0] ?? ''
    const file = resolve(tools.cwd, operand)
    return (await isThere(file)) ? checkFile(file, tools) : checkCopy(operand, tools)
  },
}

export const checkWords = { check }

async function checkFile(file: string, tools: Tools): Promise<Result> {
  const { jobId } = await tools.call('file.check', { file })
  await tools.follow(jobId)
  const report = await tools.call('file.report', { jobId })
  if (report === null) throw new LifeboatFailure('not-found', 'The report of this check is gone.')
  const outcome = notRefused(file, report)
  return resultOf(outcome, outcome === 'proven' ? 'readable' : null, report.tables, report.findings, tools)
}

async function checkCopy(id: string, tools: Tools): Promise<Result> {
  const { jobId } = await tools.call('copy.check', { id }).catch((error: unknown) => {
    if (!(error instanceof LifeboatFailure) || error.kind !== 'not-found') throw error
    throw new LifeboatFailure('not-found', `There is neither a copy nor a file ${id}.`)
  })
  const job = await tools.follow(jobId)
  const copy = await tools.call('copy.show', { id })
  const report = await tools.call('file.report', { jobId })
  const { tables, findings } = report ?? copy
  if (report) notRefused(copy.file, report)
  return resultOf(job.outcome ?? 'not-checked', copy.rung, tables, findings, tools)
}

/** @throws LifeboatFailure dump-refused */
function notRefused(file: string, { outcome, findings }: DumpReport): Outcome {
  if (outcome !== 'refused') return outcome
  const detail = findings.map((finding) => finding.detail).join('\n')
  throw new LifeboatFailure('dump-refused', `${file} holds what pg_dump never writes.`, { detail })
}

function resultOf(
  outcome: Outcome,
  rung: Rung | null,
  tables: readonly CopyTable[],
  findings: readonly CopyFinding[],
  { say, locale }: Tools,
): Result {
  const number = new Intl.NumberFormat(locale)
  const rows = number.format(tables.reduce((sum, table) => sum + table.rows, 0))
  return {
    json: { ok: true, outcome, rung, tables, findings },
    lines: [
      `${say.rung.readable}: ${say.outcome[outcome]}, ${say.tables(tables.length, rows)}`,
      ...findings.map((finding) => `  ! ${printable(finding.kind)}: ${printable(finding.detail)}`),
      ...tables.map((table) => `  ${printable(`${table.schema}.${table.name}`)}\t${number.format(table.rows)}`),
    ],
    exit: exitOfOutcome(outcome),
  }
}

async function isThere(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  )
}
