import type { DumpReport } from '#shared/dump-report.ts'
import type { SandboxEngine } from '#shared/sandbox.ts'
import type { FindingClass, Verification, VerifyFinding } from '#shared/verification.ts'

/** Findings that are told one by one; the evidence keeps all of them. */
const told = 100

/** What reading the dump came to, for the job's log. */
export function readLine({ tables, sqlBytes, serverVersion }: DumpReport): string {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  const from = serverVersion === null ? '' : `, from PostgreSQL ${serverVersion}`
  return `Read: ${tables.length} tables, ${rows} rows, ${sqlBytes} bytes of SQL${from}.`
}

/** Where it is restored, for the job's log. */
export function engineLine({ kind, version, image }: SandboxEngine): string {
  return `Sandbox: ${kind}, PostgreSQL ${version}${image === null ? '' : `, image ${image}`}.`
}

/** All that a verification has found, as lines for the job's log: how long each step took, findings, the rungs. */
export function evidenceLines({ steps, findings, proofs, seconds }: Verification): string[] {
  const lasted = steps.map((one) => `${one.step} ${one.seconds.toFixed(1)} s`)
  const more = findings.length > told ? [`… and ${findings.length - told} more findings.`] : []
  return [
    ...findings.slice(0, told).map(findingLine),
    ...more,
    `Steps: ${lasted.join(', ')}; in all ${seconds.toFixed(1)} s.`,
    ...proofs.map(({ rung, outcome, detail }) => `${rung}: ${outcome} (${detail})`),
  ]
}

const words: Record<FindingClass, string> = {
  damage: 'Damaged',
  unchecked: 'Not checked',
  explained: 'Expected',
  warning: 'Worth a look',
}

function findingLine({ class: weight, detail, table, line, remedy }: VerifyFinding): string {
  const where = [
    ...(table === null || detail.includes(table) ? [] : [table]),
    ...(line === null ? [] : [`line ${line}`]),
  ]
  const place = where.length === 0 ? '' : ` [${where.join(', ')}]`
  return `${words[weight]}: ${detail}${place}${remedy === null || detail.includes(remedy) ? '' : ` ${remedy}`}`
}
