import type { ReactNode } from 'react'

interface PanelProps {
  title?: ReactNode
  /** beside the title, at the right */
  aside?: ReactNode
  children: ReactNode
  className?: string
  /** no padding: the content brings its own lines */
  flush?: boolean
  id?: string
}

export function Panel({ title, aside, children, className, flush = false, id }: PanelProps) {
  return (
    <section {...(id !== undefined && { id })} className={`min-w-0 rounded-panel border bg-panel ${className ?? ''}`}>
      {title !== undefined && (
        <div
          className={`flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 px-4.5 py-1.5 ${flush ? 'row-line' : ''}`}
        >
          <h2 className="min-w-0 flex-1 font-semibold">{title}</h2>
          {aside}
        </div>
      )}
      <div className={flush ? '' : `px-4.5 pb-4 ${title === undefined ? 'pt-4' : ''}`}>{children}</div>
    </section>
  )
}

/** A name and its value, in a list of facts. */
export function Fact({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  )
}

export function Facts({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-[minmax(104px,max-content)_minmax(0,1fr)] gap-x-4 gap-y-1.5">{children}</dl>
}

/** Nothing here yet: never without a sentence, and a way on where there is one. */
export function Empty({ title, children, actions }: { title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-1.5 px-6 py-10 text-center">
      <p className="font-semibold">{title}</p>
      {children && <p className="max-w-120 text-ink-2">{children}</p>}
      {actions && <div className="mt-3 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  )
}

/** A sign of life while the first answer is on its way. */
export function Waiting({ text }: { text: string }) {
  return (
    <div role="status" className="flex flex-col gap-3 py-1">
      <span className="sr-only">{text}</span>
      {['w-2/5', 'w-3/4', 'w-3/5'].map((width) => (
        <div key={width} className={`relative h-3 overflow-hidden rounded-full bg-proof-0 ${width}`}>
          <div className="animate-sweep absolute inset-y-0 w-1/3 rounded-full bg-hover" />
        </div>
      ))}
    </div>
  )
}
