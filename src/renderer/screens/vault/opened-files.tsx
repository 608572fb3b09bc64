import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Output } from '#shared/contract.ts'
import { printable } from '#shared/name.ts'
import type { SealedFile } from '#shared/vault.ts'
import { Name } from '../../parts/label.tsx'
import { Empty } from '../../parts/panel.tsx'
import { Select } from '../../parts/select.tsx'
import { Moment } from '../../parts/time.tsx'
import { useFormat } from '../../words/format.ts'
import { Lines } from './lines.tsx'

/** The files of an opened seal, one at a time. */
export function OpenedFiles({ seal }: { seal: Output<'vault.show'> }) {
  const { t } = useTranslation()
  const [wanted, setWanted] = useState<string | null>(null)
  const file = seal.contents.find(({ name }) => name === wanted) ?? seal.contents[0]
  if (!file) return null
  return (
    <section
      aria-label={printable(file.name)}
      className="relative flex min-h-40 flex-1 flex-col overflow-hidden rounded-panel border bg-panel"
    >
      <div className="row-line flex flex-wrap items-center gap-x-4 gap-y-1.5 px-4.5 py-2">
        {seal.contents.length > 1 ? (
          <Select
            silent
            label={t('vault.file')}
            className="w-56"
            value={file.name}
            onChange={setWanted}
            choices={seal.contents.map(({ name }) => ({ value: name, label: printable(name) }))}
          />
        ) : (
          <h2 className="flex min-w-0 font-semibold">
            <Name text={file.name} />
          </h2>
        )}
        <FileFacts file={file} />
        <p className="ml-auto text-xs text-ink-3">{t('vault.keysHint')}</p>
      </div>
      {file.readable ? (
        <Lines key={file.name} id={seal.id} file={file} />
      ) : (
        <Empty title={t('vault.noText')}>{t('vault.noTextText')}</Empty>
      )}
    </section>
  )
}

function FileFacts({ file }: { file: SealedFile }) {
  const { t } = useTranslation()
  const format = useFormat()
  const keys = file.lines.filter(({ kind }) => kind === 'entry').length
  return (
    <p className="flex flex-wrap gap-x-3 text-sm text-ink-2">
      <span>{t('vault.keys', { count: keys })}</span>
      <span>{format.bytes(file.bytes)}</span>
      <span className="font-mono text-xs leading-5" title={t('vault.mode')}>
        {file.mode.toString(8).padStart(3, '0')}
      </span>
      <span title={t('vault.modified')}>
        <Moment iso={file.modifiedAt} />
      </span>
    </p>
  )
}
