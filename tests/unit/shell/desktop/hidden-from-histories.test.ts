import { expect, test } from 'vitest'
import { writeSecret } from '../../../../src/main/shell/desktop/hidden-from-histories.ts'

const format = (name: string): string => `electron application/osclipboard;format="${name}"`

/** What lies on the clipboard, by format. */
function desktop(how: 'new' | 'old' | 'refusing') {
  const held = new Map<string, string>()
  const writeText = (text: string): void => {
    held.clear()
    held.set('text/plain', text)
  }
  const writeAll = async (items: Record<string, string | Blob>): Promise<void> => {
    if (how === 'refusing') throw new Error('no such format')
    held.clear()
    for (const [name, item] of Object.entries(items))
      held.set(name, typeof item === 'string' ? item : Buffer.from(await item.arrayBuffer()).toString('latin1'))
  }
  return { held, writers: { writeText, writeAll: how === 'old' ? null : writeAll } }
}

test.each([
  ['win32', { ExcludeClipboardContentFromMonitorProcessing: '\0\0\0\0', CanIncludeInClipboardHistory: '\0\0\0\0' }],
  ['win32', { CanUploadToCloudClipboard: '\0\0\0\0' }],
  ['darwin', { 'org.nspasteboard.ConcealedType': 'secret' }],
  ['linux', { 'x-kde-passwordManagerHint': 'secret' }],
])('on %s the text lies there with the mark that keeps it out of histories', async (platform, marks) => {
  const { held, writers } = desktop('new')
  await writeSecret('s3cret', writers, platform)
  expect(held.get('text/plain')).toBe('s3cret')
  for (const [name, bytes] of Object.entries(marks)) expect([name, held.get(format(name))]).toEqual([name, bytes])
})

test.each([
  ['an Electron that writes one format only', 'old', 'linux'],
  ['a system that takes no mark', 'refusing', 'darwin'],
  ['a system without a mark', 'new', 'freebsd'],
] as const)('on %s the text alone is copied', async (_what, how, platform) => {
  const { held, writers } = desktop(how)
  await writeSecret('s3cret', writers, platform)
  expect([...held]).toEqual([['text/plain', 's3cret']])
})
