import { Popover } from '@base-ui/react/popover'
import { ArrowDown, ArrowUp, Filter as FilterIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BrowseColumn } from '#shared/browse.ts'
import { printable } from '#shared/name.ts'
import { Name } from '../../parts/label.tsx'
import type { Filter, Sort } from '../../stores/browse.ts'
import { FilterForm } from './filter-form.tsx'

interface ColumnHeadProps {
  column: BrowseColumn
  sort: Sort | null
  filter: Filter | undefined
  /** the tab key stops at it */
  reachable: boolean
  onSort: () => void
  onFilter: (filter: Filter | null) => void
}

/** The head of a column: its name sorts, the funnel filters, its type stands below. */
export function ColumnHead({ column, sort, filter, reachable, onSort, onFilter }: ColumnHeadProps) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const Arrow = sort?.descending ? ArrowDown : ArrowUp
  const name = printable(column.name)
  return (
    <div className="flex h-full flex-col justify-center pr-1 pl-2.5">
      <div className="flex min-w-0 items-center gap-0.5">
        <button
          type="button"
          data-head
          tabIndex={reachable ? 0 : -1}
          onClick={onSort}
          title={t('browse.sortBy', { name })}
          className={`flex min-w-0 flex-1 items-center gap-1 rounded-[4px] text-left text-sm hover:text-accent ${sort ? 'font-bold text-accent' : 'font-semibold'}`}
        >
          <Name text={column.name} />
          {sort && <Arrow size={13} aria-hidden className="shrink-0" />}
        </button>
        <Popover.Root open={open} onOpenChange={setOpen}>
          <Popover.Trigger
            tabIndex={reachable ? 0 : -1}
            aria-label={t('browse.filterBy', { name })}
            title={t('browse.filterBy', { name })}
            className={`flex size-6 shrink-0 items-center justify-center rounded-[4px] hover:bg-hover ${filter ? 'text-accent' : 'text-ink-3 hover:text-ink-1'}`}
          >
            <FilterIcon size={13} aria-hidden fill={filter ? 'currentColor' : 'none'} />
          </Popover.Trigger>
          <Popover.Portal>
            <Popover.Positioner sideOffset={4} align="start" className="z-50">
              <Popover.Popup className="float w-72 p-4 outline-none" aria-label={t('browse.filterBy', { name })}>
                <FilterForm
                  column={column}
                  filter={filter}
                  onDone={(next) => {
                    setOpen(false)
                    onFilter(next)
                  }}
                />
              </Popover.Popup>
            </Popover.Positioner>
          </Popover.Portal>
        </Popover.Root>
      </div>
      <Name text={column.type} className="font-mono text-[11px] leading-4 text-ink-3" />
    </div>
  )
}
