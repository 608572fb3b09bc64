import type { ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test as base, expect } from '@playwright/test'
import type { ElectronApplication, Page } from 'playwright'
import { z } from 'zod'
import type { BridgeEvent, Reply } from '#shared/bridge.ts'
import type { CallName, Input } from '#shared/contract.ts'
import { launchApp, type LaunchOptions, type RunningApp } from './launch.ts'

/** What a test may want to be different from the app as it is: by default it runs on the stand-in engine. */
export type OpenOptions = Partial<LaunchOptions>

export const standIn = fileURLToPath(new URL('./stand-in-engine.ts', import.meta.url))

interface Fixtures {
  /** a data folder of the test's own */
  dataDir: string
  /** starts the app; it is ended with the test, whatever it asks then */
  open: (options?: OpenOptions) => Promise<RunningApp>
}

export const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of fixtures from here
  dataDir: async ({}, use) => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'lifeboat-shell-')))
    await use(folder)
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  },
  open: async ({ dataDir }, use) => {
    const children: ChildProcess[] = []
    await use(async (options = {}) => {
      const running = await launchApp({ dataDir, ...options, env: { LIFEBOAT_ENGINE: standIn, ...options.env } })
      children.push(running.app.process())
      return running
    })
    for (const child of children) await endProcess(child)
  },
})

/** Ends the app as SIGTERM does: without a question, and in order. Gives its exit code. */
export function end(app: ElectronApplication): Promise<number | null> {
  return endProcess(app.process())
}

async function endProcess(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await gone
  }
  return child.exitCode
}

/** A call as the page makes it. */
export async function call<C extends CallName>(page: Page, name: C, input: Input<C>): Promise<Reply<C>> {
  const reply = page.evaluate<Reply<C>, unknown[]>(
    (args): Promise<Reply<C>> => {
      const asked: Promise<Reply<C>> = Reflect.apply(window.lifeboat.call, window.lifeboat, args)
      return asked
    },
    [name, input],
  )
  return reply
}

/** Collects the events that the page hears from now on. */
export async function hearEvents(page: Page): Promise<() => Promise<BridgeEvent[]>> {
  const heard: BridgeEvent[] = []
  await page.exposeFunction('hear', (event: BridgeEvent) => void heard.push(event))
  await page.evaluate(() => {
    const hear: unknown = Reflect.get(window, 'hear')
    if (typeof hear === 'function') window.lifeboat.subscribe((event) => void Reflect.apply(hear, null, [event]))
  })
  return async () => heard
}

/** The text of the shell's log so far. */
export async function shellLog(dataDir: string): Promise<string> {
  return readFile(join(dataDir, 'logs', 'shell.log'), 'utf8').catch(() => '')
}

const questionsSchema = z.array(z.object({ message: z.string(), detail: z.string(), buttons: z.array(z.string()) }))
export type AskedQuestion = z.infer<typeof questionsSchema>[number]

/** Answers every message box of the main process with the button of this number, and keeps what was asked. */
export async function answerDialogs(app: ElectronApplication, response: number): Promise<void> {
  await app.evaluate(({ dialog }, chosen) => {
    const asked: unknown[] = []
    Reflect.set(globalThis, 'askedQuestions', asked)
    dialog.showMessageBox = (...args: unknown[]) => {
      asked.push(args.at(-1))
      return Promise.resolve({ response: chosen, checkboxChecked: false })
    }
  }, response)
}

export async function askedQuestions(app: ElectronApplication): Promise<AskedQuestion[]> {
  const asked = await app.evaluate(() => JSON.stringify(Reflect.get(globalThis, 'askedQuestions') ?? []))
  return questionsSchema.parse(JSON.parse(asked))
}

export { expect }
