import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { forget } from '../../actions/settings.ts'
import { Button } from '../../parts/button.tsx'
import { FailureNote } from '../../parts/failure-note.tsx'
import { Name } from '../../parts/label.tsx'
import { Panel, Waiting } from '../../parts/panel.tsx'
import { useAppFacts } from '../../stores/facts.ts'
import { useKeychain } from '../../stores/settings.ts'
import { settingId } from '../../stores/view.ts'

/** What the system's keychain keeps for Lifeboat: by name, never the secret. */
export function Keychain() {
  const { t } = useTranslation()
  const state = useAppFacts((store) => store.value?.keychain ?? null)
  const { value: entries, failure, refresh } = useKeychain()
  useEffect(() => void refresh(), [refresh])
  return (
    <Panel flush id={settingId('keychain')} title={t('keychain.title')}>
      {state !== null && state !== 'available' && <p className="px-4.5 py-3 text-ink-2">{t(`keychain.${state}`)}</p>}
      {failure ? (
        <div className="p-3.5">
          <FailureNote failure={failure} retry={() => void refresh()} />
        </div>
      ) : (
        !entries && (
          <div className="px-4.5 py-4">
            <Waiting text={t('state.loading')} />
          </div>
        )
      )}
      {state === 'available' && entries?.length === 0 && (
        <p className="px-4.5 py-3 text-ink-2">{t('keychain.empty')}</p>
      )}
      <ul>
        {(entries ?? []).map((entry) => (
          <li key={entry.reference} className="flex items-center gap-4 border-t px-4.5 py-2 first:border-t-0">
            <div className="flex min-w-0 flex-1 items-baseline gap-2">
              <Entry {...entry} />
            </div>
            <Button small onClick={() => forget(entry.reference)}>
              {t('action.forget')}
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Entry({ reference, subject }: { reference: string; subject: string }) {
  const { t } = useTranslation()
  if (reference === 'vault:passphrase') return <span>{t('keychain.vaultPassphrase')}</span>
  if (reference === 'vault:prints') return <span>{t('keychain.vaultPrints')}</span>
  return (
    <>
      <span>{t(reference.startsWith('key:') ? 'keychain.passphrase' : 'keychain.password')}</span>
      <Name text={subject} className="font-semibold" />
    </>
  )
}
