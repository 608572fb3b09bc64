import { createHash } from 'node:crypto'
import { LifeboatFailure } from '#shared/failure.ts'
import { isForPassword, type Answer, type Prompt } from '#shared/prompt.ts'
import type { Asker, Question as SshQuestion } from '#engine/ssh/target.ts'

type WithoutId<T> = T extends { id: string } ? Omit<T, 'id'> : never
/** A prompt before it has an id: whoever keeps the prompts gives it one. */
export type Question = WithoutId<Prompt>
export type AskOperator = (question: Question, signal: AbortSignal) => Promise<Answer>

/** The keychain, by reference. `status` other than available: nothing may be kept. */
export type Secrets = {
  status(): Promise<'available' | 'absent' | 'basic_text'>
  get(reference: string): Promise<string | null>
  set(reference: string, secret: string): Promise<void>
}

type Context = { readonly ask: AskOperator; readonly secrets: Secrets }

export type SecretAsker = {
  readonly ask: Asker
  /** keeps what the operator wanted kept: only after a login that it opened */
  remember(): Promise<void>
}

/**
 * Answers the questions of one login: from the keychain the first time, else by asking the operator. What the keychain
 * held and the server refused is asked for, and not tried again.
 */
export function secretAsker(context: Context): SecretAsker {
  const wanted = new Map<string, string>()
  const fromKeychain = new Set<string>()

  async function ask(question: SshQuestion, signal: AbortSignal): Promise<readonly string[] | null> {
    const reference = referenceOf(question)
    const canRemember = reference !== null && (await context.secrets.status()) === 'available'
    if (canRemember && question.attempt === 1 && !fromKeychain.has(reference)) {
      const kept = await context.secrets.get(reference)
      fromKeychain.add(reference)
      if (kept !== null) return [kept]
    }
    const answer = await context.ask(
      {
        kind: 'secret',
        server: question.label,
        what: question.kind,
        subject: question.subject,
        questions: question.questions.map(({ text, echo }) => ({ text, echo })),
        again: question.attempt > 1,
        canRemember,
      },
      signal,
    )
    if (answer.kind !== 'secret' || answer.answers === null) return null
    if (answer.answers.length !== question.questions.length)
      throw new LifeboatFailure('answer-needed', `${question.label} asked ${question.questions.length} questions.`)
    const [secret] = answer.answers
    if (canRemember && answer.remember && secret !== undefined) wanted.set(reference, secret)
    return answer.answers
  }

  return {
    ask,
    async remember() {
      for (const [reference, secret] of wanted) await context.secrets.set(reference, secret)
      wanted.clear()
    },
  }
}

/**
 * Forgets the passwords of a server. What a broken keychain does not let go stays there, and answers nobody: its name holds
 * the account that it was for.
 */
export async function forgetPasswords(
  keychain: { list(): Promise<string[]>; delete(reference: string): Promise<void> },
  serverId: string,
): Promise<void> {
  try {
    const kept = (await keychain.list()).filter((reference) => reference.startsWith(`server:${serverId}:`))
    for (const reference of kept) await keychain.delete(reference)
  } catch {
    // as above
  }
}

/**
 * Under which name a secret is kept, or null for one that must not be: a server's password belongs to no machine on the way
 * to it that is not in the list, and to no other machine or user that the server's entry comes to mean; and of the server's
 * own questions only a lone one for a password.
 */
function referenceOf({ kind, subject, keptAs, account, questions }: SshQuestion): string | null {
  const password = keptAs === null ? null : `server:${keptAs}:password:${digest(account)}`
  switch (kind) {
    case 'key-passphrase':
      return `key:${subject}`
    case 'password':
      return password
    case 'keyboard-interactive':
      return isForPassword(questions) ? password : null
  }
}

/** Short, however long the way is: what names a secret has a limit. */
function digest(account: string): string {
  return createHash('sha256').update(account).digest('hex').slice(0, 32)
}
