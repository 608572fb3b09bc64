import { X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useModals } from '../stores/modals.ts'
import { passes, useNotices, type Notice } from '../stores/notices.ts'
import { Button, IconButton } from './button.tsx'
import { FailureNote } from './failure-note.tsx'
import { Subject } from './label.tsx'
import { OutcomeMark } from './outcome.tsx'

/** Messages that pass, in the corner. A failure stays until it is put away. */
export function Toasts() {
  const { t } = useTranslation()
  const notices = useNotices((state) => state.notices)
  // over an open dialog, whose work may be what failed, and away from the buttons at its foot
  const place = useModals(({ open }) => (open > 0 ? 'top-4' : 'bottom-4'))
  return (
    <section
      aria-label={t('notice.region')}
      aria-live="polite"
      className={`pointer-events-none fixed right-4 z-60 flex max-h-[calc(100vh-32px)] w-94 max-w-[calc(100vw-32px)] flex-col gap-2 overflow-y-auto p-1 ${place}`}
    >
      {notices.map((notice) => (
        <Toast key={notice.id} notice={notice} />
      ))}
    </section>
  )
}

const shownFor = 6_000

function Toast({ notice }: { notice: Notice }) {
  const { t } = useTranslation()
  const dismiss = useNotices((state) => state.dismiss)
  // what it leads to may be another dialog, and what was typed into the open one would be gone
  const waits = useModals(({ open }) => open > 0)
  const [held, setHeld] = useState(false)
  useEffect(() => {
    if (held || !passes(notice)) return undefined
    const timer = setTimeout(() => dismiss(notice.id), shownFor)
    return () => clearTimeout(timer)
  }, [notice, dismiss, held])
  return (
    <div
      // nothing goes away under the hand or the eye of somebody who reads it
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="float pointer-events-auto flex items-start gap-2.5 p-3.5 pr-2.5"
    >
      {notice.failure ? (
        <div className="min-w-0 flex-1">
          <p className="mb-2 flex items-center gap-2 text-sm text-ink-2">
            {notice.title}
            {notice.subject && <Subject {...notice.subject} />}
          </p>
          <FailureNote failure={notice.failure} about={notice.about} bare waits={waits} />
        </div>
      ) : (
        <>
          {notice.kind !== 'plain' && (
            <span className="pt-0.5">
              <OutcomeMark outcome={notice.kind === 'done' ? 'proven' : 'care'} />
            </span>
          )}
          <div className="flex min-w-0 flex-1 flex-col items-start gap-1">
            <p className="font-semibold break-words">{notice.title}</p>
            {notice.subject && <Subject {...notice.subject} />}
            {notice.text && <p className="break-words whitespace-pre-line text-ink-2">{notice.text}</p>}
            {notice.action && (
              <Button
                small
                className="mt-1"
                disabled={waits}
                onClick={() => {
                  notice.action?.run()
                  dismiss(notice.id)
                }}
              >
                {notice.action.label}
              </Button>
            )}
          </div>
        </>
      )}
      <IconButton label={t('action.close')} onClick={() => dismiss(notice.id)} className="-mt-1">
        <X size={14} aria-hidden />
      </IconButton>
    </div>
  )
}
