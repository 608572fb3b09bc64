import { useTranslation } from 'react-i18next'
import type { ServerTest } from '#shared/contract.ts'
import { OutcomeMark } from '../../parts/outcome.tsx'
import { Ago } from '../../parts/time.tsx'

/** The last connection test in one line. */
export function TestSummary({ test }: { test: ServerTest | null }) {
  const { t } = useTranslation()
  if (!test) {
    return (
      <p className="flex items-center gap-1.5 text-ink-3">
        <OutcomeMark outcome="not-checked" size={14} />
        {t('test.never')}
      </p>
    )
  }
  if (test.running) {
    return (
      <p className="flex items-center gap-1.5 text-ink-2">
        <OutcomeMark outcome="running" size={14} />
        {t('test.running')}
      </p>
    )
  }
  const failed = test.checks.filter((check) => check.outcome === 'failed').length
  const unchecked = test.checks.filter((check) => check.outcome === 'not-checked').length
  const outcome = failed > 0 ? 'failed' : unchecked > 0 ? 'not-checked' : 'proven'
  return (
    <p className="flex items-center gap-1.5 text-ink-2">
      <OutcomeMark outcome={outcome} size={14} />
      <span className="min-w-0 truncate">
        {failed > 0
          ? t('test.failed', { count: failed })
          : unchecked > 0
            ? t('test.unchecked', { count: unchecked })
            : t('test.allProven')}
        <span className="text-ink-3">
          {' '}
          · <Ago iso={test.at} />
        </span>
      </span>
    </p>
  )
}
