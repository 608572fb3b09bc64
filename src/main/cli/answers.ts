import { LifeboatFailure } from '#shared/failure.ts'
import { isForPassword, type Answer, type Prompt } from '#shared/prompt.ts'
import { printable } from '#shared/name.ts'
import { askTerminal } from './secret-input.ts'
import type { Words } from './word.ts'

/**
 * Answers the engine's questions: secrets from the descriptor that was named, else from the terminal;
 * an unknown host key only by a typed yes. The descriptor's line is one secret: it answers whoever asked first, and nobody
 * else. A passphrase of the vault never answers a server.
 * @param secret gives the descriptor's line, or throws what is wrong with it
 * @param ofVault the descriptor holds one
 */
export function createAnswerer(
  secret: (() => string) | undefined,
  ofVault: boolean,
  say: Words,
): (prompt: Prompt) => Promise<Answer> {
  let first: { of: string; what: string } | undefined
  return async (prompt) => {
    if (prompt.kind === 'host-key') return { kind: 'host-key', accept: await acceptKey(prompt, say) }
    const of = secretAskedFor(prompt)
    if (secret !== undefined && !(ofVault && isLogin(prompt)) && of !== null && (first?.of ?? of) === of) {
      // a wrong line stays wrong: the same answer twice would only lock an account
      if (prompt.again)
        throw new LifeboatFailure(
          isVault(prompt) ? 'passphrase-wrong' : 'login-refused',
          `${what(prompt)} from --passphrase-fd was wrong.`,
        )
      const line = secret()
      first = { of, what: what(prompt) }
      return { kind: 'secret', answers: prompt.questions.map(() => line), remember: false }
    }
    const answers: string[] = []
    for (const question of prompt.questions) {
      const answer = await askTerminal(`${printable(prompt.server)}: ${printable(question.text)} `, !question.echo)
      if (answer === null && first !== undefined)
        throw new LifeboatFailure(
          'answer-needed',
          `${first.what} came from --passphrase-fd; ${printable(prompt.server)} asks for something else: ${printable(question.text)}`,
        )
      if (answer === null) return declined(prompt)
      answers.push(answer)
    }
    return { kind: 'secret', answers, remember: false }
  }
}

/** Shows the lines, and asks for a typed yes to them. Null: there is no terminal to ask on. */
export async function confirmOnTerminal(lines: readonly string[], question: string): Promise<boolean | null> {
  if (!process.stdin.isTTY) return null
  process.stderr.write(lines.map((line) => `${line}\n`).join(''))
  return (await askTerminal(question, false))?.trim() === 'yes'
}

type Secret = Extract<Prompt, { kind: 'secret' }>

/** The answer of somebody who does not want to answer. */
export function declined({ kind }: Prompt): Answer {
  return kind === 'host-key' ? { kind, accept: false } : { kind, answers: null, remember: false }
}

/** Which secret would answer this; null: one that serves once. The same key file may be named for several machines. */
function secretAskedFor(prompt: Secret): string | null {
  const login = `login ${JSON.stringify([prompt.server, prompt.subject])}`
  switch (prompt.what) {
    case 'vault-passphrase':
    case 'new-vault-passphrase':
      return 'vault'
    case 'key-passphrase':
      return `key ${prompt.subject}`
    case 'password':
      return login
    case 'keyboard-interactive':
      return isForPassword(prompt.questions) ? login : null
  }
}

/** What is sent to whoever asks, and need not be who it should be. */
function isLogin({ what: kind }: Secret): boolean {
  return kind === 'password' || kind === 'keyboard-interactive'
}

function isVault({ what: kind }: Secret): boolean {
  return kind === 'vault-passphrase' || kind === 'new-vault-passphrase'
}

function what(prompt: Secret): string {
  const isPassphrase = prompt.what === 'key-passphrase' || isVault(prompt)
  return `The ${isPassphrase ? 'passphrase' : 'password'} for ${prompt.subject}`
}

async function acceptKey({ key, knownTypes }: Extract<Prompt, { kind: 'host-key' }>, say: Words): Promise<boolean> {
  process.stderr.write(
    `${say.keyUnknown(say.reachedAt(printable(`${key.host}:${key.port}`), printable(key.way)))}\n  ${key.type} ${key.fingerprint}\n` +
      (knownTypes.length > 0 ? `  ${say.keysKnown(knownTypes.join(', '))}\n` : ''),
  )
  return (await askTerminal(say.confirmKey, false))?.trim() === 'yes'
}
