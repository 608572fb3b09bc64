import { describe, expect, it } from 'vitest'
import { createPrompts, type Question } from '#engine/jobs/prompts.ts'

const question: Question = {
  kind: 'secret',
  server: 'shop',
  what: 'password',
  subject: 'root@shop',
  questions: [{ text: 'Password:', echo: false }],
  again: false,
  canRemember: false,
}

function prompts(listening = true) {
  const events: { name: string; value: { id: string } }[] = []
  return {
    events,
    prompts: createPrompts(
      (event) => events.push(event),
      () => listening,
    ),
  }
}

describe('prompts', () => {
  it('gives the answer to the one who asked, once', async () => {
    const { prompts: asked, events } = prompts()
    const answer = asked.ask(question)
    const [open] = asked.pending()
    if (!open) throw new Error('nothing was asked')
    asked.answer(open.id, { kind: 'secret', answers: ['x'], remember: false })
    expect(await answer).toEqual({ kind: 'secret', answers: ['x'], remember: false })
    expect(events.map((event) => event.name)).toEqual(['prompt', 'promptClosed'])
    expect(() => asked.answer(open.id, { kind: 'secret', answers: ['y'], remember: false })).toThrow(/no longer open/)
  })

  it('takes no answer that belongs to another kind of question', () => {
    const { prompts: asked } = prompts()
    void asked.ask(question).catch(() => {})
    const id = asked.pending()[0]?.id ?? ''
    expect(() => asked.answer(id, { kind: 'host-key', accept: true })).toThrow(/another question/)
  })

  it('closes with the job that asked', async () => {
    const { prompts: asked, events } = prompts()
    const abort = new AbortController()
    const answer = asked.ask(question, abort.signal)
    abort.abort()
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' })
    expect(asked.pending()).toEqual([])
    expect(events.at(-1)?.name).toBe('promptClosed')
  })

  it('fails at once where nobody can answer', async () => {
    await expect(prompts(false).prompts.ask(question)).rejects.toMatchObject({ kind: 'answer-needed' })
  })
})
