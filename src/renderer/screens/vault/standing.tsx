import { useTranslation } from 'react-i18next'
import type { Drift, DriftSeen } from '#shared/vault.ts'
import { OutcomeMark } from '../../parts/outcome.tsx'
import { Ago } from '../../parts/time.tsx'
import { useDrifts } from '../../stores/drifts.ts'
import { useDriftsSeen } from '../../stores/seals.ts'
import { differentCount } from './difference-rows.ts'
import { isOf, type Group } from './groups.ts'

/** What was compared of a group, key by key; null when nothing was, when it was another seal, or a later look says more. */
export function useGroupDrift(group: Group): Drift | null {
  const { databaseId } = group
  const drift = useDrifts((state) => (databaseId === null ? null : (state.drifts[databaseId]?.drift ?? null)))
  const seen = useGroupSeen(group)
  return drift !== null && isOf(drift, group) && (seen === null || drift.at >= seen.at) ? drift : null
}

/** What was last seen of a group, in numbers: before a backup, say. Null as above. */
export function useGroupSeen(group: Group): DriftSeen | null {
  const { databaseId } = group
  const seen = useDriftsSeen((state) => state.value?.find((each) => each.databaseId === databaseId) ?? null)
  return seen !== null && isOf(seen, group) ? seen : null
}

/** How many things differ: keys, and files as a whole. */
export function seenCount({ equal, added, removed, changed, otherwise, missing, unsealed }: DriftSeen): number {
  return Math.max(added + removed + changed + otherwise + missing + unsealed, equal ? 0 : 1)
}

/** Whether the newest seal is still what the server has: mark and a few words. */
export function Standing({ group }: { group: Group }) {
  const { t } = useTranslation()
  const { databaseId } = group
  const drift = useGroupDrift(group)
  const seen = useGroupSeen(group)
  const known = useDrifts((state) => (databaseId === null ? null : state.drifts[databaseId]))
  if (group.seals.length === 0) return null
  if (known?.running) return <Words mark="running" text={t('vault.comparing')} ink="text-ink-2" />
  if (known?.failure) return <Words mark="failed" text={t('vault.compareFailed')} ink="text-damaged" />
  const count = drift !== null ? differentCount(drift) : seen !== null ? seenCount(seen) : null
  if (count === null) return <Words mark="not-checked" text={t('vault.notCompared')} ink="text-ink-3" />
  const at = drift?.at ?? seen?.at
  if (count === 0) return <Words mark="proven" text={t('vault.stillSame')} ink="text-proven" at={at} />
  return <Words mark="care" text={t('vault.drifted', { count })} ink="text-care font-semibold" at={at} />
}

interface WordsProps {
  mark: Parameters<typeof OutcomeMark>[0]['outcome']
  text: string
  ink: string
  /** when it was seen: what was true once is not true for ever */
  at?: string | undefined
}

function Words({ mark, text, ink, at }: WordsProps) {
  return (
    <span className="flex min-w-0 flex-col">
      <span className={`inline-flex max-w-full min-w-0 items-center gap-1.5 ${ink}`}>
        <OutcomeMark outcome={mark} size={14} />
        <span className="truncate">{text}</span>
      </span>
      {at !== undefined && (
        <span className="pl-5 text-sm text-ink-3">
          <Ago iso={at} />
        </span>
      )}
    </span>
  )
}
