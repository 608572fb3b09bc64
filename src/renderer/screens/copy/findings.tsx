import { useTranslation } from 'react-i18next'
import type { CopyFinding } from '#shared/copy.ts'
import { printable } from '#shared/name.ts'
import { OutcomeMark } from '../../parts/outcome.tsx'
import { Panel } from '../../parts/panel.tsx'
import { useFormat } from '../../words/format.ts'
import { byWeight, headline, placeOf, weightOf } from './finding-words.ts'

/** What the reader noticed, in plain words, with its place; the worst first. */
export function Findings({ findings }: { findings: readonly CopyFinding[] }) {
  const { t } = useTranslation()
  return (
    <Panel flush title={t('finding.title', { count: findings.length })}>
      <ul className="max-h-72 overflow-y-auto" tabIndex={findings.length > 4 ? 0 : undefined}>
        {byWeight(findings).map((finding, index) => (
          <FindingRow key={index} finding={finding} />
        ))}
      </ul>
    </Panel>
  )
}

export function FindingRow({ finding }: { finding: CopyFinding }) {
  const { t } = useTranslation()
  const format = useFormat()
  const weight = weightOf(finding)
  const place = placeOf(finding, t, format)
  return (
    <li className="flex items-start gap-3 border-t px-4.5 py-2.5 first:border-t-0">
      <span className="pt-0.5">
        <OutcomeMark outcome={weight === 'refused' ? 'damaged' : weight} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{headline(finding, t)}</p>
        <p className="break-words text-ink-2">{printable(finding.detail)}</p>
        {place.length > 0 && <p className="text-sm text-ink-3">{place.join(' · ')}</p>}
      </div>
    </li>
  )
}
