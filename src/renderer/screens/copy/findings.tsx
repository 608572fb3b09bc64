import { useTranslation } from 'react-i18next'
import type { CopyFinding } from '#shared/copy.ts'
import { findingWeight, type FindingKind } from '#shared/dump-report.ts'
import { printable } from '#shared/name.ts'
import { OutcomeMark } from '../../parts/outcome.tsx'
import { Panel } from '../../parts/panel.tsx'
import { useFormat } from '../../words/format.ts'

function isFindingKind(kind: string): kind is FindingKind {
  return Object.hasOwn(findingWeight, kind)
}

/** What the reader noticed, in plain words, with its place; the worst first. */
export function Findings({ findings }: { findings: readonly CopyFinding[] }) {
  const { t } = useTranslation()
  const sorted = findings.toSorted((a, b) => weightOf(a) - weightOf(b))
  return (
    <Panel flush title={t('finding.title', { count: findings.length })}>
      <ul className="max-h-72 overflow-y-auto" tabIndex={findings.length > 4 ? 0 : undefined}>
        {sorted.map((finding, index) => (
          <FindingRow key={index} finding={finding} />
        ))}
      </ul>
    </Panel>
  )
}

const weights = ['damaged', 'refused', 'not-checked', 'note'] as const

function weightOf({ kind }: CopyFinding): number {
  return isFindingKind(kind) ? weights.indexOf(findingWeight[kind]) : 2
}

export function FindingRow({ finding }: { finding: CopyFinding }) {
  const { t } = useTranslation()
  const format = useFormat()
  const weight = weights[weightOf(finding)] ?? 'note'
  const place = [
    ...(finding.table ? [t('finding.table', { table: printable(finding.table) })] : []),
    ...(finding.line === null ? [] : [t('finding.line', { line: format.number(finding.line) })]),
    ...(finding.byte === null ? [] : [t('finding.byte', { byte: format.number(finding.byte) })]),
  ]
  return (
    <li className="flex items-start gap-3 border-t px-4.5 py-2.5 first:border-t-0">
      <span className="pt-0.5">
        <OutcomeMark outcome={weight === 'refused' ? 'damaged' : weight} />
      </span>
      <div className="min-w-0 flex-1">
        <p>
          <b className="font-semibold">
            {isFindingKind(finding.kind) ? t(`finding.kind.${finding.kind}`) : printable(finding.kind)}
          </b>
        </p>
        <p className="break-words text-ink-2">{printable(finding.detail)}</p>
        {place.length > 0 && <p className="text-sm text-ink-3">{place.join(' · ')}</p>}
      </div>
    </li>
  )
}
