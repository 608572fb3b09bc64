import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { FromEngine, ToEngine } from '#shared/wire.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import type { EngineListeners } from '../../../../src/main/shell/host/engine-host.ts'
import { EngineLink } from '../../../../src/main/shell/host/engine-link.ts'

/** An engine on strings: the test says what it says and when it dies. */
class Puppet {
  readonly heard: ToEngine[] = []
  killed = false
  readonly #listeners: EngineListeners
  constructor(listeners: EngineListeners) {
    this.#listeners = listeners
  }
  say(message: FromEngine): void {
    this.#listeners.onMessage(message)
  }
  die(reason: string): void {
    this.#listeners.onExit(reason)
  }
  calls() {
    return this.heard.filter((message) => message.t === 'call')
  }
}

function setUp() {
  const puppets: Puppet[] = []
  const states: string[] = []
  const events: unknown[] = []
  const log = { info: vi.fn(), error: vi.fn() }
  const link = new EngineLink({
    host: {
      kind: 'node',
      start(listeners) {
        const puppet = new Puppet(listeners)
        puppets.push(puppet)
        return { post: (message) => puppet.heard.push(message), kill: () => (puppet.killed = true) }
      },
    },
    start: { dataDir: '/d', copiesDir: null, logsDir: '/d/logs', version: '1' },
    log,
    now: () => new Date(),
    answer: async (name) => {
      if (name === 'keychain.set') throw new LifeboatFailure('keychain-absent', 'No.')
      return { status: 'absent' }
    },
    onState: (state, reason) => states.push(reason === null ? state : `${state}: ${reason}`),
    onEvent: (event) => events.push(event),
  })
  const engine = () => {
    const last = puppets.at(-1)
    if (!last) throw new Error('no engine was started')
    return last
  }
  return { link, puppets, engine, states, events, log }
}

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const ready: FromEngine = { t: 'ready', version: '1' }

describe('a call', () => {
  test('is answered by the reply with its number', async () => {
    const { link, engine } = setUp()
    link.start()
    engine().say(ready)
    const first = link.call('server.list', {})
    const second = link.call('database.list', {})
    const [a, b] = engine().calls()
    engine().say({ t: 'reply', n: b?.n ?? -1, ok: true, value: 'second' })
    engine().say({ t: 'reply', n: a?.n ?? -1, ok: true, value: 'first' })
    expect([await first, await second]).toEqual([
      { ok: true, value: 'first' },
      { ok: true, value: 'second' },
    ])
  })
  test('starts the engine where nobody has, waits until it is ready, and keeps its turn', () => {
    const { link, engine, puppets } = setUp()
    void link.call('server.list', {})
    link.start()
    void link.call('copy.list', {})
    expect(puppets).toHaveLength(1)
    expect(engine().calls()).toEqual([])
    engine().say(ready)
    expect(
      engine()
        .calls()
        .map(({ name }) => name),
    ).toEqual(['server.list', 'copy.list'])
  })
  test.each([
    ['before it was ready', false],
    ['before it replied', true],
  ])('fails when the engine dies %s', async (_when, isReady) => {
    const { link, engine } = setUp()
    link.start()
    if (isReady) engine().say(ready)
    const call = link.call('server.list', {})
    engine().die('exit code 1')
    expect(await call).toMatchObject({ ok: false, failure: { kind: 'engine-stopped' } })
  })
  test('starts no engine any more once it was told to stop', async () => {
    const { link, puppets } = setUp()
    await link.stop()
    void link.call('server.list', {})
    expect(puppets).toEqual([])
  })
  test('is not sent a second time to the next engine', async () => {
    const { link, engine } = setUp()
    link.start()
    void link.call('backup.start', { databaseId: 'd' })
    engine().die('exit code 1')
    await vi.advanceTimersByTimeAsync(0)
    engine().say(ready)
    expect(engine().calls()).toEqual([])
  })
  test('fails at once when the engine is gone', async () => {
    const { link, engine } = setUp()
    link.start()
    engine().die('exit code 1')
    expect(await link.call('server.list', {})).toMatchObject({ failure: { kind: 'engine-stopped' } })
  })
})

