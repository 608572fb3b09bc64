import { z } from 'zod'
import { presentedKeySchema } from './server.ts'

/** A question that only the operator can answer, asked in the middle of a job or a call. */
export const promptSchema = z.discriminatedUnion('kind', [
  z.object({
    id: z.string(),
    kind: z.literal('host-key'),
    server: z.string(),
    key: presentedKeySchema,
    /** types of other keys that are already trusted for this host */
    knownTypes: z.array(z.string()),
  }),
  z.object({
    id: z.string(),
    kind: z.literal('secret'),
    server: z.string(),
    /**
     * what is asked for: password of a user, passphrase of a key file, a question of the server's own, the passphrase of
     * a seal, or a new one, asked for twice
     */
    what: z.enum(['password', 'key-passphrase', 'keyboard-interactive', 'vault-passphrase', 'new-vault-passphrase']),
    /** `user@host`, the key's file, or the seal's */
    subject: z.string(),
    /** the server's own words, foreign text */
    questions: z.array(z.object({ text: z.string(), echo: z.boolean() })),
    /** a wrong answer was given before */
    again: z.boolean(),
    /** the keychain can keep it */
    canRemember: z.boolean(),
  }),
])
export type Prompt = z.infer<typeof promptSchema>

/** Whether a server's own questions are a lone one for a password: the others ask for codes that serve once. */
export function isForPassword(questions: readonly { readonly text: string; readonly echo: boolean }[]): boolean {
  const [only, ...others] = questions
  return only !== undefined && others.length === 0 && !only.echo && /password|密码/i.test(only.text)
}

/** null: the operator declines. */
export const answerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('host-key'), accept: z.boolean() }),
  z.object({
    kind: z.literal('secret'),
    answers: z.array(z.string()).nullable(),
    remember: z.boolean().default(false),
  }),
])
export type Answer = z.infer<typeof answerSchema>
