import { Menu, Tray } from 'electron'
import type { Words } from '../words.ts'

/** Desktops of Linux that show the icons of a tray without an extension. */
const withTray = /KDE|XFCE|MATE|LXQt|Cinnamon|Unity|Pantheon|Budgie|Deepin|ubuntu/i

/** Whether a tray icon would be seen: macOS has its dock, and not every desktop of Linux has a tray. */
export function trayMakesSense(platform: string, desktop: string | undefined): boolean {
  if (platform === 'win32') return true
  return platform === 'linux' && desktop !== undefined && withTray.test(desktop)
}

export interface TrayIcon {
  /** the sentence that the pointer shows */
  say(state: string): void
  speak(words: Words['tray']): void
}

/** The icon in the tray: what runs, and the way back to the window. */
export function showTray(image: string, words: Words['tray'], act: { open(): void; quit(): void }): TrayIcon {
  const tray = new Tray(image)
  tray.on('click', act.open)
  const speak = (spoken: Words['tray']): void =>
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: spoken.open, click: act.open },
        { type: 'separator' },
        { label: spoken.quit, click: act.quit },
      ]),
    )
  speak(words)
  return { speak, say: (state) => tray.setToolTip(state) }
}
