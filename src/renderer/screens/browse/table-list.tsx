import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BrowseTable } from '#shared/browse.ts'
import { DataGrid, type Column } from '../../parts/data-grid.tsx'
import { inputLook } from '../../parts/field.tsx'
import { Name } from '../../parts/label.tsx'
import { useBrowse } from '../../stores/browse.ts'
import { useFormat } from '../../words/format.ts'

/** All tables of the sandbox, found by typing. */
export function TableList({ tables }: { tables: readonly BrowseTable[] }) {
  const { t } = useTranslation()
  const [wanted, setWanted] = useState('')
  const show = useBrowse((state) => state.show)
  const several = useMemo(() => new Set(tables.map(({ database }) => database)).size > 1, [tables])
  const found = useMemo(() => {
    const words = wanted.toLowerCase().split(/\s+/).filter(Boolean)
    return tables.filter((table) => words.every((word) => fullName(table, several).toLowerCase().includes(word)))
  }, [tables, wanted, several])
  const rowAt = useCallback((index: number) => found[index], [found])
  const columns = useColumns(several)
  return (
    <div className="flex w-44 shrink-0 flex-col border-r @[860px]:w-60">
      <div className="p-2.5">
        <input
          type="search"
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
          aria-label={t('browse.search')}
          placeholder={t('browse.search')}
          spellCheck={false}
          className={inputLook}
        />
      </div>
      {found.length === 0 ? (
        <p className="px-4 py-2 text-ink-3">{t('browse.noneFit')}</p>
      ) : (
        <DataGrid
          label={t('tables.title', { count: found.length })}
          columns={columns}
          count={found.length}
          rowAt={rowAt}
          onOpen={show}
          rowHeight={34}
          startOver={wanted}
        />
      )}
    </div>
  )
}

/** As it is shown: `public` goes without saying. */
export function fullName({ database, schema, name }: BrowseTable, several: boolean): string {
  return [...(several ? [database] : []), ...(schema === 'public' ? [] : [schema]), name].join('.')
}

function useColumns(several: boolean): readonly Column<BrowseTable>[] {
  const { t } = useTranslation()
  const format = useFormat()
  const here = useBrowse((state) => state.reading?.table ?? null)
  return useMemo(
    (): Column<BrowseTable>[] => [
      {
        id: 'table',
        header: t('tables.table'),
        track: 'minmax(0,1fr)',
        cell: (table) => (
          <span className="flex min-w-0">
            <Name
              text={fullName(table, several)}
              className={`${table === here ? 'font-semibold text-accent' : ''} ${table.kind === 'view' ? 'italic' : ''}`}
            />
            {table === here && <span className="sr-only">{t('browse.shown')}</span>}
          </span>
        ),
      },
      {
        id: 'rows',
        header: t('tables.rows'),
        track: 'max-content',
        right: true,
        cell: (table) => (
          <span className="text-sm text-ink-3">
            {table.rows === null ? t(`browse.kind.${table.kind}`) : format.number(table.rows)}
          </span>
        ),
      },
    ],
    [several, here, t, format],
  )
}
