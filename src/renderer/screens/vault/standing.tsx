import { useTranslation } from 'react-i18next'
import type { Drift } from '#shared/vault.ts'
import { OutcomeMark } from '../../parts/outcome.tsx'
import { useDrifts } from '../../stores/drifts.ts'
import { differentCount } from './difference-rows.ts'
import type { Group } from './groups.ts'

/** What was compared of a group; null when nothing was, or when something was sealed since. */
export function useGroupDrift({ databaseId, seals }: Group): Drift | null {
  const drift = useDrifts((state) => (databaseId === null ? null : (state.drifts[databaseId]?.drift ?? null)))
  const newest = seals[0]
  return drift !== null && newest !== undefined && drift.at >= newest.sealedAt ? drift : null
}

/** Whether the newest seal is still what the server has: mark and a few words. */
export function Standing({ group }: { group: Group }) {
  const { t } = useTranslation()
  const { databaseId } = group
  const drift = useGroupDrift(group)
  const known = useDrifts((state) => (databaseId === null ? null : state.drifts[databaseId]))
  if (group.seals.length === 0) return null
  if (known?.running) return <Words mark="running" text={t('vault.comparing')} ink="text-ink-2" />
  if (known?.failure) return <Words mark="failed" text={t('vault.compareFailed')} ink="text-damaged" />
  if (drift === null) return <Words mark="not-checked" text={t('vault.notCompared')} ink="text-ink-3" />
  if (drift.equal && drift.missing.length === 0)
    return <Words mark="proven" text={t('vault.stillSame')} ink="text-proven" />
  return <Words mark="care" text={t('vault.drifted', { count: differentCount(drift) })} ink="text-care font-semibold" />
}

interface WordsProps {
  mark: Parameters<typeof OutcomeMark>[0]['outcome']
  text: string
  ink: string
}

function Words({ mark, text, ink }: WordsProps) {
  return (
    <span className={`inline-flex max-w-full min-w-0 items-center gap-1.5 align-bottom ${ink}`}>
      <OutcomeMark outcome={mark} size={14} />
      <span className="truncate">{text}</span>
    </span>
  )
}
