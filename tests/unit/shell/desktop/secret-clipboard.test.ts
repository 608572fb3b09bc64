import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { clearAfterSeconds, secretClipboard } from '../../../../src/main/shell/desktop/secret-clipboard.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function desktop() {
  let text = 'from before'
  const clipboard = {
    readText: () => text,
    writeText: (next: string) => void (text = next),
    clear: () => void (text = ''),
  }
  return { clipboard, text: () => text }
}

test('a secret is on the clipboard for half a minute and no longer', async () => {
  const { clipboard, text } = desktop()
  await secretClipboard(clipboard).put('s3cret')
  await vi.advanceTimersByTimeAsync((clearAfterSeconds - 1) * 1000)
  expect(text()).toBe('s3cret')
  await vi.advanceTimersByTimeAsync(1000)
  expect(text()).toBe('')
})

test('what was copied meanwhile stays', async () => {
  const { clipboard, text } = desktop()
  await secretClipboard(clipboard).put('s3cret')
  clipboard.writeText('a recipe')
  await vi.advanceTimersByTimeAsync(clearAfterSeconds * 1000)
  expect(text()).toBe('a recipe')
})

test('a second secret has its own half minute', async () => {
  const { clipboard, text } = desktop()
  const secrets = secretClipboard(clipboard)
  await secrets.put('first')
  await vi.advanceTimersByTimeAsync(20_000)
  await secrets.put('second')
  await vi.advanceTimersByTimeAsync(20_000)
  expect(text()).toBe('second')
  await vi.advanceTimersByTimeAsync(10_000)
  expect(text()).toBe('')
})

test('locking and quitting take it off at once, and only a secret of ours', async () => {
  const { clipboard, text } = desktop()
  const secrets = secretClipboard(clipboard)
  await secrets.clear()
  expect(text()).toBe('from before')
  await secrets.put('s3cret')
  await secrets.clear()
  expect(text()).toBe('')
})

test('a clipboard that another program has open is tried again, and a secret is not forgotten before it is off', async () => {
  const { clipboard, text } = desktop()
  let busy: 'empty' | 'refused' | null = 'empty'
  const readText = (): string => {
    if (busy === 'refused') throw new Error('OpenClipboard failed')
    return busy === 'empty' ? '' : clipboard.readText()
  }
  const secrets = secretClipboard({ ...clipboard, readText })
  await secrets.put('s3cret')
  const cleared = secrets.clear()
  busy = null
  await vi.advanceTimersByTimeAsync(1000)
  await cleared
  expect(text()).toBe('')
  // for longer: whoever asked is told, and quitting tries again, or else the clock
  for (const quits of [true, false]) {
    busy = 'refused'
    await secrets.put('another')
    const refused = expect(secrets.clear()).rejects.toThrow('could not be read')
    await vi.advanceTimersByTimeAsync(2000)
    await refused
    busy = null
    if (quits) await secrets.clear()
    else await vi.advanceTimersByTimeAsync(clearAfterSeconds * 1000)
    expect(text()).toBe('')
  }
})
