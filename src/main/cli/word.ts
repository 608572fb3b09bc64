import type { EngineCallName, Input, Output } from '#shared/contract.ts'
import type { Job } from '#shared/job.ts'
import type { Given, WordShape } from './arguments.ts'

/** What a word needs to do its work. */
export type Tools = {
  call<C extends EngineCallName>(name: C, input: Input<C>): Promise<Output<C>>
  /** Follows a job to its end, showing progress. Throws its failure; a cancelled one throws `cancelled`. */
  follow(jobId: string): Promise<Job>
  say: Words
  note(text: string): void
  /** whether somebody typed yes below these lines; null where nobody is there to type */
  confirm(lines: readonly string[], question: string): Promise<boolean | null>
  locale: 'en' | 'zh-CN'
  /** folder that relative paths of the command line belong to */
  cwd: string
}

export type Result = { json: object; lines: string[]; exit: number }

export type Word = WordShape & {
  /** a word that keeps its data elsewhere than the window does */
  ownDataDir?: (named: string | undefined, cwd: string) => string
  /** a word that never asks anybody for a secret: what `--passphrase-fd` names stays unread */
  asksNothing?: true
  run(given: Given, tools: Tools): Promise<Result>
}

/** Sentences of the terminal, in one language. */
export type Words = typeof import('./language.ts').english
