import { dialog, type BrowserWindow } from 'electron'
import type { Log } from '../log.ts'
import type { Words } from '../words.ts'

export interface RecoveryOptions {
  words(): Words
  log: Log
  now: () => Date
  quit(): void
}

const crashesInWindow = 3
const windowMs = 60_000

/**
 * Brings the page back when its process has died, and says so; asks first when that happens again and again.
 * A page that hangs is reported with the choice to wait.
 */
export function recoverWindow(window: BrowserWindow, options: RecoveryOptions): void {
  const crashes: number[] = []
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    options.log.error(`the window's process is gone: ${reason}, exit code ${exitCode}`)
    const now = options.now().getTime()
    crashes.push(now)
    if (crashes.filter((at) => now - at < windowMs).length < crashesInWindow) reopen(window, options)
    else void askToReopen(window, options)
  })
  watchHang(window, options)
}

function reopen(window: BrowserWindow, { words, log }: RecoveryOptions): void {
  const { crash, ok } = words()
  window.reload()
  dialog
    .showMessageBox(window, { type: 'info', message: crash.message, detail: crash.detail, buttons: [ok] })
    .catch((error: unknown) => log.error('the notice could not be shown', error))
}

async function askToReopen(window: BrowserWindow, { words, quit }: RecoveryOptions): Promise<void> {
  const { crash } = words()
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: crash.again,
    detail: crash.againDetail,
    buttons: [crash.reload, crash.quit],
    defaultId: 0,
    cancelId: 0,
  })
  if (response === 1) quit()
  else if (!window.isDestroyed()) window.reload()
}

function watchHang(window: BrowserWindow, { words, log }: RecoveryOptions): void {
  let asking: AbortController | null = null
  window.on('responsive', () => asking?.abort())
  window.on('unresponsive', () => {
    if (asking) return
    log.error('the window does not answer')
    asking = new AbortController()
    const { unresponsive } = words()
    dialog
      .showMessageBox(window, {
        type: 'warning',
        message: unresponsive.message,
        detail: unresponsive.detail,
        buttons: [unresponsive.wait, unresponsive.reload],
        defaultId: 0,
        cancelId: 0,
        signal: asking.signal,
      })
      .then(({ response }) => {
        if (response === 1 && !window.isDestroyed()) window.webContents.forcefullyCrashRenderer()
      })
      .catch((error: unknown) => log.error('the question could not be asked', error))
      .finally(() => (asking = null))
  })
}
