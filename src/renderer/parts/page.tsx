import { useEffect, useRef, type ReactNode } from 'react'
import { ChevronLeft } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useView, type View } from '../stores/view.ts'

interface PageProps {
  title: ReactNode
  under?: ReactNode
  /** the way back up, shown over the title */
  trail?: ReactNode
  actions?: ReactNode
  children: ReactNode
  /** the page keeps to the window's height; something inside scrolls */
  fixed?: boolean
  /** the title is long: the actions go under it where there is no room beside it */
  wideTitle?: boolean
}

/** A screen: its one title, what stands under it, its actions, its content. */
export function Page({ title, under, trail, actions, children, fixed = false, wideTitle = false }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  const page = useRef<HTMLDivElement>(null)
  // A new screen is announced, and the keyboard starts at its top, unless it has a field to begin with.
  useEffect(() => {
    if (!page.current?.contains(document.activeElement)) heading.current?.focus({ preventScroll: true })
  }, [])
  return (
    <div ref={page} className={`flex flex-col gap-5 px-8 py-6 ${fixed ? 'h-full min-h-0' : 'min-h-full'}`}>
      <header className="flex flex-wrap items-start gap-x-6 gap-y-3">
        <div className={`flex-1 ${wideTitle ? 'min-w-[min(100%,440px)]' : 'min-w-64'}`}>
          {trail && <div className="mb-1 text-sm text-ink-3">{trail}</div>}
          <h1 ref={heading} tabIndex={-1} className="text-xl font-bold break-words outline-none">
            {title}
          </h1>
          {under && <div className="mt-0.5 text-ink-2">{under}</div>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2 pt-0.5">{actions}</div>}
      </header>
      {children}
    </div>
  )
}

/** The links over a title that lead one level up. */
export function Trail({ to, children }: { to: Place; children: ReactNode }) {
  return <Up view={{ screen: to }}>{children}</Up>
}

type Place = 'servers' | 'copies' | 'overview' | 'vault' | 'activity'

/** The same, to the page of a copy. */
export function CopyTrail({ id }: { id: string }) {
  const { t } = useTranslation()
  return <Up view={{ screen: 'copy', id }}>{t('copy.one')}</Up>
}

/** The same, to any view. */
export function Up({ view, children }: { view: View; children: ReactNode }) {
  const go = useView((state) => state.go)
  return (
    <button
      type="button"
      onClick={() => go(view)}
      className="-ml-1 inline-flex items-center gap-0.5 rounded-[4px] pr-1 hover:text-ink-1"
    >
      <ChevronLeft size={14} aria-hidden />
      {children}
    </button>
  )
}
