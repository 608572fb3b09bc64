import type { Context, Handlers } from './context.ts'

export function promptHandlers({ prompts }: Context): Pick<Handlers, 'prompt.answer' | 'prompt.pending'> {
  return {
    'prompt.answer': async ({ id, answer }) => {
      prompts.answer(id, answer)
      return {}
    },
    'prompt.pending': async () => prompts.pending(),
  }
}
