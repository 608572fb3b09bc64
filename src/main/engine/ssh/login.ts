import type { AnyAuthMethod, AuthHandlerMiddleware, Prompt } from 'ssh2'
import { LifeboatFailure } from '#shared/failure.ts'
import { identitiesFor, SingleKeyAgent, type Identity } from './identity.ts'
import { maxAttempts } from './key-file.ts'
import { accountOf, type Asker, type Question, type SshTarget } from './target.ts'

export type Login = {
  readonly target: SshTarget
  readonly ask: Asker
  readonly signal: AbortSignal
  /** the login can not go on */
  readonly fail: (error: unknown) => void
  /** the time of this work is ours or a person's, and does not count against the server */
  readonly uncounted: <T>(work: () => Promise<T>) => Promise<T>
}

/** What the server said to the attempt before; null: it did not say. */
type Reply = { readonly left: readonly string[] | null; readonly partial: boolean }

/** Feeds ssh2 with one login attempt after the other, until it is in or `fail` is called. */
export function loginAttempts(login: Login): AuthHandlerMiddleware {
  const turns = attempts(login)
  return (left, partial, next) => {
    // null before the first answer, whatever the types say
    const reply: Reply = { left: Array.isArray(left) ? left : null, partial: partial === true }
    turns.next(reply).then(
      (turn) => (turn.done ? login.fail(refused(login.target, reply)) : next(turn.value)),
      (error: unknown) => login.fail(error),
    )
  }
}

/** The order of a login: what does the server take, then keys, then what a person has to type. */
async function* attempts(login: Login): AsyncGenerator<AnyAuthMethod, void, Reply> {
  const { target, signal, uncounted } = login
  const username = target.user
  let reply = yield { type: 'none', username }
  let keyTaken = false
  if (allows(reply, 'publickey')) {
    const passphrase = (file: string, attempt: number) => askPassphrase(login, file, attempt)
    for await (const identity of identitiesFor(target, passphrase, signal)) {
      let failed: unknown
      const own = {
        ...identity,
        sign: (...data: Parameters<Identity['sign']>) => uncounted(() => identity.sign(...data)),
      }
      const agent = new SingleKeyAgent(own, (error) => (failed = error))
      reply = yield { type: 'agent', username, agent }
      if (failed instanceof LifeboatFailure && failed.kind !== 'key-file') throw failed
      // a key that signed and did not let us in is one of two factors
      keyTaken = agent.signed
      if (keyTaken) break
    }
  }
  if (!keyTaken && (target.auth.kind === 'key' || target.auth.kind === 'agent')) return
  // ssh2 does not tell what the server still wants behind a key; it is asked once more
  if (keyTaken) reply = yield { type: 'none', username }
  yield* typedSecrets(login, reply)
}

/** Password first where the server takes one, else the server's own questions; three wrong answers end it. */
async function* typedSecrets(login: Login, first: Reply): AsyncGenerator<AnyAuthMethod, void, Reply> {
  const { target } = login
  const username = target.user
  let reply = first
  let wrong = 0
  let used: string | undefined
  while (wrong < maxAttempts) {
    const type = (['password', 'keyboard-interactive'] as const).find(
      (name) => allows(reply, name) && !(reply.partial && name === used),
    )
    if (type === undefined) return
    const attempt = wrong + 1
    reply = yield type === 'password'
      ? { type, username, password: await askPassword(login, attempt) }
      : { type, username, prompt: (...question) => void answerServer(login, attempt, ...question) }
    used = type
    if (!reply.partial) wrong++
  }
}

async function askPassword(login: Login, attempt: number): Promise<string> {
  const { target } = login
  const questions = [{ text: 'Password', echo: false }]
  const answers = await answered(login, {
    kind: 'password',
    label: target.label,
    subject: account(target),
    questions,
    attempt,
  })
  return answers?.[0] ?? declined(target)
}

async function askPassphrase(login: Login, file: string, attempt: number): Promise<string | null> {
  const questions = [{ text: 'Passphrase', echo: false }]
  const { label } = login.target
  const answers = await answered(login, { kind: 'key-passphrase', label, subject: file, questions, attempt })
  return answers?.[0] ?? null
}

/** The server's own questions, as ssh2 brings them. */
async function answerServer(login: Login, attempt: number, ...[, , , prompts, finish]: ServerQuestion): Promise<void> {
  const { target } = login
  const questions = prompts.map(({ prompt, echo }) => ({ text: prompt, echo: echo === true }))
  try {
    const answers = await answered(login, {
      kind: 'keyboard-interactive',
      label: target.label,
      subject: account(target),
      questions,
      attempt,
    })
    finish([...(answers ?? declined(target))])
  } catch (error) {
    login.fail(error)
  }
}

type ServerQuestion = [
  name: string,
  instructions: string,
  lang: string,
  prompts: Prompt[],
  finish: (answers: string[]) => void,
]

async function answered(login: Login, asked: Omit<Question, 'keptAs' | 'account'>): Promise<readonly string[] | null> {
  const { target } = login
  const question = { ...asked, keptAs: target.keptAs ?? null, account: accountOf(target) }
  const answers = await login.uncounted(() => login.ask(question, login.signal))
  login.signal.throwIfAborted()
  return answers
}

function declined(target: SshTarget): never {
  throw new LifeboatFailure('answer-needed', `The login at ${target.label} needs an answer that was not given.`)
}

function refused(target: SshTarget, reply: Reply): LifeboatFailure {
  const takes = reply.left?.length ? `it takes: ${reply.left.join(', ')}` : undefined
  const message = `${target.label} refused the login of ${account(target)}.`
  return new LifeboatFailure('login-refused', message, takes === undefined ? {} : { detail: takes })
}

function allows(reply: Reply, method: string): boolean {
  return reply.left === null || reply.left.includes(method)
}

function account(target: SshTarget): string {
  return `${target.user}@${target.host}`
}
