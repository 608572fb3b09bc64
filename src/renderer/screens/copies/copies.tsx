import { useCallback, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useShallow } from 'zustand/react/shallow'
import { checkFile } from '../../actions/jobs.ts'
import { verifyAll } from '../../actions/verify.ts'
import { Button } from '../../parts/button.tsx'
import { DataGrid } from '../../parts/data-grid.tsx'
import { FailureNote } from '../../parts/failure-note.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty, Panel, Waiting } from '../../parts/panel.tsx'
import { pageSize, rowAt, useCopies } from '../../stores/copies.ts'
import { useView } from '../../stores/view.ts'
import { CopyFilters } from './copy-filters.tsx'
import { useCopyColumns } from './copy-columns.tsx'

type SortKey = 'taken' | 'server' | 'size' | 'face' | 'proof'
const ahead = pageSize / 2
const sortKeys: readonly SortKey[] = ['taken', 'server', 'size', 'face', 'proof']

export function Copies() {
  const { t } = useTranslation()
  const { total, all, failure } = useCopies(useShallow(({ total, all, failure }) => ({ total, all, failure })))
  const refresh = useCopies((state) => state.refresh)
  useEffect(() => useCopies.getState().need(0, 0), [])
  return (
    <Page
      fixed
      title={t('nav.copies')}
      under={t('copies.under')}
      actions={
        <>
          {all !== null && all > 0 && <Button onClick={verifyAll}>{t('action.verifyAll')}</Button>}
          <Button onClick={checkFile}>{t('action.checkFile')}</Button>
        </>
      }
    >
      {failure && <FailureNote failure={failure} retry={() => void refresh()} />}
      {all === 0 ? <NoCopies /> : <CopyFilters />}
      {total === null && !failure && (
        <Panel>
          <Waiting text={t('state.loading')} />
        </Panel>
      )}
      {total !== null && all !== 0 && <List total={total} />}
    </Page>
  )
}

function List({ total }: { total: number }) {
  const { t } = useTranslation()
  const pages = useCopies((state) => state.pages)
  const filter = useCopies((state) => state.filter)
  const setFilter = useCopies((state) => state.setFilter)
  const need = useCopies((state) => state.need)
  const go = useView((state) => state.go)
  const columns = useCopyColumns()
  const at = useCallback((index: number) => rowAt(pages, index), [pages])
  const range = useRef({ first: 0, last: 0 })
  const onShow = useCallback(
    (first: number, last: number) => {
      range.current = { first, last }
      // Half a page ahead: whoever scrolls on finds the rows there.
      need(Math.max(0, first - ahead), Math.min(total - 1, last + ahead))
    },
    [need, total],
  )
  // A page that a refresh has dropped is asked for again while its rows are looked at.
  useEffect(() => need(range.current.first, range.current.last), [need, pages])

  function sortBy(id: string): void {
    const sort = sortKeys.find((key) => key === id)
    if (sort) setFilter({ sort, descending: filter.sort === sort ? !filter.descending : sort !== 'server' })
  }

  if (total === 0) {
    return (
      <Panel>
        <Empty
          title={t('copies.noneFit')}
          actions={
            <Button onClick={() => setFilter({ text: '', server: undefined, label: undefined, face: undefined })}>
              {t('copies.showAll')}
            </Button>
          }
        />
      </Panel>
    )
  }
  return (
    <div className="flex min-h-40 flex-1 flex-col overflow-hidden rounded-panel border bg-panel">
      <DataGrid
        label={t('nav.copies')}
        columns={columns}
        count={total}
        rowAt={at}
        onOpen={(copy) => go({ screen: 'copy', id: copy.id })}
        onShow={onShow}
        sort={{ id: filter.sort ?? 'taken', descending: filter.descending ?? true }}
        onSort={sortBy}
        rowHeight={40}
        startOver={JSON.stringify(filter)}
      />
    </div>
  )
}

function NoCopies() {
  const { t } = useTranslation()
  const go = useView((state) => state.go)
  return (
    <Panel>
      <Empty
        title={t('copies.empty')}
        actions={
          <Button variant="primary" onClick={() => go({ screen: 'overview' })}>
            {t('copies.emptyAction')}
          </Button>
        }
      >
        {t('copies.emptyText')}
      </Empty>
    </Panel>
  )
}
