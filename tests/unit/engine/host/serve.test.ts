import { describe, expect, it, vi } from 'vitest'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Keychain } from '#engine/host/keychain.ts'
import type { Port } from '#engine/host/port.ts'
import { serve, type Served } from '#engine/host/serve.ts'

type Message = { t: string; n?: number; [field: string]: unknown }
const options = { dataDir: '/d', copiesDir: null, logsDir: '/l', version: '9.9.9' }

/** The host's end of the line, with an engine behind it whose answers the test gives. */
function hosted(change: Partial<Served> = {}) {
  const sent: Message[] = []
  let onMessage: (message: unknown) => void = () => {}
  let onClose = (): void => {}
  let emit: (event: { name: string; value: unknown }) => void = () => {}
  let keychain: Keychain | undefined
  const exited = Promise.withResolvers<number>()
  const port: Port = {
    post: (message) => void sent.push(message as Message),
    onMessage: (listener) => (onMessage = listener),
    onClose: (listener) => (onClose = listener),
  }
  const engine: Served = {
    answer: async (_name, input) => ({ echo: input }),
    subscribe: (listener) => {
      emit = listener
      return () => {}
    },
    wake: () => {},
    stop: async () => {},
    ...change,
  }
  serve(
    port,
    async (_options, given) => {
      keychain = given
      return engine
    },
    exited.resolve,
  )
  const seen = async (t: string): Promise<Message> =>
    vi.waitFor(
      () => {
        const found = sent.find((message) => message.t === t)
        if (!found) throw new Error(`no ${t} yet`)
        return found
      },
      { timeout: 60_000 },
    )
  return {
    sent,
    seen,
    exited: exited.promise,
    tell: (message: unknown) => onMessage(message),
    close: () => onClose(),
    emit: (event: { name: string; value: unknown }) => emit(event),
    async start() {
      onMessage({ t: 'start', options })
      await seen('ready')
      if (!keychain) throw new Error('no keychain')
      return keychain
    },
  }
}

describe('calls', () => {
  it('are answered each under its own number', async () => {
    const host = hosted()
    await host.start()
    host.tell({ t: 'call', n: 7, name: 'job.list', input: { limit: 1 } })
    expect(await host.seen('reply')).toEqual({ t: 'reply', n: 7, ok: true, value: { echo: { limit: 1 } } })
  })

  it('come back with the failure of the engine, not as a crash', async () => {
    const answer = async (): Promise<never> => {
      throw new LifeboatFailure('disk-full', 'No space.', { detail: 'TOKEN=abcdef' })
    }
    const host = hosted({ answer })
    await host.start()
    host.tell({ t: 'call', n: 0, name: 'job.list', input: {} })
    const reply = await host.seen('reply')
    expect(reply).toMatchObject({ n: 0, ok: false, failure: { kind: 'disk-full', message: 'No space.' } })
    expect(JSON.stringify(reply)).not.toContain('abcdef')
  })

  it('before the start get a failure instead of silence', async () => {
    const host = hosted()
    host.tell({ t: 'call', n: 1, name: 'job.list', input: {} })
    expect(await host.seen('reply')).toMatchObject({ n: 1, ok: false })
  })
})

it.each([
  null,
  'x',
  1,
  [],
  {},
  { t: 'nonsense' },
  { t: 'call', n: -1 },
  { t: 'call', n: 1, name: '__proto__' },
  { t: 'answer', n: 1 },
])('is not disturbed by %j', async (message) => {
  const host = hosted()
  await host.start()
  host.tell(message)
  host.tell({ t: 'call', n: 3, name: 'job.list', input: {} })
  expect(await host.seen('reply')).toMatchObject({ n: 3, ok: true })
  expect(host.sent.map(({ t }) => t)).toEqual(['ready', 'reply'])
})

it('passes events on as they are', async () => {
  const host = hosted()
  await host.start()
  host.emit({ name: 'promptClosed', value: { id: 'x' } })
  expect(await host.seen('event')).toEqual({ t: 'event', name: 'promptClosed', value: { id: 'x' } })
})

describe('questions to the keychain', () => {
  it('get the answer with their number, whatever the order', async () => {
    const host = hosted()
    const keychain = await host.start()
    const first = keychain.get('a')
    const second = keychain.get('b')
    expect(host.sent.slice(1)).toMatchObject([
      { n: 0, input: { reference: 'a' } },
      { n: 1, input: { reference: 'b' } },
    ])
    host.tell({ t: 'answer', n: 1, ok: true, value: { secret: 'of b' } })
    host.tell({ t: 'answer', n: 0, ok: true, value: { secret: 'of a' } })
    expect(await Promise.all([first, second])).toEqual(['of a', 'of b'])
  })

  it('come back as the failure that the host tells', async () => {
    const host = hosted()
    const keychain = await host.start()
    const kept = keychain.set('a', 'secret')
    const failure = { kind: 'keychain-absent', message: 'None here.', remedy: 'r', retry: 'no' }
    host.tell({ t: 'answer', n: 0, ok: false, failure })
    await expect(kept).rejects.toMatchObject({ kind: 'keychain-absent', message: 'None here.' })
  })

  it('do not wait for a host that is gone: the engine could never end', async () => {
    let asking: Promise<unknown> = Promise.resolve()
    const host = hosted({
      stop: () =>
        asking.then(
          () => {},
          () => {},
        ),
    })
    const keychain = await host.start()
    asking = keychain.get('a')
    host.close()
    expect(await host.exited).toBe(0)
    await expect(asking).rejects.toMatchObject({ kind: 'engine-stopped' })
    await expect(keychain.get('b')).rejects.toMatchObject({ kind: 'engine-stopped' })
  })
})

describe('the end', () => {
  it('comes when it is told so, once, after the engine has ended in order', async () => {
    const order: string[] = []
    const stop = async (): Promise<void> => {
      await Promise.resolve()
      order.push('stopped')
    }
    const host = hosted({ stop })
    await host.start()
    host.tell({ t: 'stop' })
    host.tell({ t: 'stop' })
    host.close()
    expect(await host.exited).toBe(0)
    expect(order).toEqual(['stopped'])
  })

  it('comes also when the engine can not end in order, and says so by its code', async () => {
    const stop = async (): Promise<void> => {
      throw new Error('the catalogue does not close')
    }
    const host = hosted({ stop })
    await host.start()
    host.tell({ t: 'stop' })
    expect(await host.exited).toBe(1)
  })
})
