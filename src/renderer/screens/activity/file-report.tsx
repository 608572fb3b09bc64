import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DumpReport } from '#shared/dump-report.ts'
import { toFailure, type Failure } from '#shared/failure.ts'
import { printable } from '#shared/name.ts'
import { call } from '../../bridge.ts'
import { FailureNote } from '../../parts/failure-note.tsx'
import { OutcomeMark } from '../../parts/outcome.tsx'
import { useFormat } from '../../words/format.ts'
import { FindingRow } from '../copy/findings.tsx'

/** What the check of a file on this computer came to. */
export function FileReport({ jobId }: { jobId: string }) {
  const { t } = useTranslation()
  const [report, setReport] = useState<DumpReport | null | undefined>(undefined)
  const [failure, setFailure] = useState<Failure | null>(null)
  useEffect(() => {
    let wanted = true
    void call('file.report', { jobId }).then(
      (read) => wanted && setReport(read),
      (error: unknown) => wanted && setFailure(toFailure(error)),
    )
    return () => {
      wanted = false
    }
  }, [jobId])
  if (failure) return <FailureNote failure={failure} />
  if (report === undefined) return <p className="text-ink-3">{t('state.loading')}</p>
  if (!report) return <p className="text-ink-3">{t('file.noReport')}</p>
  return <Told report={report} />
}

function Told({ report }: { report: DumpReport }) {
  const { t } = useTranslation()
  const format = useFormat()
  const rows = report.tables.reduce((sum, table) => sum + table.rows, 0)
  const facts = [
    [printable(report.format), printable(report.compression)].join(' · '),
    t('evidence.tables', { count: report.tables.length }),
    t('evidence.rows', { count: rows, rows: format.number(rows) }),
    format.bytes(report.sqlBytes),
    ...(report.serverVersion ? [`PostgreSQL ${printable(report.serverVersion)}`] : []),
  ]
  return (
    <div>
      <p className="flex items-center gap-2 font-semibold">
        <OutcomeMark outcome={report.outcome === 'refused' ? 'damaged' : report.outcome} />
        {t(`file.outcome.${report.outcome}`)}
      </p>
      <p className="mt-0.5 text-ink-2">{facts.join(' · ')}</p>
      {report.findings.length > 0 && (
        <ul className="mt-2 rounded-control border">
          {report.findings.slice(0, 20).map((finding, index) => (
            <FindingRow key={index} finding={finding} />
          ))}
        </ul>
      )}
    </div>
  )
}
