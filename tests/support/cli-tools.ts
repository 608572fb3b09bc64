import { onTestFinished, vi } from 'vitest'
import type { EngineCallName, Input, Output } from '#shared/contract.ts'
import { readWord } from '../../src/main/cli/arguments.ts'
import { english } from '../../src/main/cli/language.ts'
import { runCli } from '../../src/main/cli/run.ts'
import type { Result, Tools } from '../../src/main/cli/word.ts'
import { words } from '../../src/main/cli/words.ts'

type Answers = { [C in EngineCallName]?: (input: Input<C>) => Promise<Output<C>> }

/** What a word of the terminal works with; the engine behind it answers as told. */
export function toolsWith(answers: Answers, follow: Tools['follow'] = nothingRuns): Tools {
  return {
    call: async (name, input) => {
      const answer = answers[name]
      if (!answer) throw new Error(`${name} was not expected`)
      return answer(input)
    },
    follow,
    say: english,
    note: () => {},
    confirm: async () => null,
    locale: 'en',
    cwd: '/',
  }
}

async function nothingRuns(): Promise<never> {
  throw new Error('No job was expected.')
}

/** Types one line, a space between its words, and gives what came of it. */
export async function typeWord(line: string, tools: Tools): Promise<Result> {
  const argv = line.split(' ')
  const length = [2, 1].find((count) => words[argv.slice(0, count).join(' ')] !== undefined) ?? 0
  const word = words[argv.slice(0, length).join(' ')]
  if (!word) throw new Error(`no word: ${line}`)
  return word.run(readWord(argv, length, word), tools)
}

/** Runs a whole command line in this very process: what a process of its own would end with and would write. */
export async function runHere(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' }
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      written[name] += String(text)
      return true
    }),
  )
  const restore = (): void => spies.forEach((spy) => spy.mockRestore())
  onTestFinished(restore)
  const code = await runCli(args)
  restore()
  return { code, ...written }
}
