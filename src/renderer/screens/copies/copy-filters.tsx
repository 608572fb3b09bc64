import { useEffect, useRef, useState } from 'react'
import { Search } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useShallow } from 'zustand/react/shallow'
import type { Outcome } from '#shared/proof.ts'
import { inputLook } from '../../parts/field.tsx'
import { Select } from '../../parts/select.tsx'
import { useCopies } from '../../stores/copies.ts'
import { useDatabases } from '../../stores/databases.ts'

type FaceChoice = Outcome | 'any'
const settleMs = 120

/** Narrow the list by typing, by database and by what was proven. */
export function CopyFilters() {
  const { t } = useTranslation()
  const { filter, total, all, setFilter } = useCopies(
    useShallow(({ filter, total, all, setFilter }) => ({ filter, total, all, setFilter })),
  )
  const faces: { value: FaceChoice; label: string }[] = [
    { value: 'any', label: t('copies.anyOutcome') },
    { value: 'proven', label: t('outcome.proven') },
    { value: 'damaged', label: t('outcome.damaged') },
    { value: 'not-checked', label: t('outcome.not-checked') },
  ]
  return (
    <div className="flex flex-wrap items-center gap-2.5" role="search">
      <SearchBox />
      <DatabaseSelect />
      <Select
        silent
        className="w-40"
        label={t('copies.outcome')}
        choices={faces}
        value={filter.face ?? 'any'}
        onChange={(face) => setFilter({ face: face === 'any' ? undefined : face })}
      />
      <p role="status" className="ml-auto text-sm text-ink-3">
        {total !== null &&
          all !== null &&
          (total === all ? t('copies.count', { count: all }) : t('copies.countOf', { shown: total, count: all }))}
      </p>
    </div>
  )
}

function SearchBox() {
  const { t } = useTranslation()
  const filtered = useCopies((state) => state.filter.text ?? '')
  const setFilter = useCopies((state) => state.setFilter)
  const [text, setText] = useState(filtered)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => setText(filtered), [filtered])
  return (
    <div className="relative min-w-52 flex-1 basis-52">
      <Search size={14} aria-hidden className="absolute top-2.25 left-2.5 text-ink-3" />
      <input
        type="search"
        aria-label={t('copies.search')}
        placeholder={t('copies.search')}
        value={text}
        onChange={(event) => {
          const next = event.target.value
          setText(next)
          clearTimeout(timer.current)
          timer.current = setTimeout(() => setFilter({ text: next }), settleMs)
        }}
        className={`${inputLook} pl-8`}
      />
    </div>
  )
}

function DatabaseSelect() {
  const { t } = useTranslation()
  const databases = useDatabases((state) => state.value)
  const { server, label } = useCopies((state) => state.filter)
  const setFilter = useCopies((state) => state.setFilter)
  const known = (databases ?? []).map((database) => `${database.serverName}/${database.label}`)
  const current = server !== undefined && label !== undefined ? `${server}/${label}` : ''
  // Copies outlive their database: a filter on one that is gone stays choosable.
  const values = current === '' || known.includes(current) ? known : [current, ...known]
  return (
    <Select
      silent
      className="w-48"
      label={t('database.one')}
      choices={[
        { value: '', label: t('copies.allDatabases') },
        ...values.map((value) => ({
          value,
          label: value.slice(0, value.indexOf('/')),
          tag: value.slice(value.indexOf('/') + 1),
        })),
      ]}
      value={current}
      onChange={(value) => {
        const slash = value.lastIndexOf('/')
        setFilter(
          value === ''
            ? { server: undefined, label: undefined }
            : { server: value.slice(0, slash), label: value.slice(slash + 1) },
        )
      }}
    />
  )
}
