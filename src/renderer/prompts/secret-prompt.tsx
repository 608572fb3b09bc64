import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { printable } from '#shared/name.ts'
import type { Answer, Prompt } from '#shared/prompt.ts'
import { Button } from '../parts/button.tsx'
import { Dialog, DialogActions } from '../parts/dialog.tsx'
import { Checkbox, TextField } from '../parts/field.tsx'
import { OutcomeMark } from '../parts/outcome.tsx'

type SecretQuestion = Extract<Prompt, { kind: 'secret' }>

interface SecretPromptProps {
  prompt: SecretQuestion
  answer: (answer: Answer) => void
}

const fieldName = 'answer'

/**
 * A password, a passphrase, or questions in the server's own words. The answers live in the fields of this dialog only:
 * a value that React sets would stand in the page's markup.
 */
export function SecretPrompt({ prompt, answer }: SecretPromptProps) {
  const { t } = useTranslation()
  const questions = questionsOf(prompt, t(`prompt.field.${prompt.what}`))
  const [remember, setRemember] = useState(false)
  const decline = (): void => answer({ kind: 'secret', answers: null, remember: false })

  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault()
    const answers = [...event.currentTarget.elements].flatMap((field) =>
      field instanceof HTMLInputElement && field.name === fieldName ? [field.value] : [],
    )
    answer({ kind: 'secret', answers, remember })
  }

  return (
    <Dialog
      insists
      title={t(`prompt.title.${prompt.what}`)}
      description={t(`prompt.text.${prompt.what}`, {
        server: printable(prompt.server),
        subject: printable(prompt.subject),
      })}
      onClose={decline}
    >
      <form onSubmit={submit} className="flex flex-col gap-3">
        {prompt.again && (
          <p role="alert" className="flex items-center gap-2 text-damaged">
            <OutcomeMark outcome="failed" size={14} />
            {t('prompt.again')}
          </p>
        )}
        {questions.map((question, index) => (
          <TextField
            key={index}
            label={question.text}
            type={question.echo ? 'text' : 'password'}
            autoFocus={index === 0}
            name={fieldName}
          />
        ))}
        {prompt.canRemember ? (
          <Checkbox label={t('prompt.remember')} checked={remember} onChange={setRemember} />
        ) : (
          <p className="text-sm text-ink-3">
            {t(prompt.what === 'vault-passphrase' ? 'prompt.vaultNotKept' : 'prompt.cannotRemember')}
          </p>
        )}
        <DialogActions>
          <Button onClick={decline}>{t('action.cancel')}</Button>
          <Button variant="primary" type="submit">
            {t('prompt.goOn')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

function questionsOf(prompt: SecretQuestion, fallback: string): { text: string; echo: boolean }[] {
  if (prompt.questions.length === 0) return [{ text: fallback, echo: false }]
  return prompt.questions.map(({ text, echo }) => ({ text: printable(text).trim() || fallback, echo }))
}
