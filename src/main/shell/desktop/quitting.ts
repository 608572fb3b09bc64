import { app, dialog, type BrowserWindow } from 'electron'
import type { Job } from '#shared/job.ts'
import { printable } from '#shared/name.ts'
import type { EngineLink } from '../host/engine-link.ts'
import type { Log } from '../log.ts'
import type { Words } from '../words.ts'

export interface QuitOptions {
  engine: Pick<EngineLink, 'stop'>
  /** done before the engine is ended; whatever comes of it, the way out stays open */
  beforeEnd(): Promise<void>
  running(): readonly Job[]
  words(): Words
  window(): BrowserWindow | null
  log: Log
}

export interface Quitting {
  /** asks when jobs are running, then quits */
  quit(): void
  /** keeps a window from being closed over running jobs, where closing it means quitting */
  guard(window: BrowserWindow): void
}

/** The way out: running jobs are never cut without a question, and the engine is ended in order. */
export function arrangeQuitting({ engine, beforeEnd, running, words, window, log }: QuitOptions): Quitting {
  let agreed = false
  let asking = false
  const mayGo = (): boolean => agreed || running().length === 0

  const ask = async (): Promise<void> => {
    if (asking) return
    asking = true
    try {
      agreed = await mayCut(window(), running(), words(), 'quit')
    } finally {
      asking = false
    }
    if (agreed) app.quit()
  }
  const hold = (event: { preventDefault(): void }): void => {
    if (mayGo()) return
    event.preventDefault()
    ask().catch((error: unknown) => log.error('the question before quitting failed', error))
  }

  app.on('before-quit', hold)
  app.on('will-quit', (event) => {
    event.preventDefault()
    void beforeEnd()
      .catch((error: unknown) => log.error('the clipboard could not be cleared', error))
      .then(() => engine.stop())
      .finally(() => app.exit(0))
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      // Whoever sends a signal has decided, and a session that ends can not wait for an answer.
      agreed = true
      app.quit()
    })

  return {
    quit: () => app.quit(),
    guard: (guarded) => {
      if (process.platform !== 'darwin') guarded.on('close', hold)
    },
  }
}

/** Whether the running jobs may be cut; `what`: for what. */
export async function mayCut(
  window: BrowserWindow | null,
  jobs: readonly Job[],
  { quit }: Words,
  what: 'quit' | 'restart',
): Promise<boolean> {
  const options = {
    type: 'warning' as const,
    message: quit.message(jobs.length),
    detail: quit.detail[what](jobs.map((job) => printable(job.subject)).join('\n')),
    buttons: [quit.keep, quit[what]],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  }
  const { response } = await (window ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options))
  return response === 1
}
