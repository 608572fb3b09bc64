import { useEffect } from 'react'
import { Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { printable } from '#shared/name.ts'
import { removePin } from '../../actions/servers.ts'
import { IconButton } from '../../parts/button.tsx'
import { FailureNote } from '../../parts/failure-note.tsx'
import { Panel, Waiting } from '../../parts/panel.tsx'
import { Ago } from '../../parts/time.tsx'
import { usePins } from '../../stores/pins.ts'
import { reachedAt } from '../../words/reached-at.ts'

/** Host keys that were accepted here. Removing one is the only way on after a key has changed. */
export function Pins({ serverId }: { serverId: string }) {
  const { t } = useTranslation()
  const pins = usePins((state) => state.pins[serverId])
  const failure = usePins((state) => state.failures[serverId])
  useEffect(() => void usePins.getState().read(serverId), [serverId])
  return (
    <Panel flush title={t('pin.title')}>
      {failure ? (
        <div className="p-3.5">
          <FailureNote failure={failure} retry={() => void usePins.getState().read(serverId)} />
        </div>
      ) : !pins ? (
        <div className="px-4.5 py-4">
          <Waiting text={t('state.loading')} />
        </div>
      ) : pins.length === 0 ? (
        <p className="px-4.5 py-3 text-ink-2">{t('pin.none')}</p>
      ) : (
        <ul>
          {pins.map((pin) => (
            <li
              key={`${pin.host}:${pin.port}:${pin.way}:${pin.type}`}
              className="flex items-center gap-3 border-t px-4.5 py-2 first:border-t-0"
            >
              <div className="min-w-0 flex-1">
                <p className="font-mono text-sm break-all">{pin.fingerprint}</p>
                <p className="text-sm text-ink-3">
                  {printable(pin.type)} · {reachedAt(pin, t)} · <Ago iso={pin.addedAt} />
                </p>
              </div>
              <IconButton label={t('action.removePin')} onClick={() => removePin(pin)} className="hover:text-damaged">
                <Trash2 size={15} aria-hidden />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
