import { StringDecoder } from 'node:string_decoder'
import type { Writable } from 'node:stream'
import { LifeboatFailure } from '#shared/failure.ts'
import { explainPsql } from './explain.ts'
import type { Login } from './login.ts'

/** A psql that runs on the server and reads its statements from standard input. */
export type RunningPsql = {
  readonly stdin: Writable
  readonly stdout: AsyncIterable<Uint8Array>
  readonly done: Promise<{ readonly code: number | null; readonly stderr: string }>
}

/** One session that stays open between statements, so that a transaction can be held in it. */
export type PsqlSession = {
  /**
   * Sends statements, each with its semicolon, and gives the lines that they print. Calls wait for each other.
   * Throws why psql has ended instead: the first error ends it.
   */
  ask(sql: string): Promise<string[]>
  /** Tells psql that nothing more comes, and waits until it is gone, which ends its transaction. */
  end(): Promise<void>
}

/** No answer to what we ask is larger: the list of 20,000 tables with their columns has a tenth of it. */
const longestAnswer = 256 * 1024 * 1024

export function psqlSession({ stdin, stdout, done }: RunningPsql, login: Login): PsqlSession {
  const lines = linesOf(stdout)
  let marks = 0
  let before: Promise<unknown> = Promise.resolve()

  async function askNow(sql: string): Promise<string[]> {
    const mark = `lifeboat-said-${++marks}`
    stdin.write(`${sql}\n\\echo ${mark}\n`)
    const said: string[] = []
    let length = 0
    for (;;) {
      const next = await lines.next()
      if (next.done) throw explainPsql({ ...(await done), stdout: '' }, login)
      if (next.value === mark) return said
      said.push(next.value)
      length += next.value.length
      if (length > longestAnswer) throw new LifeboatFailure('remote-command', 'psql on the server prints without end.')
    }
  }

  return {
    ask(sql) {
      const answer = before.then(() => askNow(sql))
      before = answer.catch(() => {})
      return answer
    },
    async end() {
      stdin.end()
      // the end of its output has to be read, or it would never be seen
      while (!(await lines.next()).done);
      await done
    },
  }
}

async function* linesOf(output: AsyncIterable<Uint8Array>): AsyncGenerator<string, undefined> {
  const decoder = new StringDecoder('utf8')
  let rest: string[] = []
  for await (const chunk of output) {
    const [first = '', ...more] = decoder.write(Buffer.from(chunk)).split('\n')
    rest.push(first)
    for (const part of more) {
      yield rest.join('')
      rest = [part]
    }
  }
  return undefined
}
