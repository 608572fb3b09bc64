import { describe, expect, test } from 'vitest'
import { askNames, fromEngineSchema, hostAsks, readEvent, toEngineSchema } from '#shared/wire.ts'
import { engineEvents } from '#shared/contract.ts'

const failure = { kind: 'bug', message: 'm', remedy: 'r', retry: 'later' }
const options = { dataDir: '/d', copiesDir: null, logsDir: '/d/logs', version: '0.1.0' }

describe('what the host says', () => {
  test.each([
    { t: 'start', options },
    { t: 'call', n: 0, name: 'server.list', input: {} },
    { t: 'answer', n: 3, ok: true, value: { secret: null } },
    { t: 'answer', n: 3, ok: false, failure },
    { t: 'wake' },
    { t: 'stop' },
  ])('$t is understood and comes out unchanged', (message) => {
    expect(toEngineSchema.parse(message)).toEqual(message)
  })

  test.each([
    ['a call that the contract does not know', { t: 'call', n: 0, name: 'server.format', input: {} }],
    ['a name that every object inherits', { t: 'call', n: 0, name: 'constructor', input: {} }],
    ['a shell call, which is none of the engine', { t: 'call', n: 0, name: 'shell.openLogs', input: {} }],
    ['a call without a number', { t: 'call', name: 'server.list', input: {} }],
    ['an answer that is neither', { t: 'answer', n: 3, value: 1 }],
    ['a failure of no known kind', { t: 'answer', n: 3, ok: false, failure: { ...failure, kind: 'odd' } }],
    ['a start without a data folder', { t: 'start', options: { ...options, dataDir: '' } }],
    ['another word', { t: 'eval', code: '1' }],
    ['no object', 'stop'],
  ])('%s is refused', (_what, message) => {
    expect(toEngineSchema.safeParse(message).success).toBe(false)
  })
})

describe('what the engine says', () => {
  test.each([
    { t: 'ready', version: '0.1.0' },
    { t: 'reply', n: 1, ok: true, value: [{ id: 'x' }] },
    { t: 'reply', n: 1, ok: false, failure },
    { t: 'event', name: 'promptClosed', value: { id: 'p' } },
    { t: 'ask', n: 2, name: 'keychain.get', input: { reference: 'server:1' } },
  ])('$t is understood and comes out unchanged', (message) => {
    expect(fromEngineSchema.parse(message)).toEqual(message)
  })

  test.each([
    ['an ask for something that the host does not give', { t: 'ask', n: 2, name: 'shell.exec', input: {} }],
    ['a reply without an outcome', { t: 'reply', n: 1, value: 1 }],
    ['a reply with a broken number', { t: 'reply', n: -1, ok: true, value: 1 }],
  ])('%s is refused', (_what, message) => {
    expect(fromEngineSchema.safeParse(message).success).toBe(false)
  })
})

test('every ask that is defined can be sent', () => {
  expect([...askNames].sort()).toEqual(Object.keys(hostAsks).sort())
})

test('a reference to a secret is never empty', () => {
  expect(hostAsks['keychain.set'].input.safeParse({ reference: '', secret: 's' }).success).toBe(false)
})

describe('events', () => {
  test('of every name in the contract are read', () => {
    // A name that is missing in readEvent would be dropped in silence: it answers null instead of refusing the value.
    for (const name of Object.keys(engineEvents)) expect(() => readEvent({ name, value: undefined })).toThrow()
  })
  test('of another name are told apart', () => {
    expect(readEvent({ name: 'engine', value: { state: 'running', reason: null } })).toBeNull()
  })
  test('carry their value', () => {
    const event = { name: 'changed', value: { words: ['copy'] } }
    expect(readEvent(event)).toEqual(event)
  })
})
