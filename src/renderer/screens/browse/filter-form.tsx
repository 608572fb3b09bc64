import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { BrowseColumn } from '#shared/browse.ts'
import { printable } from '#shared/name.ts'
import { Button } from '../../parts/button.tsx'
import { TextField } from '../../parts/field.tsx'
import { Select } from '../../parts/select.tsx'
import type { Filter } from '../../stores/browse.ts'

interface FilterFormProps {
  column: BrowseColumn
  filter: Filter | undefined
  /** null: without a filter on this column */
  onDone: (filter: Filter | null) => void
}

export const tests = ['contains', 'equals', 'null', 'not-null'] as const satisfies readonly Filter['test'][]

/** What the values of a column must be. */
export function FilterForm({ column, filter, onDone }: FilterFormProps) {
  const { t } = useTranslation()
  const [test, setTest] = useState<Filter['test']>(filter?.test ?? 'contains')
  const [value, setValue] = useState(filter?.value ?? '')
  const asks = test === 'contains' || test === 'equals'

  function submit(event: FormEvent): void {
    event.preventDefault()
    onDone({ column: column.name, test, value: asks ? value : '' })
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <Select
        label={printable(column.name)}
        choices={tests.map((each) => ({ value: each, label: t(`browse.test.${each}`) }))}
        value={test}
        onChange={setTest}
      />
      {asks && (
        <TextField
          label={t('browse.value')}
          value={value}
          autoFocus
          onChange={(event) => setValue(event.target.value)}
        />
      )}
      <div className="flex justify-end gap-2">
        {filter && (
          <Button small variant="quiet" onClick={() => onDone(null)}>
            {t('browse.dropFilter')}
          </Button>
        )}
        <Button small variant="primary" type="submit">
          {t('browse.applyFilter')}
        </Button>
      </div>
    </form>
  )
}
