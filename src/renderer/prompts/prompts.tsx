import { useTranslation } from 'react-i18next'
import type { Answer } from '#shared/prompt.ts'
import { perform } from '../actions/perform.ts'
import { usePrompts } from '../stores/prompts.ts'
import { HostKeyPrompt } from './host-key-prompt.tsx'
import { NewPassphrasePrompt } from './new-passphrase-prompt.tsx'
import { SecretPrompt } from './secret-prompt.tsx'

/** The oldest question of the engine that still waits: one at a time. */
export function Prompts() {
  const { t } = useTranslation()
  const prompt = usePrompts((state) => state.prompts[0])
  const send = usePrompts((state) => state.answer)
  if (!prompt) return null
  const answer = (value: Answer): void => void perform(t('prompt.answer'), () => send(prompt.id, value))
  switch (prompt.kind) {
    case 'host-key':
      return <HostKeyPrompt key={prompt.id} prompt={prompt} answer={answer} />
    case 'secret':
      return prompt.what === 'new-vault-passphrase' ? (
        <NewPassphrasePrompt key={prompt.id} prompt={prompt} answer={answer} />
      ) : (
        <SecretPrompt key={prompt.id} prompt={prompt} answer={answer} />
      )
  }
}
