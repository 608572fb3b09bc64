import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { printable } from '#shared/name.ts'
import type { Answer, Prompt } from '#shared/prompt.ts'
import { Button } from '../parts/button.tsx'
import { Dialog, DialogActions } from '../parts/dialog.tsx'
import { Checkbox, TextField } from '../parts/field.tsx'
import { OutcomeMark } from '../parts/outcome.tsx'
import { StrengthBar } from './strength-bar.tsx'

interface NewPassphrasePromptProps {
  prompt: Extract<Prompt, { kind: 'secret' }>
  answer: (answer: Answer) => void
}

/** A new passphrase of the vault: typed twice, its strength shown, and what losing it means said before it counts. */
export function NewPassphrasePrompt({ prompt, answer }: NewPassphrasePromptProps) {
  const { t } = useTranslation()
  // The fields keep what is typed: a value that React sets would stand in the page's markup.
  const [typed, setTyped] = useState('')
  const [differs, setDiffers] = useState(false)
  const [remember, setRemember] = useState(false)
  const untypable = /[\p{Cc}\p{Cs}]/u.test(typed)
  const decline = (): void => answer({ kind: 'secret', answers: null, remember: false })

  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault()
    if (typed === '' || untypable) return
    const again = event.currentTarget.elements.namedItem('again')
    if (!(again instanceof HTMLInputElement)) return
    if (again.value === typed) return answer({ kind: 'secret', answers: [typed, again.value], remember })
    setDiffers(true)
    again.focus()
  }

  return (
    <Dialog
      insists
      title={t('prompt.title.new-vault-passphrase')}
      description={t('prompt.text.new-vault-passphrase', { subject: printable(prompt.subject) })}
      onClose={decline}
    >
      <form onSubmit={submit} className="flex flex-col gap-3">
        <TextField
          autoFocus
          label={t('prompt.field.new-vault-passphrase')}
          type="password"
          error={untypable ? t('prompt.untypable') : undefined}
          onChange={(event) => {
            setTyped(event.target.value)
            setDiffers(false)
          }}
        />
        <StrengthBar passphrase={typed} />
        <TextField
          name="again"
          label={t('prompt.onceMore')}
          type="password"
          error={differs ? t('prompt.differs') : undefined}
          onChange={() => setDiffers(false)}
        />
        <p className="flex gap-2.5 rounded-control bg-care-soft px-3 py-2.5">
          <span className="pt-0.5">
            <OutcomeMark outcome="care" />
          </span>
          <span>{t('prompt.losingIt')}</span>
        </p>
        {prompt.canRemember ? (
          <Checkbox label={t('prompt.remember')} checked={remember} onChange={setRemember} />
        ) : (
          <p className="text-sm text-ink-3">{t('prompt.vaultNotKept')}</p>
        )}
        <DialogActions>
          <Button onClick={decline}>{t('action.cancel')}</Button>
          <Button variant="primary" type="submit" disabled={typed === '' || untypable}>
            {t('prompt.sealWithIt')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
