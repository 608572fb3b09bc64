import { randomUUID } from 'node:crypto'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Answer, Prompt } from '#shared/prompt.ts'

/** `Omit` that keeps the members of a union apart. */
type WithoutId<T> = T extends { id: string } ? Omit<T, 'id'> : never
export type Question = WithoutId<Prompt>

export type Prompts = {
  /** Waits for the operator. Rejects with `answer-needed` when nobody is there to answer, or when the signal fires. */
  ask(question: Question, signal?: AbortSignal): Promise<Answer>
  answer(id: string, answer: Answer): void
  pending(): Prompt[]
}

type Open = { prompt: Prompt; settle: PromiseWithResolvers<Answer> }

/**
 * Questions in the middle of a job.
 * @param somebodyListens false where no window and no terminal is attached: then a question fails at once
 */
export function createPrompts(
  emit: (event: { name: 'prompt'; value: Prompt } | { name: 'promptClosed'; value: { id: string } }) => void,
  somebodyListens: () => boolean,
): Prompts {
  const open = new Map<string, Open>()
  const close = (id: string): void => {
    if (open.delete(id)) emit({ name: 'promptClosed', value: { id } })
  }
  return {
    async ask(question, signal) {
      if (!somebodyListens()) {
        throw new LifeboatFailure('answer-needed', `${question.server} asks a question and nobody is there to answer.`)
      }
      const prompt: Prompt = { ...question, id: randomUUID() }
      const settle = Promise.withResolvers<Answer>()
      const onAbort = (): void => settle.reject(signal?.reason)
      open.set(prompt.id, { prompt, settle })
      signal?.addEventListener('abort', onAbort, { once: true })
      try {
        signal?.throwIfAborted()
        emit({ name: 'prompt', value: prompt })
        return await settle.promise
      } finally {
        signal?.removeEventListener('abort', onAbort)
        close(prompt.id)
      }
    },
    answer(id, answer) {
      const entry = open.get(id)
      if (!entry) throw new LifeboatFailure('not-found', 'This question is no longer open.')
      if (entry.prompt.kind !== answer.kind) {
        throw new LifeboatFailure('invalid-input', 'This answer belongs to another question.')
      }
      entry.settle.resolve(answer)
    },
    pending: () => [...open.values()].map((entry) => entry.prompt),
  }
}
