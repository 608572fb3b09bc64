import { useTranslation } from 'react-i18next'
import type { ServerTest } from '#shared/contract.ts'
import { checkNames, type Check } from '#shared/server.ts'
import { printable } from '#shared/name.ts'
import { OutcomeMark } from '../../parts/outcome.tsx'
import { useFormat } from '../../words/format.ts'
import { checkWords } from './check-words.ts'

/** The checks of a connection test, as they come. Those still to come stand there, empty. */
export function Checks({ test }: { test: ServerTest }) {
  const { t } = useTranslation()
  const current = test.running
    ? checkNames.find((name) => !test.checks.some((check) => check.name === name))
    : undefined
  return (
    <ol aria-label={t('test.title')} aria-live="polite" aria-busy={test.running}>
      {checkNames.map((name) => {
        const check = test.checks.find((done) => done.name === name)
        if (check) return <Done key={name} check={check} />
        if (!test.running) return null
        return (
          <li key={name} className="flex items-center gap-3 border-t px-4.5 py-2 first:border-t-0">
            <OutcomeMark outcome={name === current ? 'running' : 'not-checked'} />
            <span className={name === current ? 'font-semibold' : 'text-ink-3'}>{t(`checkName.${name}`)}</span>
          </li>
        )
      })}
    </ol>
  )
}

function Done({ check }: { check: Check }) {
  const { t } = useTranslation()
  const format = useFormat()
  const said = checkWords(check, t, format) ?? printable(check.detail)
  return (
    <li className="flex items-start gap-3 border-t px-4.5 py-2 first:border-t-0">
      <span className="pt-0.5">
        <OutcomeMark outcome={check.outcome} />
      </span>
      <div className="grid min-w-0 flex-1 grid-cols-[132px_minmax(0,1fr)] gap-x-3">
        <span className={check.outcome === 'not-checked' ? 'text-ink-2' : 'font-semibold'}>
          {t(`checkName.${check.name}`)}
          <span className="sr-only">: {t(`checkOutcome.${check.outcome}`)}</span>
        </span>
        <div className="min-w-0">
          <p className={`break-words ${check.outcome === 'failed' ? 'text-ink-1' : 'text-ink-2'}`}>
            {check.outcome === 'not-checked' && <span className="text-ink-3">{t('checkOutcome.not-checked')} · </span>}
            {said}
          </p>
          {check.remedy !== null && check.outcome !== 'proven' && (
            <p className="text-ink-2">→ {printable(check.remedy)}</p>
          )}
        </div>
      </div>
      <span className="shrink-0 text-sm text-ink-3">{check.seconds >= 0.05 ? format.duration(check.seconds) : ''}</span>
    </li>
  )
}
