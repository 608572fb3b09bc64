import { printable } from '#shared/name.ts'
import { labelKind, type LabelKind } from '../words/labels.ts'

const looks: Record<LabelKind, string> = {
  prod: 'border-prod text-prod',
  test: 'border-test text-test',
  other: 'border-line-strong text-ink-2',
}

/** The label of a database, in its colour. */
export function LabelTag({ label }: { label: string }) {
  const text = printable(label)
  return (
    <span
      title={text}
      className={`inline-block max-w-40 shrink-0 truncate rounded-[4px] border px-1.5 text-xs font-semibold ${looks[labelKind(label)]}`}
    >
      {text}
    </span>
  )
}

/** Foreign text on one line: invisible marks made visible, cut with an ellipsis, whole on hovering. */
export function Name({ text, className }: { text: string; className?: string }) {
  const shown = printable(text)
  return (
    <bdi title={shown} className={`min-w-0 truncate ${className ?? ''}`}>
      {shown}
    </bdi>
  )
}

/** A database, as it is named everywhere: the server, then the label in its colour. */
export function Subject({ server, label, strong = false }: { server: string; label: string; strong?: boolean }) {
  return (
    <span className="inline-flex max-w-full min-w-0 items-center gap-2 align-bottom">
      <Name text={server} className={strong ? 'font-semibold' : ''} />
      <LabelTag label={label} />
    </span>
  )
}
