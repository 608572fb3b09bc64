import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { LifeboatFailure, fromFailure } from '#shared/failure.ts'
import { isOver, type Job } from '#shared/job.ts'
import { createEngine, type Engine } from '#engine/engine.ts'
import { noKeychain } from '#engine/host/keychain.ts'
import { version } from '#engine/version.ts'
import { createAnswerer } from './answers.ts'
import { readCommon, readWord, wrongUsage, type CommonOptions } from './arguments.ts'
import { exitCodes, exitOfFailure } from './exit.ts'
import { helpText } from './help.ts'
import { chinese, english } from './language.ts'
import { createTerminal, type Terminal } from './terminal.ts'
import type { Tools, Word } from './word.ts'
import { words } from './words.ts'

/** Runs one command line and returns the exit code. */
export async function runCli(argv: readonly string[]): Promise<number> {
  let terminal = createTerminal(argv.includes('--json'), 'en')
  try {
    const { common, words: given } = readCommon(argv)
    terminal = createTerminal(common.json, common.lang)
    if (common.version) return print(`${version}\n`)
    if (common.help || given.length === 0) return given.length === 0 && !common.help ? usage() : print(helpText)
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

function print(text: string): number {
  process.stdout.write(text)
  return exitCodes.done
}

function usage(): number {
  process.stderr.write(helpText)
  return exitCodes.usage
}

function findWord(given: readonly string[]): { word: Word; length: number } {
  for (const length of [2, 1]) {
    const word = words[given.slice(0, length).join(' ')]
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
  const cwd = process.env.INIT_CWD ?? process.cwd()
  const dataDir = word.ownDataDir ? word.ownDataDir(common.dataDir, cwd) : chosenDataDir(common.dataDir, cwd)
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const engine = await createEngine({
    dataDir,
    copiesDir: common.dataDir === undefined && !word.ownDataDir ? join(homedir(), 'Documents', 'Lifeboat') : null,
    version,
    keychain: noKeychain,
    now: () => new Date(),
  })
  const follower = followJobs(engine, terminal)
  const answer = createAnswerer(common.passphraseFd)
  engine.subscribe((event) => {
    if (event.name !== 'prompt') return
    const { id } = event.value
    void answer(event.value).then((given) => engine.call('prompt.answer', { id, answer: given }))
  })
  const interrupt = interruptOnce(follower, engine)
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  try {
    return await work({
      call: engine.call,
      follow: follower.follow,
      say: common.lang === 'zh-CN' ? chinese : english,
      note: terminal.note,
      locale: common.lang,
      cwd,
    })
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
    await engine.stop()
  }
}

type Follower = { follow(jobId: string): Promise<Job>; current(): string | undefined }

function followJobs(engine: Engine, terminal: Terminal): Follower {
  let current: string | undefined
  const over = new Map<string, PromiseWithResolvers<Job>>()
  engine.subscribe((event) => {
    if (event.name !== 'job') return
    terminal.progress(event.value)
    if (isOver(event.value.state)) over.get(event.value.id)?.resolve(event.value)
  })
  return {
    current: () => current,
    async follow(jobId) {
      current = jobId
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

/** The first interrupt cancels in order; a second one does not wait. */
function interruptOnce(follower: Follower, engine: Engine): () => void {
  let before = false
  return () => {
    const id = follower.current()
    if (before || id === undefined) process.exit(exitCodes.failed)
    before = true
    void engine.call('job.cancel', { id }).catch(() => process.exit(exitCodes.failed))
  }
}

/** The folder of one run: the one that was named, else the one that the window uses. */
function chosenDataDir(named: string | undefined, cwd: string): string {
  return named === undefined ? defaultDataDir(process.platform, process.env, homedir()) : resolve(cwd, named)
}

/** The same place that Electron gives the app for its data. */
export function defaultDataDir(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, home: string): string {
  if (env.LIFEBOAT_DATA_DIR) return env.LIFEBOAT_DATA_DIR
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Lifeboat')
  if (platform === 'win32') return join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'Lifeboat')
  return join(env.XDG_CONFIG_HOME ?? join(home, '.config'), 'Lifeboat')
}
