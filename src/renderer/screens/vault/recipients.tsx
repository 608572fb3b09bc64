import { useEffect } from 'react'
import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { printable } from '#shared/name.ts'
import type { Recipient } from '#shared/vault.ts'
import { importRecipient, removeRecipient } from '../../actions/vault.ts'
import { Button, IconButton } from '../../parts/button.tsx'
import { FailureNote } from '../../parts/failure-note.tsx'
import { Checkbox } from '../../parts/field.tsx'
import { useRecipients } from '../../stores/seals.ts'

interface RecipientsProps {
  /** fingerprints */
  chosen: readonly string[]
  onChange: (chosen: readonly string[]) => void
}

/** The public keys that can be sealed for. Each of their holders opens the seal alone. */
export function Recipients({ chosen, onChange }: RecipientsProps) {
  const { t } = useTranslation()
  const { value, failure, loading, refresh } = useRecipients()
  useEffect(() => void refresh(), [refresh])
  const toggle = (fingerprint: string, on: boolean): void =>
    onChange(on ? [...chosen, fingerprint] : chosen.filter((each) => each !== fingerprint))
  return (
    <div className="flex flex-col items-start gap-2">
      {failure && <FailureNote bare failure={failure} retry={() => void refresh()} />}
      {value === null && loading && <p className="text-ink-3">{t('state.loading')}</p>}
      {value?.length === 0 && <p className="text-ink-2">{t('vault.noKeys')}</p>}
      {value && value.length > 0 && (
        <ul aria-label={t('vault.with.keys')} className="max-h-48 w-full overflow-y-auto rounded-control border">
          {value.map((recipient) => (
            <RecipientRow
              key={recipient.fingerprint}
              recipient={recipient}
              checked={chosen.includes(recipient.fingerprint)}
              onChange={(on) => toggle(recipient.fingerprint, on)}
              onRemove={() => {
                toggle(recipient.fingerprint, false)
                removeRecipient(recipient.fingerprint)
              }}
            />
          ))}
        </ul>
      )}
      <Button
        small
        onClick={() => void importRecipient().then((added) => onChange([...new Set([...chosen, ...added])]))}
      >
        {t('vault.importKey')}
      </Button>
    </div>
  )
}

interface RecipientRowProps {
  recipient: Recipient
  checked: boolean
  onChange: (on: boolean) => void
  onRemove: () => void
}

function RecipientRow({ recipient, checked, onChange, onRemove }: RecipientRowProps) {
  const { t } = useTranslation()
  const { user, keyId, from, problem } = recipient
  const name = printable(user === '' ? keyId : user)
  return (
    <li className="flex min-w-0 items-center gap-2 border-t py-1 pr-1 pl-3 first:border-t-0">
      <div className="min-w-0 flex-1">
        <Checkbox
          checked={checked}
          disabled={problem !== null}
          onChange={onChange}
          label={
            <span className="flex min-w-0 flex-col">
              <span className="break-words">{name}</span>
              <span className="text-xs text-ink-3">
                <span className="font-mono">{keyId}</span> · {t(`vault.keyFrom.${from}`)}
                {problem !== null && <span className="text-care"> · {printable(problem)}</span>}
              </span>
            </span>
          }
        />
      </div>
      {from === 'imported' && (
        <IconButton label={t('action.removeNamed', { name })} onClick={onRemove}>
          <X size={14} aria-hidden />
        </IconButton>
      )}
    </li>
  )
}
