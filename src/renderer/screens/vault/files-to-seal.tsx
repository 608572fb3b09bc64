import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { printable } from '#shared/name.ts'
import { chooseFile } from '../../actions/desktop.ts'
import { perform } from '../../actions/perform.ts'
import { Button, IconButton } from '../../parts/button.tsx'
import { Checkbox } from '../../parts/field.tsx'
import { Name } from '../../parts/label.tsx'

interface ServerFilesProps {
  paths: readonly string[]
  chosen: readonly string[]
  onChange: (chosen: readonly string[]) => void
}

/** The files that the database names on its server; all of them unless some are left out. */
export function ServerFiles({ paths, chosen, onChange }: ServerFilesProps) {
  const { t } = useTranslation()
  if (paths.length === 0)
    return <p className="rounded-control bg-sunken px-3 py-2.5 text-ink-2">{t('vault.noEnvText')}</p>
  const toggle = (path: string, on: boolean): void =>
    onChange(paths.filter((each) => (each === path ? on : chosen.includes(each))))
  return (
    <ul aria-label={t('vault.files')} className="max-h-44 overflow-y-auto rounded-control border">
      {paths.map((path) => (
        <li key={path} className="flex min-w-0 border-t px-3 py-1.5 first:border-t-0">
          <Checkbox
            label={<span className="font-mono text-sm break-all">{printable(path)}</span>}
            checked={chosen.includes(path)}
            onChange={(on) => toggle(path, on)}
          />
        </li>
      ))}
    </ul>
  )
}

interface LocalFilesProps {
  files: readonly string[]
  onChange: (files: readonly string[]) => void
}

/** Files of this computer, chosen one by one with the system's own dialog. */
export function LocalFiles({ files, onChange }: LocalFilesProps) {
  const { t } = useTranslation()
  const add = (): void =>
    void perform(t('vault.addFile'), async () => {
      const file = await chooseFile('env')
      if (file !== null && !files.includes(file)) onChange([...files, file])
    })
  return (
    <div className="flex flex-col items-start gap-2">
      {files.length > 0 && (
        <ul aria-label={t('vault.files')} className="max-h-44 w-full overflow-y-auto rounded-control border">
          {files.map((file) => (
            <li key={file} className="flex min-w-0 items-center gap-2 border-t py-0.5 pr-1 pl-3 first:border-t-0">
              <Name text={file} className="flex-1 font-mono text-sm" />
              <IconButton
                label={t('action.removeNamed', { name: printable(file) })}
                onClick={() => onChange(files.filter((each) => each !== file))}
              >
                <X size={14} aria-hidden />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <Button small onClick={add}>
        {t('vault.addFile')}
      </Button>
    </div>
  )
}
