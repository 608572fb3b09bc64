import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { LifeboatFailure, fromFailure, toFailure } from '#shared/failure.ts'
import { isOver, type Job } from '#shared/job.ts'
import { printable } from '#shared/name.ts'
import type { Answer, Prompt } from '#shared/prompt.ts'
import type { Engine } from '#engine/engine.ts'
import { noKeychain } from '#engine/host/keychain.ts'
import { version } from '#engine/version.ts'
import { confirmOnTerminal, createAnswerer, declined } from './answers.ts'
import { readCommon, readWord, wrongUsage, type CommonOptions } from './arguments.ts'
import { exitCodes, exitOfFailure } from './exit.ts'
import { helpText } from './help.ts'
import { wordsIn } from './language.ts'
import { chooseFolders } from './places.ts'
import { secretOf } from './secret-input.ts'
import { createTerminal, type Terminal } from './terminal.ts'
import type { Tools, Word } from './word.ts'
import { words } from './words.ts'
import { vaultWords } from './words/vault.ts'

/** Runs one command line and returns the exit code. */
export async function runCli(argv: readonly string[]): Promise<number> {
  let terminal = createTerminal(argv.includes('--json'), 'en')
  try {
    const { common, words: given } = readCommon(argv)
    terminal = createTerminal(common.json, common.lang)
    if (common.version || common.help) {
      const [name, text] = common.version ? ['version', version] : ['help', helpText]
      terminal.result({ ok: true, [name]: text }, [text.trimEnd()])
      return exitCodes.done
    }
    const { word, length } = findWord(given)
    const operands = readWord(argv, length, word)
    return await withEngine(common, word, terminal, async (tools) => {
      const result = await word.run(operands, tools)
      terminal.result(result.json, result.lines)
      return result.exit
    })
  } catch (error) {
    return exitOfFailure(terminal.failure(error).kind)
  }
}

function findWord(given: readonly string[]): { word: Word; length: number } {
  if (given.length === 0) throw wrongUsage('A word is needed, such as `lifeboat backup SERVER/LABEL`.')
  for (const length of [2, 1]) {
    const name = given.slice(0, length).join(' ')
    const word = Object.hasOwn(words, name) ? words[name] : undefined
    if (word && given.length >= length) return { word, length }
  }
  throw wrongUsage(`There is no word "${given.slice(0, 2).join(' ')}".`)
}

async function withEngine(
  common: CommonOptions,
  word: Word,
  terminal: Terminal,
  work: (tools: Tools) => Promise<number>,
): Promise<number> {
  const cwd = process.cwd()
  const named = word.ownDataDir ? word.ownDataDir(common.dataDir, cwd) : common.dataDir
  const folders = chooseFolders({ named, env: process.env, cwd, home: homedir(), platform: process.platform })
  mkdirSync(folders.dataDir, { recursive: true, mode: 0o700 })
  // before the engine opens descriptors, and while an interrupt still ends the process
  const fd = word.asksNothing ? undefined : common.passphraseFd
  const secret = fd === undefined ? undefined : secretOf(fd)
  // only here: help and wrong usage need none of it
  const { createEngine } = await import('#engine/engine.ts')
  const engine = await createEngine({
    ...folders,
    version,
    keychain: noKeychain,
    now: () => new Date(),
  })
  const say = wordsIn(common.lang)
  const { follow } = followJobs(engine, terminal)
  const questions = answerQuestions(engine, createAnswerer(secret, isVaultWord(word), say))
  const interrupt = interruptOnce(engine)
  for (const signal of interrupts) process.on(signal, interrupt)
  try {
    return await work({
      call: engine.call,
      follow,
      say,
      note: terminal.note,
      confirm: confirmOnTerminal,
      locale: common.lang,
      cwd,
    })
  } catch (error) {
    throw questions.whyUnanswered() ?? error
  } finally {
    for (const signal of interrupts) process.off(signal, interrupt)
    // what was done is done, and was told: an end that fails changes nothing about it
    await engine.stop().catch((error: unknown) => terminal.note(printable(toFailure(error).message)))
  }
}

/** Their descriptor holds the vault's passphrase, and that of every other word a login's. */
function isVaultWord(word: Word): boolean {
  return Object.values<Word>(vaultWords).includes(word)
}

const interrupts = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Answers the engine's questions as they come. One that can not be answered is declined, and the reason kept. */
function answerQuestions(engine: Engine, answer: (prompt: Prompt) => Promise<Answer>): { whyUnanswered(): unknown } {
  let reason: unknown
  const one = async (prompt: Prompt): Promise<void> => {
    const given = await answer(prompt).catch((error: unknown) => {
      reason ??= error
      return declined(prompt)
    })
    // the work may have ended meanwhile, and its question with it
    await engine.call('prompt.answer', { id: prompt.id, answer: given }).catch(() => {})
  }
  engine.subscribe((event) => {
    if (event.name === 'prompt') void one(event.value)
  })
  return { whyUnanswered: () => reason }
}

function followJobs(engine: Engine, terminal: Terminal): Pick<Tools, 'follow'> {
  const over = new Map<string, PromiseWithResolvers<Job>>()
  engine.subscribe((event) => {
    if (event.name !== 'job') return
    terminal.progress(event.value)
    if (isOver(event.value.state)) over.get(event.value.id)?.resolve(event.value)
  })
  return {
    async follow(jobId) {
      const waiting = Promise.withResolvers<Job>()
      over.set(jobId, waiting)
      const now = await engine.call('job.show', { id: jobId })
      const job = isOver(now.state) ? now : await waiting.promise
      if (job.failure) throw fromFailure(job.failure)
      if (job.state !== 'done') throw new LifeboatFailure('cancelled', 'Cancelled.')
      return job
    },
  }
}

/** The first interrupt cancels everything in order, what would begin after it as well; a second one does not wait. */
function interruptOnce(engine: Engine): () => void {
  const open = new Set<string>()
  let interrupted = false
  const cancel = (id: string): void => {
    void engine.call('job.cancel', { id }).catch(() => process.exit(exitCodes.failed))
  }
  engine.subscribe(({ name, value }) => {
    if (name !== 'job') return
    if (isOver(value.state)) open.delete(value.id)
    else if (!open.has(value.id)) {
      open.add(value.id)
      if (interrupted) cancel(value.id)
    }
  })
  return () => {
    if (interrupted || open.size === 0) process.exit(exitCodes.failed)
    interrupted = true
    for (const id of open) cancel(id)
  }
}
