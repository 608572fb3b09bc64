import { BrowserWindow, nativeTheme, screen } from 'electron'
import { appPage, mayNavigate } from '../guard/app-origin.ts'
import { placeWindow, smallestSize } from './placement.ts'
import type { Memory } from './remembered.ts'

export interface WindowOptions {
  memory: Memory
  preload: string
  icon: string
  title: string
  devTools: boolean
}

/** Long enough for a drag to end, short enough to be written before the power goes. */
const settleMs = 400

/** The window's own ground before its page paints, so that it never flashes: `bg` of the two themes. */
export function ground(): string {
  return nativeTheme.shouldUseDarkColors ? '#15181b' : '#f6f6f4'
}

/** Opens the one window where it was left, hidden until its first frame is there. */
export function openWindow({ memory, preload, icon, title, devTools }: WindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    ...placeWindow(memory.value.bounds, displayAreas()),
    minWidth: smallestSize.width,
    minHeight: smallestSize.height,
    title,
    icon,
    show: false,
    backgroundColor: ground(),
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      devTools,
    },
  })
  // The page's own title is not the window's: that one counts jobs.
  window.on('page-title-updated', (event) => event.preventDefault())
  window.once('ready-to-show', () => {
    if (memory.value.maximised) window.maximize()
    window.show()
  })
  // A jump to about:blank is made without asking anybody first: it is undone.
  window.webContents.on('did-navigate', (_event, address) => {
    if (!mayNavigate(address)) void window.loadURL(appPage)
  })
  rememberPlace(window, memory)
  void window.loadURL(appPage)
  return window
}

/** Brings the window before the operator, whatever it was. */
export function bringForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

/** Marks the window in the taskbar until somebody comes to it. */
export function drawAttention(window: BrowserWindow): void {
  window.flashFrame(true)
  window.off('focus', restore).once('focus', restore)
}

function restore(this: BrowserWindow): void {
  this.flashFrame(false)
}

function displayAreas() {
  const primary = screen.getPrimaryDisplay()
  const others = screen.getAllDisplays().filter((display) => display.id !== primary.id)
  return [primary, ...others].map((display) => display.workArea)
}

function rememberPlace(window: BrowserWindow, memory: Memory): void {
  let settling: NodeJS.Timeout | undefined
  const remember = (): void => {
    clearTimeout(settling)
    if (!window.isDestroyed() && !window.isMinimized())
      memory.remember({ bounds: window.getNormalBounds(), maximised: window.isMaximized() })
  }
  const later = (): void => {
    clearTimeout(settling)
    settling = setTimeout(remember, settleMs)
  }
  window.on('resize', later)
  window.on('move', later)
  window.on('maximize', later)
  window.on('unmaximize', later)
  window.on('close', remember)
  window.on('closed', () => clearTimeout(settling))
}
