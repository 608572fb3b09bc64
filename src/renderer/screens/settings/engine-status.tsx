import { useTranslation } from 'react-i18next'
import { printable } from '#shared/name.ts'
import type { EngineFacts } from '#shared/sandbox.ts'
import { OutcomeMark } from '../../parts/outcome.tsx'

/** Whether an engine can be had here: its version, or why not and what to do about it. */
export function EngineStatus({ facts }: { facts: EngineFacts }) {
  const { t } = useTranslation()
  const name = t(`sandbox.kind.${facts.kind}`)
  return (
    <div className="flex items-start gap-3">
      <span className="pt-0.5">
        <OutcomeMark outcome={facts.available ? 'done' : 'not-checked'} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="break-words">
          <b className="font-semibold">{name}</b>
          {t('sentence.colon')}
          {facts.available ? printable(facts.version ?? t('sandbox.available')) : t('sandbox.unavailable')}
        </p>
        {facts.reason !== null && <p className="break-words text-ink-2">{printable(facts.reason)}</p>}
        {facts.remedy !== null && <p className="break-words text-ink-2">{`→ ${printable(facts.remedy)}`}</p>}
        {facts.images.length > 0 && (
          <p className="text-sm break-words text-ink-3">
            {t('sandbox.images', { count: facts.images.length, names: facts.images.map(printable).join(', ') })}
          </p>
        )}
      </div>
    </div>
  )
}
