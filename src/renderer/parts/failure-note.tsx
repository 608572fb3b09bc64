import { useTranslation } from 'react-i18next'
import type { Failure } from '#shared/failure.ts'
import { printable } from '#shared/name.ts'
import { copyText } from '../actions/desktop.ts'
import { useWayOut, type About } from '../actions/way-out.ts'
import { visibleLines } from '../words/visible.ts'
import { Button } from './button.tsx'
import { Fold } from './fold.tsx'
import { OutcomeMark } from './outcome.tsx'

interface FailureNoteProps {
  failure: Failure
  /** so that the way out leads to that server, database or copy */
  about?: About | undefined
  /** what "Try again" does here, where trying again makes sense */
  retry?: () => void
  /** without a box of its own */
  bare?: boolean
  /** the way out can not be taken now */
  waits?: boolean
}

/** A failure as a person needs it: what it is, the sentence, the way out as a button, the details behind a fold. */
export function FailureNote({ failure, about, retry, bare = false, waits = false }: FailureNoteProps) {
  const { t } = useTranslation()
  const wayOut = useWayOut(failure, about)
  return (
    <div
      role="alert"
      className={`flex gap-3 ${bare ? '' : 'rounded-panel border border-damaged/35 bg-damaged-soft p-3.5'}`}
    >
      <span className="pt-0.5">
        <OutcomeMark outcome="failed" />
      </span>
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <p className="font-semibold">{t(`failure.${failure.kind}.title`)}</p>
        <p className="break-words">{printable(failure.message)}</p>
        <p className="text-ink-2">{t(`failure.${failure.kind}.remedy`)}</p>
        {(wayOut ?? (retry && failure.retry !== 'no')) && (
          <div className="mt-1.5 flex flex-wrap gap-2">
            {retry && failure.retry !== 'no' && (
              <Button small onClick={retry}>
                {t('action.tryAgain')}
              </Button>
            )}
            {wayOut && (
              <Button small disabled={waits} onClick={wayOut.run}>
                {wayOut.label}
              </Button>
            )}
          </div>
        )}
        {failure.detail && <Details text={visibleLines(failure.detail)} />}
      </div>
    </div>
  )
}

/** What an outside tool said, redacted by the engine, to read and to copy. `text`: nothing in it that can not be seen. */
export function Details({ text }: { text: string }) {
  const { t } = useTranslation()
  return (
    <Fold label={t('action.details')}>
      <div className="flex flex-col items-start gap-2">
        <pre
          className="selectable max-h-56 w-full overflow-auto rounded-control border bg-sunken p-2.5 font-mono text-xs break-all whitespace-pre-wrap"
          tabIndex={0}
        >
          {text}
        </pre>
        <Button small onClick={() => copyText(text)}>
          {t('action.copyText')}
        </Button>
      </div>
    </Fold>
  )
}
