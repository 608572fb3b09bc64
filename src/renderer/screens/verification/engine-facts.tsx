import { useTranslation } from 'react-i18next'
import { printable } from '#shared/name.ts'
import type { SandboxEngine } from '#shared/sandbox.ts'
import { Fold } from '../../parts/fold.tsx'
import { Fact, Facts } from '../../parts/panel.tsx'
import { engineWords } from './engine-words.ts'

/** What restored it: engine, version, image, and the settings that differ from PostgreSQL's own. */
export function EngineFacts({ engine }: { engine: SandboxEngine }) {
  const { t } = useTranslation()
  const settings = Object.entries(engine.settings)
  return (
    <div className="flex flex-col gap-3">
      <Facts>
        <Fact name={t('sandbox.one')}>{engineWords(engine, t)}</Fact>
        {engine.image !== null && (
          <Fact name={t('sandbox.image')}>
            <span className="font-mono text-sm break-all">{printable(engine.image)}</span>
          </Fact>
        )}
      </Facts>
      {settings.length > 0 && (
        <Fold label={t('sandbox.settings', { count: settings.length })}>
          <ul className="font-mono text-xs">
            {settings.map(([name, value]) => (
              <li key={name} className="break-all">{`${printable(name)} = ${printable(value)}`}</li>
            ))}
          </ul>
        </Fold>
      )}
    </div>
  )
}
