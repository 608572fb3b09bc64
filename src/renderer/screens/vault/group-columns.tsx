import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Column } from '../../parts/data-grid.tsx'
import { LabelTag, Name } from '../../parts/label.tsx'
import { OutcomeMark } from '../../parts/outcome.tsx'
import { Ago } from '../../parts/time.tsx'
import { useFormat } from '../../words/format.ts'
import type { Group } from './groups.ts'
import { Kind, Look, Names } from './seal-words.tsx'
import { Standing } from './standing.tsx'

export function useGroupColumns(): readonly Column<Group>[] {
  const { t } = useTranslation()
  const format = useFormat()
  return useMemo(
    (): Column<Group>[] => [
      {
        id: 'database',
        header: t('database.one'),
        track: 'minmax(128px,1.1fr)',
        cell: ({ server, label }) => (
          <span className="flex min-w-0 items-center gap-2">
            <Name text={server} className="font-semibold" />
            <LabelTag label={label} />
          </span>
        ),
      },
      {
        id: 'newest',
        header: t('vault.newest'),
        track: 'minmax(132px,1.1fr)',
        cell: (group) => <Newest group={group} />,
      },
      {
        id: 'kind',
        header: t('vault.sealedWith'),
        track: 'minmax(104px,136px)',
        hideBelow: 720,
        cell: ({ seals: [newest] }) => newest && <Kind seal={newest} />,
      },
      {
        id: 'standing',
        header: t('vault.onServer'),
        track: 'minmax(140px,1fr)',
        cell: (group) => <Standing group={group} />,
      },
      {
        id: 'count',
        header: t('vault.count'),
        track: '56px',
        right: true,
        cell: ({ seals }) => (
          <span className={seals.length === 0 ? 'text-ink-3' : ''}>{format.number(seals.length)}</span>
        ),
      },
    ],
    [t, format],
  )
}

/** How old the newest seal is and what is in it; what there is to seal where there is none. */
function Newest({ group: { seals, env } }: { group: Group }) {
  const { t } = useTranslation()
  const [newest] = seals
  if (!newest) {
    return (
      <span className="flex min-w-0 items-center gap-1.5 text-ink-2">
        <OutcomeMark outcome={env.length > 0 ? 'care' : 'ended'} size={14} />
        <span className="truncate">
          {env.length > 0 ? t('vault.notSealed', { count: env.length }) : t('vault.noEnv')}
        </span>
      </span>
    )
  }
  return (
    <span className="flex min-w-0 flex-col">
      <span className="flex min-w-0 items-center gap-3">
        <Ago iso={newest.sealedAt} />
        {newest.look === 'changed' && <Look look="changed" />}
      </span>
      <span className="flex min-w-0 text-sm text-ink-3">
        <Names names={newest.names} />
      </span>
    </span>
  )
}
