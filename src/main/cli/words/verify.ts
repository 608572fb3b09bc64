import { lstat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Input } from '#shared/contract.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import { printable } from '#shared/name.ts'
import { sandboxChoiceSchema } from '#shared/sandbox.ts'
import type { Verification, VerifiedTable, VerifyFinding } from '#shared/verification.ts'
import { wrongUsage } from '../arguments.ts'
import { exitOfOutcome } from '../exit.ts'
import type { Result, Tools, Word, Words } from '../word.ts'

const verify: Word = {
  usage: 'verify ID|FILE [--engine auto|docker|embedded] [--image REF]',
  asksNothing: true,
  operands: [1, 1],
  options: { engine: { type: 'string' }, image: { type: 'string' } },
  async run(given, tools) {
    const operand = given.operands[0] ?? ''
    const engine = sandboxChoiceSchema.optional().safeParse(given.text('engine'))
    if (!engine.success) throw wrongUsage(`--engine takes auto, docker or embedded, not ${given.text('engine')}`)
    const image = given.text('image')
    if (image === '') throw wrongUsage('--image takes the name of an image.')
    const { jobId } = await start(await targetOf(operand, tools), { engine: engine.data, image }, tools)
    await tools.follow(jobId)
    const result = await tools.call('verify.result', { jobId })
    if (result === null) throw new LifeboatFailure('not-found', 'The result of this verification is gone.')
    return shown(result, tools)
  },
}

export const verifyWords = { verify }

type Target = Input<'verify.start'>['target']

async function targetOf(operand: string, { cwd }: Tools): Promise<Target> {
  const file = resolve(cwd, operand)
  const there = await lstat(file).then(
    () => true,
    () => false,
  )
  return there ? { kind: 'file', file } : { kind: 'copy', id: operand }
}

async function start(
  target: Target,
  { engine, image }: { engine: Input<'verify.start'>['engine']; image: string | undefined },
  { call }: Tools,
): Promise<{ jobId: string }> {
  const wish = { ...(engine === undefined ? {} : { engine }), ...(image === undefined ? {} : { image }) }
  return call('verify.start', { target, ...wish }).catch((error: unknown) => {
    if (target.kind === 'file' || !(error instanceof LifeboatFailure) || error.kind !== 'not-found') throw error
    throw new LifeboatFailure('not-found', `There is neither a copy nor a file ${target.id}.`)
  })
}

function shown(result: Verification, { say, locale }: Tools): Result {
  const { outcome, rung, engine, seconds, tables, objects, findings, steps } = result
  const number = new Intl.NumberFormat(locale)
  const where = engine === null ? '' : `, ${engine.kind} PostgreSQL ${engine.version}`
  return {
    json: { ok: true, outcome, rung, engine, seconds, tables, objects, steps, findings },
    lines: [
      `${say.outcome[outcome]}: ${rung === null ? '-' : say.rung[rung]}${where}, ${say.took(seconds.toFixed(1))}`,
      ...findingLines(findings, say),
      ...tables.map((table) => tableLine(table, number)),
    ],
    exit: exitOfOutcome(outcome),
  }
}

/** What deserves a look, with what to do about it. */
export function findingLines(findings: readonly VerifyFinding[], say: Words): string[] {
  return findings
    .filter((finding) => finding.class !== 'explained')
    .flatMap((finding) => [
      `  ! ${printable(finding.kind)}: ${printable(finding.detail)}`,
      ...(finding.remedy === null ? [] : [`    → ${printable(say.remedy(finding.remedy))}`]),
    ])
}

function tableLine(table: VerifiedTable, number: Intl.NumberFormat): string {
  const mark = table.match === null ? '?' : table.match ? '=' : '≠'
  const count = (rows: number | null): string => (rows === null ? '-' : number.format(rows))
  const counts = [table.dumpRows, table.restoredRows, table.sourceRows].map(count)
  return `  ${mark} ${printable(`${table.schema}.${table.name}`)}\t${counts.join('\t')}`
}
