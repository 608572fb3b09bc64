import { ipcMain, type BrowserWindow } from 'electron'
import type { BridgeEvent } from '#shared/bridge.ts'
import { callChannel, eventChannel } from '#shared/channels.ts'
import { LifeboatFailure, toFailure } from '#shared/failure.ts'
import { answerCall, type Desk } from './calls/answer-call.ts'
import { isTrustedSender } from './guard/sender.ts'

/** Listens to the calls of the window, and to nobody else's. */
export function listenToWindow(window: () => BrowserWindow | null, desk: Desk): void {
  ipcMain.handle(callChannel, (event, name: unknown, input: unknown) => {
    if (isTrustedSender(event.senderFrame, event.sender.id, window()?.webContents.id ?? null))
      return answerCall(desk, name, input)
    desk.log.error('a call from somewhere else than the window was refused')
    return { ok: false, failure: toFailure(new LifeboatFailure('invalid-input', 'Only the window may ask.')) }
  })
}

/** Tells the window; one that is not there will read the state anew when it opens. */
export function tellWindow(window: BrowserWindow | null, event: BridgeEvent): void {
  if (window && !window.isDestroyed() && !window.webContents.isCrashed()) window.webContents.send(eventChannel, event)
}
