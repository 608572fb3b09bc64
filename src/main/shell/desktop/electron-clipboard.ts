import * as electron from 'electron'
import { writeSecret, type Writers } from './hidden-from-histories.ts'
import type { Clipboard } from './secret-clipboard.ts'

/** The desktop's clipboard, on which secrets are marked as such. */
export function electronClipboard(): Clipboard {
  const { clipboard } = electron
  // since Electron 44
  const writeAll: Writers['writeAll'] =
    'ClipboardItem' in electron ? (items) => clipboard.write([new electron.ClipboardItem(items)]) : null
  const writers: Writers = { writeText: (text) => clipboard.writeText(text), writeAll }
  return {
    readText: () => clipboard.readText(),
    writeText: (text) => writeSecret(text, writers, process.platform),
    clear: () => clipboard.clear(),
  }
}
