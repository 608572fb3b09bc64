import { useTranslation } from 'react-i18next'
import type { Copy } from '#shared/copy.ts'
import { printable } from '#shared/name.ts'
import { copyText } from '../../actions/desktop.ts'
import { Button } from '../../parts/button.tsx'
import { Fact, Facts, Panel } from '../../parts/panel.tsx'
import { Moment } from '../../parts/time.tsx'
import { useFormat } from '../../words/format.ts'

/** Where it came from, what the file is, and what a new server must have before it is loaded there. */
export function CopyFacts({ copy }: { copy: Copy }) {
  return (
    <div className="@container">
      <div className="grid gap-4 @[760px]:grid-cols-2">
        <Source copy={copy} />
        <Needs copy={copy} />
      </div>
    </div>
  )
}

function Source({ copy }: { copy: Copy }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { source } = copy
  const packed =
    copy.sqlBytes === null
      ? format.bytes(copy.bytes)
      : t('copy.packed', { size: format.bytes(copy.bytes), sql: format.bytes(copy.sqlBytes) })
  return (
    <Panel title={t('copy.source')}>
      <Facts>
        <Fact name={t('server.one')}>{printable(`${copy.server} (${source.host})`)}</Fact>
        {source.dbname !== null && <Fact name={t('database.one')}>{printable(source.dbname)}</Fact>}
        {source.path !== null && <Fact name={t('copy.path')}>{printable(source.path)}</Fact>}
        <Fact name={t('copy.taken')}>
          <Moment exact iso={copy.takenAt} zone={source.timeZone} />
        </Fact>
        <Fact name={t('copy.stored')}>
          <Moment exact iso={copy.storedAt} />
        </Fact>
        <Fact name={t('copy.size')}>{packed}</Fact>
        <Fact name={t('copy.format')}>
          {[copy.format, copy.compression, copy.encoding].filter(Boolean).join(' · ')}
        </Fact>
        {copy.dumpVersion !== null && <Fact name="pg_dump">{printable(copy.dumpVersion)}</Fact>}
        <Fact name="SHA-256">
          <span className="font-mono text-xs break-all">{copy.sha256}</span>
        </Fact>
        <Fact name={t('copy.file')}>
          <span className="break-all">{printable(copy.file)}</span>
        </Fact>
      </Facts>
      <Button small className="mt-3" onClick={() => copyText(`${copy.sha256}  ${copy.file}`)}>
        {t('action.copySha')}
      </Button>
    </Panel>
  )
}

function Needs({ copy }: { copy: Copy }) {
  const { t } = useTranslation()
  const { roles, extensions, settings } = copy.needs
  return (
    <Panel title={t('needs.title')}>
      <p className="mb-3 text-ink-2">{t('needs.text')}</p>
      <Facts>
        <Fact name={t('needs.roles')}>
          <Names names={roles} />
        </Fact>
        <Fact name={t('needs.extensions')}>
          <Names names={extensions} />
        </Fact>
        <Fact name={t('needs.settings')}>
          {settings === null ? <span className="text-ink-3">{t('needs.unknown')}</span> : <Names names={settings} />}
        </Fact>
        {copy.largeObjects > 0 && <Fact name={t('copy.largeObjects')}>{copy.largeObjects}</Fact>}
      </Facts>
    </Panel>
  )
}

function Names({ names }: { names: readonly string[] }) {
  const { t } = useTranslation()
  if (names.length === 0) return <span className="text-ink-3">{t('needs.none')}</span>
  return (
    <ul className="flex flex-col">
      {names.map((name) => (
        <li key={name} className="font-mono text-sm break-all">
          {printable(name)}
        </li>
      ))}
    </ul>
  )
}
