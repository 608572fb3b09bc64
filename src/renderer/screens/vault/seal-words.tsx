import { FileKey2, KeyRound, TextCursorInput } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { printable } from '#shared/name.ts'
import type { Seal } from '#shared/vault.ts'
import { OutcomeMark } from '../../parts/outcome.tsx'

const looks = { same: 'done', changed: 'damaged', unsure: 'not-checked' } as const
const inks = { same: 'text-ink-2', changed: 'text-damaged font-semibold', unsure: 'text-ink-3' } as const

/** Whether the file is still what was sealed: mark and words. */
export function Look({ look }: Pick<Seal, 'look'>) {
  const { t } = useTranslation()
  return (
    <span
      className={`inline-flex max-w-full min-w-0 items-center gap-1.5 align-bottom ${inks[look]}`}
      title={t(`vault.lookMeans.${look}`)}
    >
      <OutcomeMark outcome={looks[look]} size={14} />
      <span className="truncate">{t(`vault.look.${look}`)}</span>
    </span>
  )
}

const kinds = { passphrase: TextCursorInput, keys: KeyRound, unknown: FileKey2 } as const

/** How it is closed, and for how many keys. */
export function Kind({ seal }: { seal: Pick<Seal, 'kind' | 'recipients'> }) {
  const { t } = useTranslation()
  const Mark = kinds[seal.kind]
  const text =
    seal.kind === 'keys' ? t('vault.forKeys', { count: seal.recipients.length }) : t(`vault.kind.${seal.kind}`)
  return (
    <span
      className="inline-flex max-w-full min-w-0 items-center gap-1.5 align-bottom text-ink-2"
      title={seal.recipients.join('\n')}
    >
      <Mark size={14} aria-hidden className="shrink-0 text-ink-3" />
      <span className="truncate">{text}</span>
    </span>
  )
}

/** Which files are in it; before it was opened that may be unknown. */
export function Names({ names }: Pick<Seal, 'names'>) {
  const { t } = useTranslation()
  if (names.length === 0) return <span className="truncate text-ink-3">{t('vault.namesUnknown')}</span>
  const text = names.map(printable).join(t('vault.between'))
  return (
    <span title={names.map(printable).join('\n')} className="truncate">
      {text}
    </span>
  )
}
