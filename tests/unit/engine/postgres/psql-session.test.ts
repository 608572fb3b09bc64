import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LifeboatFailure } from '#shared/failure.ts'
import { psqlSession, type RunningPsql } from '#engine/postgres/psql-session.ts'

const login = { dbname: 'shop', dbuser: 'keeper' }

/** A psql that answers each statement with these bytes, cut where it likes, and may end in the middle. */
function psqlThatSays(answers: Buffer[], cut: (whole: Buffer) => Buffer[], exit = { code: 0, stderr: '' }) {
  const stdin = new PassThrough()
  const output = Promise.withResolvers<void>()
  const asked: string[] = []
  async function* stdout(): AsyncGenerator<Uint8Array> {
    const left = [...answers]
    for await (const text of stdin) {
      asked.push(String(text))
      const mark = /\\echo (\S+)\n$/.exec(String(text))?.[1] ?? ''
      const answer = left.shift()
      if (answer === undefined) return output.resolve()
      yield* cut(Buffer.concat([answer, Buffer.from(`${mark}\n`)]))
    }
    output.resolve()
  }
  const running: RunningPsql = { stdin, stdout: stdout(), done: output.promise.then(() => exit) }
  return { session: psqlSession(running, login), asked }
}

describe('a session of psql', () => {
  it('gives the lines of each answer whole, wherever the bytes were cut', async () => {
    const line = fc.string({ unit: fc.constantFrom('a', '|', '\\', '\r', 'é', '表', '🚀', '\u2028') })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(line), { maxLength: 4 }),
        fc.integer({ min: 1, max: 7 }),
        async (all, size) => {
          const answers = all.map((lines) => Buffer.from(lines.map((each) => `${each}\n`).join('')))
          const { session } = psqlThatSays(answers, (whole) => {
            const parts: Buffer[] = []
            for (let at = 0; at < whole.length; at += size) parts.push(whole.subarray(at, at + size))
            return parts
          })
          // asked together, they are answered one after the other
          expect(await Promise.all(all.map((_, index) => session.ask(`select ${index};`)))).toEqual(all)
          await session.end()
        },
      ),
    )
  })

  it('that ends instead of answering says why, at this question and at every later one', async () => {
    const exit = { code: 3, stderr: 'psql:<stdin>:4: ERROR:  permission denied for table secrets\n' }
    const { session } = psqlThatSays([Buffer.from('1\n')], (whole) => [whole], exit)
    expect(await session.ask('select 1;')).toEqual(['1'])
    for (const sql of ['select 2;', 'select 3;']) {
      const failure = await session.ask(sql).catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(LifeboatFailure)
      expect(failure).toMatchObject({ kind: 'database-refused', detail: expect.stringContaining('secrets') })
    }
  })
})
