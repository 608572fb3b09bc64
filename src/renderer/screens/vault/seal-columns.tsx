import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Seal } from '#shared/vault.ts'
import type { Column } from '../../parts/data-grid.tsx'
import { Ago, Moment } from '../../parts/time.tsx'
import { useServerZones } from '../../stores/zones.ts'
import { useFormat } from '../../words/format.ts'
import { Kind, Look, Names } from './seal-words.tsx'

export function useSealColumns(): readonly Column<Seal>[] {
  const { t } = useTranslation()
  const format = useFormat()
  const zones = useServerZones()
  return useMemo(
    (): Column<Seal>[] => [
      {
        id: 'sealed',
        header: t('vault.sealedAt'),
        track: 'minmax(112px,136px)',
        cell: (seal) => <Moment iso={seal.sealedAt} zone={zones.get(seal.server) ?? null} />,
      },
      {
        id: 'age',
        header: t('vault.age'),
        track: 'minmax(88px,104px)',
        hideBelow: 700,
        cell: (seal) => (
          <span className="text-ink-2">
            <Ago iso={seal.sealedAt} zone={zones.get(seal.server) ?? null} />
          </span>
        ),
      },
      {
        id: 'names',
        header: t('vault.files'),
        track: 'minmax(128px,1fr)',
        cell: (seal) => (
          <span className="flex min-w-0">
            <Names names={seal.names} />
          </span>
        ),
      },
      {
        id: 'kind',
        header: t('vault.sealedWith'),
        track: 'minmax(104px,124px)',
        cell: (seal) => <Kind seal={seal} />,
      },
      {
        id: 'from',
        header: t('vault.from'),
        track: 'minmax(80px,120px)',
        hideBelow: 1000,
        cell: (seal) => <span className="text-ink-2">{t(`vault.fromWhere.${seal.from}`)}</span>,
      },
      {
        id: 'size',
        header: t('copy.size'),
        track: '60px',
        right: true,
        hideBelow: 760,
        cell: (seal) => <span className="text-ink-2">{format.bytes(seal.bytes)}</span>,
      },
      {
        id: 'look',
        header: t('vault.lookHead'),
        track: 'minmax(112px,136px)',
        cell: (seal) => <Look look={seal.look} />,
      },
    ],
    [t, format, zones],
  )
}