describe('an engine that crashes', () => {
  test('is shown, with the reason, and started again: at once, after 1 s, after 5 s', async () => {
    const { link, puppets, engine, states } = setUp()
    link.start()
    engine().say(ready)
    engine().die('ended by SIGSEGV')
    expect(states).toEqual(['starting', 'running', 'stopped: ended by SIGSEGV'])
    await vi.advanceTimersByTimeAsync(0)
    expect(puppets).toHaveLength(2)
    expect(engine().heard[0]?.t).toBe('start')
    engine().die('again')
    await vi.advanceTimersByTimeAsync(999)
    expect(puppets).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(1)
    expect(puppets).toHaveLength(3)
    engine().die('again')
    await vi.advanceTimersByTimeAsync(4999)
    expect(puppets).toHaveLength(3)
    await vi.advanceTimersByTimeAsync(1)
    expect(puppets).toHaveLength(4)
  })
  test('five times in a minute stays down until somebody asks for it', async () => {
    const { link, puppets, engine, states } = setUp()
    link.start()
    for (let n = 0; n < 5; n += 1) {
      engine().die('again')
      await vi.advanceTimersByTimeAsync(5000)
    }
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(puppets).toHaveLength(5)
    expect(states.at(-1)).toBe('stopped: again')
    link.start()
    engine().say(ready)
    expect(link.state).toBe('running')
    engine().die('once more')
    await vi.advanceTimersByTimeAsync(0)
    expect(puppets).toHaveLength(7)
  })
  test('now and then is always started again at once', async () => {
    const { link, puppets, engine } = setUp()
    link.start()
    for (let n = 0; n < 12; n += 1) {
      engine().die('again')
      await vi.advanceTimersByTimeAsync(0)
      expect(puppets).toHaveLength(n + 2)
      await vi.advanceTimersByTimeAsync(61_000)
    }
  })
  test('is not started twice when somebody asks during the wait', async () => {
    const { link, puppets, engine } = setUp()
    link.start()
    engine().die('a')
    await vi.advanceTimersByTimeAsync(0)
    engine().die('b')
    link.start()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(puppets).toHaveLength(3)
  })
})

describe('the end', () => {
  test('is in order: the engine is told, and not started again', async () => {
    const { link, puppets, engine } = setUp()
    link.start()
    engine().say(ready)
    const stopped = link.stop()
    expect(engine().heard.at(-1)).toEqual({ t: 'stop' })
    engine().die('exit code 0')
    await stopped
    await vi.advanceTimersByTimeAsync(60_000)
    expect(puppets).toHaveLength(1)
  })
  test('comes by force when the engine does not end', async () => {
    const { link, engine } = setUp()
    link.start()
    const stopped = link.stop()
    await vi.advanceTimersByTimeAsync(9_999)
    expect(engine().killed).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(engine().killed).toBe(true)
    engine().die('ended by SIGKILL')
    await stopped
  })
  test('also comes while a restart is waited for', async () => {
    const { link, puppets, engine } = setUp()
    link.start()
    engine().die('a')
    await link.stop()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(puppets).toHaveLength(1)
  })
})

describe('a restart', () => {
  test('ends a living engine in order and starts the next', async () => {
    const { link, puppets, engine, states } = setUp()
    link.start()
    engine().say(ready)
    const restarted = link.restart()
    expect(engine().heard.at(-1)).toEqual({ t: 'stop' })
    engine().die('exit code 0')
    await restarted
    engine().say(ready)
    expect(puppets).toHaveLength(2)
    expect(states).toEqual(['starting', 'running', 'stopped', 'starting', 'running'])
    engine().die('a crash after it')
    await vi.advanceTimersByTimeAsync(0)
    expect(puppets).toHaveLength(3)
  })
  test('starts one that stays down, and only one', async () => {
    const { link, puppets, engine } = setUp()
    link.start()
    engine().die('a')
    await vi.advanceTimersByTimeAsync(0)
    engine().die('b')
    await Promise.all([link.restart(), link.restart()])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(puppets).toHaveLength(3)
  })
  test('asked for twice is one', async () => {
    const { link, puppets, engine } = setUp()
    link.start()
    engine().say(ready)
    const both = Promise.all([link.restart(), link.restart()])
    engine().die('exit code 0')
    await both
    await vi.advanceTimersByTimeAsync(60_000)
    expect(puppets).toHaveLength(2)
  })
  test('does not keep the app from ending', async () => {
    const { link, puppets, engine } = setUp()
    link.start()
    engine().say(ready)
    const both = Promise.all([link.restart(), link.stop()])
    engine().die('exit code 0')
    await both
    await vi.advanceTimersByTimeAsync(60_000)
    expect(puppets).toHaveLength(1)
  })
})

describe('what the engine says', () => {
  test('of the contract is passed on, anything else is not', () => {
    const { link, engine, events, log } = setUp()
    link.start()
    engine().say({ t: 'event', name: 'promptClosed', value: { id: 'p' } })
    engine().say({ t: 'event', name: 'promptClosed', value: { id: 7 } })
    engine().say({ t: 'event', name: 'format-disk', value: {} })
    expect(events).toEqual([{ name: 'promptClosed', value: { id: 'p' } }])
    expect(log.error).toHaveBeenCalledTimes(2)
  })
  test('as a question is answered, a refusal too', async () => {
    const { link, engine } = setUp()
    link.start()
    engine().say({ t: 'ask', n: 4, name: 'keychain.status', input: {} })
    engine().say({ t: 'ask', n: 5, name: 'keychain.set', input: { reference: 'a', secret: 's' } })
    await vi.advanceTimersByTimeAsync(0)
    expect(engine().heard).toContainEqual({ t: 'answer', n: 4, ok: true, value: { status: 'absent' } })
    const refusal = engine().heard.find((message) => message.t === 'answer' && message.n === 5)
    expect(refusal).toMatchObject({ ok: false, failure: { kind: 'keychain-absent' } })
  })
})

test('the engine hears that the computer was asleep', () => {
  const { link, engine } = setUp()
  link.start()
  engine().say(ready)
  link.wake()
  expect(engine().heard.at(-1)).toEqual({ t: 'wake' })
})
