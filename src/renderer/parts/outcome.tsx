import { useTranslation } from 'react-i18next'
import type { Outcome } from '#shared/proof.ts'

type Mark = Outcome | 'failed' | 'running' | 'care' | 'done' | 'ended' | 'note'

/** Shapes first, colours second: a tick in a disc, a cross in an octagon, one in a ring, an empty dashed ring. */
export function OutcomeMark({ outcome, size = 16 }: { outcome: Mark; size?: number }) {
  const common = {
    width: size,
    height: size,
    viewBox: '0 0 16 16',
    'aria-hidden': true,
    className: 'shrink-0',
  } as const
  switch (outcome) {
    case 'proven':
      return (
        <svg {...common}>
          <circle cx="8" cy="8" r="7" fill="var(--proven)" />
          <path
            d="M4.8 8.3l2.2 2.2 4.2-4.6"
            fill="none"
            stroke="var(--panel)"
            strokeWidth="1.6"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </svg>
      )
    case 'failed':
      // an attempt that failed says nothing about a copy: it does not look like a damaged one
      return (
        <svg {...common}>
          <circle cx="8" cy="8" r="6.3" fill="none" stroke="var(--damaged)" strokeWidth="1.4" />
          <path
            d="M5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4"
            stroke="var(--damaged)"
            strokeWidth="1.5"
            strokeLinecap="round"
          />
        </svg>
      )
    case 'damaged':
      return (
        <svg {...common}>
          <path d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z" fill="var(--damaged)" />
          <path d="M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8" stroke="var(--panel)" strokeWidth="1.6" strokeLinecap="round" />
        </svg>
      )
    case 'care':
      return (
        <svg {...common}>
          <path d="M8 1.3l7 12.9H1z" fill="var(--care)" strokeLinejoin="round" />
          <path d="M8 6v3.6M8 11.8v.1" stroke="var(--panel)" strokeWidth="1.6" strokeLinecap="round" />
        </svg>
      )
    case 'done':
      return (
        <svg {...common}>
          <path
            d="M3.5 8.4l3 3 6-6.6"
            fill="none"
            stroke="var(--ink-3)"
            strokeWidth="1.8"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </svg>
      )
    case 'ended':
      return (
        <svg {...common}>
          <path d="M4 8h8" stroke="var(--ink-3)" strokeWidth="1.8" strokeLinecap="round" />
        </svg>
      )
    case 'note':
      return (
        <svg {...common}>
          <circle cx="8" cy="8" r="6.4" fill="none" stroke="var(--ink-3)" strokeWidth="1.3" />
          <path d="M8 7.4v3.4M8 5v.1" stroke="var(--ink-3)" strokeWidth="1.6" strokeLinecap="round" />
        </svg>
      )
    case 'running':
      return (
        <svg {...common} className="animate-turn shrink-0">
          <circle cx="8" cy="8" r="6" fill="none" stroke="var(--line)" strokeWidth="2" />
          <path d="M8 2a6 6 0 0 1 6 6" fill="none" stroke="var(--accent)" strokeWidth="2" strokeLinecap="round" />
        </svg>
      )
    case 'not-checked':
      return (
        <svg {...common}>
          <circle cx="8" cy="8" r="6.2" fill="none" stroke="var(--ink-3)" strokeWidth="1.4" strokeDasharray="2.6 2.3" />
        </svg>
      )
  }
}

const inks: Record<Outcome, string> = { proven: 'text-proven', damaged: 'text-damaged', 'not-checked': 'text-ink-3' }

/** The outcome as mark and word. */
export function OutcomeText({ outcome }: { outcome: Outcome }) {
  const { t } = useTranslation()
  return (
    <span className={`inline-flex items-center gap-1.5 whitespace-nowrap ${inks[outcome]}`}>
      <OutcomeMark outcome={outcome} size={14} />
      {t(`outcome.${outcome}`)}
    </span>
  )
}
