import { app, powerSaveBlocker, type BrowserWindow } from 'electron'
import type { Job } from '#shared/job.ts'
import type { EngineState } from '../host/engine-link.ts'
import type { Words } from '../words.ts'
import { progressOf, type Progress } from './jobs-seen.ts'
import type { TrayIcon } from './tray.ts'

export interface Status {
  window: BrowserWindow | null
  tray: TrayIcon | null
  words: Words
  engine: EngineState
  running: readonly Job[]
}

/** Shows what runs wherever the desktop has a place for it. */
export function showStatus({ window, tray, words, engine, running }: Status): void {
  const title = words.title(running.length)
  if (window && !window.isDestroyed()) {
    window.setTitle(title)
    showProgress(window, progressOf(running))
  }
  if (process.platform === 'darwin') app.setBadgeCount(running.length)
  tray?.say(engine === 'stopped' ? words.tray.stopped : running.length === 0 ? words.tray.idle : title)
}

function showProgress(window: BrowserWindow, progress: Progress): void {
  // Only Windows can draw a bar without an end; elsewhere it would look like 100 %.
  const unknown = process.platform === 'win32' ? 2 : -1
  switch (progress.kind) {
    case 'none':
      return window.setProgressBar(-1)
    case 'unknown':
      return window.setProgressBar(unknown)
    case 'fraction':
      return window.setProgressBar(progress.value)
  }
}

let blocker: number | null = null

/** While something runs the computer does not fall asleep by itself; closing the lid still works. */
export function keepAwake(wanted: boolean): void {
  if (wanted && blocker === null) blocker = powerSaveBlocker.start('prevent-app-suspension')
  if (wanted || blocker === null) return
  powerSaveBlocker.stop(blocker)
  blocker = null
}
