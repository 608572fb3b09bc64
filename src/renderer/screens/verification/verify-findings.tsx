import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { printable } from '#shared/name.ts'
import type { FindingClass, Verification, VerifyFinding } from '#shared/verification.ts'
import { OutcomeMark } from '../../parts/outcome.tsx'
import { Panel } from '../../parts/panel.tsx'
import { useFormat } from '../../words/format.ts'
import { placeOf } from '../copy/finding-words.ts'
import { FindingRemedy } from './finding-remedy.tsx'
import { headlineOfFinding } from './verify-finding-words.ts'

const classes = ['damage', 'unchecked', 'warning', 'explained'] as const satisfies readonly FindingClass[]
const marks = { damage: 'damaged', unchecked: 'not-checked', warning: 'care', explained: 'note' } as const

/** Beyond this many of one class, the rest is counted. */
const shownAtMost = 200

/** What was found, by what it means for the copy; what is damaged first. */
export function VerifyFindings({
  findings,
  verification,
}: {
  findings: readonly VerifyFinding[]
  verification: Verification
}) {
  return (
    <>
      {classes.map((of) => {
        const own = findings.filter((finding) => finding.class === of)
        return own.length === 0 ? null : <ClassPanel key={of} of={of} findings={own} verification={verification} />
      })}
    </>
  )
}

interface ClassPanelProps {
  of: FindingClass
  findings: readonly VerifyFinding[]
  verification: Verification
}

function ClassPanel({ of, findings, verification }: ClassPanelProps) {
  const { t } = useTranslation()
  const shown = findings.slice(0, shownAtMost)
  return (
    <Panel
      flush
      title={titleOf(of, findings.length, t)}
      aside={<span className="text-sm text-ink-3">{t(`verify.class.${of}`)}</span>}
    >
      <ul className="max-h-72 overflow-y-auto" tabIndex={findings.length > 3 ? 0 : undefined}>
        {shown.map((finding, index) => (
          <Row key={index} finding={finding} verification={verification} />
        ))}
        {findings.length > shown.length && (
          <li className="border-t px-4.5 py-2 text-sm text-ink-3">
            {t('verify.moreFindings', { count: findings.length - shown.length })}
          </li>
        )}
      </ul>
    </Panel>
  )
}

function titleOf(of: FindingClass, count: number, t: TFunction): string {
  switch (of) {
    case 'damage':
      return t('verify.findings.damage', { count })
    case 'unchecked':
      return t('verify.findings.unchecked', { count })
    case 'warning':
      return t('verify.findings.warning', { count })
    case 'explained':
      return t('verify.findings.explained', { count })
  }
}

function Row({ finding, verification }: { finding: VerifyFinding; verification: Verification }) {
  const { t } = useTranslation()
  const format = useFormat()
  const headline = headlineOfFinding(finding, t)
  const place = placeOf(finding, t, format)
  return (
    <li className="flex items-start gap-3 border-t px-4.5 py-2.5 first:border-t-0">
      <span className="pt-0.5">
        <OutcomeMark outcome={marks[finding.class]} />
      </span>
      <div className="min-w-0 flex-1">
        {headline !== null && <p className="font-semibold">{headline}</p>}
        <p className={`break-words ${headline === null ? '' : 'text-ink-2'}`}>{printable(finding.detail)}</p>
        {place.length > 0 && <p className="text-sm text-ink-3">{place.join(' · ')}</p>}
        {finding.remedy !== null && !finding.detail.includes(finding.remedy) && (
          <p className="text-ink-2">{`→ ${printable(finding.remedy)}`}</p>
        )}
      </div>
      <FindingRemedy finding={finding} verification={verification} />
    </li>
  )
}
