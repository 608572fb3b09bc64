import { useMemo } from 'react'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { CopyRow } from '#shared/copy.ts'
import type { Column } from '../../parts/data-grid.tsx'
import { Ladder } from '../../parts/ladder.tsx'
import { LabelTag, Name } from '../../parts/label.tsx'
import { OutcomeMark } from '../../parts/outcome.tsx'
import { Ago, Moment } from '../../parts/time.tsx'
import { useServerZones } from '../../stores/zones.ts'
import { useFormat } from '../../words/format.ts'

export function useCopyColumns(): readonly Column<CopyRow>[] {
  const { t } = useTranslation()
  const format = useFormat()
  const zones = useServerZones()
  return useMemo(
    (): Column<CopyRow>[] => [
      {
        id: 'server',
        header: t('server.one'),
        track: 'minmax(80px,1fr)',
        sortable: true,
        cell: (copy) => (
          <span className="flex min-w-0">
            <Name text={copy.server} className="font-semibold" />
          </span>
        ),
      },
      {
        id: 'label',
        header: t('database.label'),
        track: 'minmax(56px,112px)',
        cell: (copy) => (
          <span className="flex">
            <LabelTag label={copy.label} />
          </span>
        ),
      },
      {
        id: 'taken',
        header: t('copy.taken'),
        track: 'minmax(120px,152px)',
        sortable: true,
        cell: (copy) => <Moment iso={copy.takenAt} zone={zones.get(copy.server) ?? null} />,
      },
      {
        id: 'origin',
        header: t('copy.origin'),
        track: 'minmax(72px,112px)',
        hideBelow: 720,
        cell: (copy) => <span className="text-ink-2">{t(`origin.${copy.origin}`)}</span>,
      },
      {
        id: 'size',
        header: t('copy.size'),
        track: 'minmax(68px,88px)',
        right: true,
        sortable: true,
        cell: (copy) => format.bytes(copy.bytes),
      },
      {
        id: 'face',
        header: t('copy.ladder'),
        track: 'minmax(116px,140px)',
        sortable: true,
        cell: (copy) => <FaceCell copy={copy} t={t} />,
      },
      {
        id: 'proof',
        header: t('copy.lastProof'),
        track: 'minmax(88px,120px)',
        sortable: true,
        cell: (copy) => (
          <span className="text-ink-2">{copy.lastProofAt ? <Ago iso={copy.lastProofAt} /> : t('copy.never')}</span>
        ),
      },
    ],
    [t, format, zones],
  )
}

function FaceCell({ copy, t }: { copy: CopyRow; t: TFunction }) {
  return (
    <span className="flex items-center gap-2.5">
      <Ladder small proofs={copy.proofs} />
      {copy.face === 'damaged' ? (
        <span className="flex items-center gap-1.5 text-damaged">
          <OutcomeMark outcome="damaged" size={13} />
          {t('outcome.damaged')}
        </span>
      ) : copy.rung ? (
        <span>{t(`rung.${copy.rung}`)}</span>
      ) : (
        <span className="text-ink-3">{t('outcome.not-checked')}</span>
      )}
    </span>
  )
}
