import type { MenuItemConstructorOptions } from 'electron'
import type { Events } from '#shared/contract.ts'
import type { Words } from '../words.ts'

export type Command = Events['command']['name']

export interface MenuOptions {
  words: Words['menu']
  mac: boolean
  devTools: boolean
  /** the window is told */
  command(name: Command): void
  openLogs(): void
  quit(): void
}

type Item = MenuItemConstructorOptions
const line: Item = { type: 'separator' }

/** The menu with every shortcut: of the app on macOS, of the window elsewhere. */
export function menuTemplate(options: MenuOptions): Item[] {
  const { words, mac } = options
  return [
    ...(mac ? [appMenu(options)] : []),
    { label: words.file, submenu: fileItems(options) },
    { label: words.edit, submenu: editItems(words) },
    { label: words.view, submenu: viewItems(options) },
    ...(mac ? [windowMenu(words)] : []),
    { label: words.help, role: 'help', submenu: helpItems(options) },
  ]
}

function goTo(options: MenuOptions, name: Command, label: string, accelerator: string): Item {
  return { label, accelerator, click: () => options.command(name) }
}

function appMenu(options: MenuOptions): Item {
  const { words } = options
  return {
    label: 'Lifeboat',
    submenu: [
      { label: words.about, role: 'about' },
      line,
      goTo(options, 'settings', words.settings, 'CmdOrCtrl+,'),
      line,
      { label: words.hide, role: 'hide' },
      { label: words.hideOthers, role: 'hideOthers' },
      { label: words.showAll, role: 'unhide' },
      line,
      { label: words.quit, accelerator: 'Cmd+Q', click: options.quit },
    ],
  }
}

function fileItems(options: MenuOptions): Item[] {
  const { words, mac } = options
  const addServer = goTo(options, 'add-server', words.addServer, 'CmdOrCtrl+N')
  if (mac) return [addServer, line, { label: words.close, role: 'close' }]
  return [
    addServer,
    goTo(options, 'settings', words.settings, 'CmdOrCtrl+,'),
    line,
    { label: words.quit, accelerator: 'Ctrl+Q', click: options.quit },
  ]
}

function editItems(words: Words['menu']): Item[] {
  return [
    { label: words.undo, role: 'undo' },
    { label: words.redo, role: 'redo' },
    line,
    { label: words.cut, role: 'cut' },
    { label: words.copy, role: 'copy' },
    { label: words.paste, role: 'paste' },
    { label: words.selectAll, role: 'selectAll' },
  ]
}

function viewItems(options: MenuOptions): Item[] {
  const { words, devTools } = options
  const forMakers: Item[] = [
    line,
    { label: words.reload, role: 'reload' },
    { label: words.devTools, role: 'toggleDevTools' },
  ]
  return [
    goTo(options, 'palette', words.palette, 'CmdOrCtrl+K'),
    line,
    goTo(options, 'overview', words.overview, 'CmdOrCtrl+1'),
    goTo(options, 'servers', words.servers, 'CmdOrCtrl+2'),
    goTo(options, 'copies', words.copies, 'CmdOrCtrl+3'),
    goTo(options, 'vault', words.vault, 'CmdOrCtrl+4'),
    goTo(options, 'activity', words.activity, 'CmdOrCtrl+5'),
    line,
    goTo(options, 'lock-vault', words.lockVault, 'CmdOrCtrl+L'),
    line,
    { label: words.zoomIn, role: 'zoomIn' },
    { label: words.zoomOut, role: 'zoomOut' },
    { label: words.zoomReset, role: 'resetZoom' },
    { label: words.fullScreen, role: 'togglefullscreen' },
    ...(devTools ? forMakers : []),
  ]
}

function windowMenu(words: Words['menu']): Item {
  return { label: words.window, role: 'window', submenu: [{ label: words.minimise, role: 'minimize' }] }
}

function helpItems({ words, mac, openLogs }: MenuOptions): Item[] {
  const logs: Item = { label: words.logs, click: openLogs }
  return mac ? [logs] : [logs, line, { label: words.about, role: 'about' }]
}
