import { isAppAddress } from './app-origin.ts'

/** As much of Electron's frame as the decision needs. */
export interface SenderFrame {
  readonly url: string
  readonly parent: object | null
}

/**
 * Whether a message may be listened to: it comes from the top frame of the app's own window, and that frame
 * shows the app's own page. A frame that is gone already (null) is nobody.
 */
export function isTrustedSender(frame: SenderFrame | null, senderId: number, windowId: number | null): boolean {
  return frame !== null && frame.parent === null && senderId === windowId && isAppAddress(frame.url)
}
