import { create } from 'zustand'
import type { Answer, Prompt } from '#shared/prompt.ts'
import { call } from '../bridge.ts'

interface PromptsStore {
  /** questions of the engine that wait for the operator, oldest first */
  prompts: readonly Prompt[]
  ask: (prompt: Prompt) => void
  close: (id: string) => void
  answer: (id: string, answer: Answer) => Promise<void>
  refresh: () => Promise<void>
}

export const usePrompts = create<PromptsStore>((set) => ({
  prompts: [],
  ask: (prompt) => set((state) => ({ prompts: [...state.prompts.filter(({ id }) => id !== prompt.id), prompt] })),
  close: (id) => set((state) => ({ prompts: state.prompts.filter((prompt) => prompt.id !== id) })),
  answer: async (id, answer) => {
    set((state) => ({ prompts: state.prompts.filter((prompt) => prompt.id !== id) }))
    await call('prompt.answer', { id, answer })
  },
  refresh: async () => set({ prompts: await call('prompt.pending', {}) }),
}))
