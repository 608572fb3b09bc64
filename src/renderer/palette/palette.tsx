import { Command } from 'cmdk'
import { Dialog } from '@base-ui/react/dialog'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LabelTag } from '../parts/label.tsx'
import { useView } from '../stores/view.ts'
import { useEntries, type Entry } from './entries.ts'
import { fitting } from './fitting.ts'
import { useFoundCopies } from './found-copies.ts'

/** Every action of the window by typing a few letters of it. */
export function Palette() {
  const { t } = useTranslation()
  const open = useView((state) => state.paletteOpen)
  const openPalette = useView((state) => state.openPalette)
  return (
    <Dialog.Root open={open} onOpenChange={openPalette}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-[var(--scrim)]" />
        <Dialog.Popup
          aria-label={t('palette.title')}
          className="float fixed top-20 left-1/2 z-50 w-[calc(100vw-64px)] max-w-140 -translate-x-1/2 overflow-hidden"
        >
          {open && <Menu onDone={() => openPalette(false)} />}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Menu({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation()
  const [search, setSearch] = useState('')
  const entries = useEntries()
  const copies = useFoundCopies(search)
  const groups = Object.entries(Object.groupBy([...fitting(entries, search), ...copies], (entry) => entry.group))
  return (
    <Command label={t('palette.title')} loop shouldFilter={false} className="flex flex-col">
      <Command.Input
        autoFocus
        value={search}
        onValueChange={setSearch}
        placeholder={t('palette.placeholder')}
        className="h-12 border-b bg-transparent px-4.5 text-lg outline-none"
      />
      <Command.List className="max-h-96 overflow-y-auto p-1.5">
        <Command.Empty className="px-3 py-6 text-center text-ink-2">{t('palette.empty')}</Command.Empty>
        {groups.map(([group, items]) => (
          <Command.Group
            key={group}
            heading={group}
            className="[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-ink-3"
          >
            {(items ?? []).map((entry) => (
              <Item key={entry.id} entry={entry} onDone={onDone} />
            ))}
          </Command.Group>
        ))}
      </Command.List>
    </Command>
  )
}

function Item({ entry, onDone }: { entry: Entry; onDone: () => void }) {
  return (
    <Command.Item
      value={entry.id}
      onSelect={() => {
        onDone()
        entry.run()
      }}
      className="flex min-h-8 items-center justify-between gap-3 rounded-[4px] px-3 py-1 data-[selected=true]:bg-selected"
    >
      <span className="flex min-w-0 items-center gap-2">
        <span className="min-w-0 truncate">{entry.title}</span>
        {entry.label !== undefined && <LabelTag label={entry.label} />}
      </span>
      {entry.keys && (
        <kbd className="shrink-0 rounded-[4px] border px-1.5 font-sans text-xs text-ink-3">{entry.keys}</kbd>
      )}
    </Command.Item>
  )
}
