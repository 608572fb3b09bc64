import { useTranslation } from 'react-i18next'
import type { Backup } from '#shared/database.ts'
import { DataGrid, type Column } from '../../parts/data-grid.tsx'
import { Checkbox } from '../../parts/field.tsx'
import { Name } from '../../parts/label.tsx'
import { OutcomeText } from '../../parts/outcome.tsx'
import { Ago } from '../../parts/time.tsx'
import { useView } from '../../stores/view.ts'
import { useFormat } from '../../words/format.ts'

interface BackupTableProps {
  backups: readonly Backup[]
  /** of the server that they are on */
  zone: string | null
  selected: ReadonlySet<string>
  onSelect: (selected: ReadonlySet<string>) => void
}

export function BackupTable({ backups, zone, selected, onSelect }: BackupTableProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const go = useView((state) => state.go)

  function toggle(name: string, on: boolean): void {
    const next = new Set(selected)
    if (on) next.add(name)
    else next.delete(name)
    onSelect(next)
  }

  const columns: Column<Backup>[] = [
    {
      id: 'select',
      header: <span className="sr-only">{t('backups.select')}</span>,
      track: '20px',
      cell: (backup) =>
        backup.copyId === null && (
          <span className="flex">
            <Checkbox
              silent
              label={t('backups.selectNamed', { name: backup.name })}
              checked={selected.has(backup.name)}
              onChange={(on) => toggle(backup.name, on)}
            />
          </span>
        ),
    },
    {
      id: 'name',
      header: t('backups.file'),
      // what tells one from the other stands at the end of the name
      track: 'minmax(160px,1fr)',
      cell: (backup) => <Name text={backup.name} />,
    },
    {
      id: 'age',
      header: t('backups.age'),
      track: '88px',
      cell: (backup) => <Ago iso={backup.modifiedAt} zone={zone} />,
    },
    { id: 'size', header: t('copy.size'), track: '72px', right: true, cell: (backup) => format.bytes(backup.bytes) },
    {
      id: 'copied',
      header: t('backups.copied'),
      track: '108px',
      cell: (backup) =>
        backup.copyId === null ? (
          <span className="text-ink-3">{t('backups.notCopied')}</span>
        ) : (
          <button
            type="button"
            className="rounded-[4px] hover:underline"
            onClick={() => backup.copyId !== null && go({ screen: 'copy', id: backup.copyId })}
          >
            <OutcomeText outcome={backup.outcome ?? 'not-checked'} />
          </button>
        ),
    },
  ]
  return (
    <DataGrid
      label={t('backups.title')}
      columns={columns}
      count={backups.length}
      rowAt={(index) => backups[index]}
      maxHeight={360}
    />
  )
}
