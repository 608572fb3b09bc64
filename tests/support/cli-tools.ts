import type { EngineCallName, Input, Output } from '#shared/contract.ts'
import { english } from '../../src/main/cli/language.ts'
import type { Tools } from '../../src/main/cli/word.ts'

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
