import { describe, expect, test, vi } from 'vitest'
import { confirmedCalls } from '#shared/contract.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import { answerCall, type Desk, type ShellHandlers } from '../../../../src/main/shell/calls/answer-call.ts'

const nothing = async () => ({})

function setUp(change: { confirm?: Desk['confirm']; shell?: Partial<ShellHandlers> } = {}) {
  const call = vi.fn<Desk['engine']['call']>(async () => ({ ok: true, value: 'done' }))
  const log = { info: vi.fn(), error: vi.fn() }
  const shell: ShellHandlers = {
    'shell.facts': async () => ({
      platform: 'linux',
      electron: '45',
      trialRuntime: false,
      desktopLanguage: 'en',
      language: 'en',
      engine: 'running',
    }),
    'shell.showInFolder': nothing,
    'shell.openLogs': nothing,
    'shell.chooseFolder': async () => ({ folder: null }),
    'shell.chooseFile': async () => ({ file: null }),
    'shell.setTheme': nothing,
    'shell.saveText': async () => ({ file: null }),
    'shell.copyText': nothing,
    'shell.copySecret': async () => ({ seconds: 30 }),
    'shell.restartEngine': nothing,
    ...change.shell,
  }
  const confirm = change.confirm ?? (async () => true)
  const desk: Desk = { engine: { call }, shell, confirm, log }
  return { desk, call, log }
}

describe('a call of the window', () => {
  test('is passed on with its defaults filled in and nothing else in it', async () => {
    const { desk, call } = setUp()
    expect(await answerCall(desk, 'job.list', { extra: 1 })).toEqual({ ok: true, value: 'done' })
    expect(call).toHaveBeenCalledWith('job.list', { limit: 200 })
  })
  test('for the shell is answered here', async () => {
    const { desk, call } = setUp()
    expect(await answerCall(desk, 'shell.facts', {})).toMatchObject({ ok: true, value: { electron: '45' } })
    expect(call).not.toHaveBeenCalled()
  })
  test.each(['nope', 'toString', '__proto__', 'constructor', '', 7, null, undefined, ['server.list'], {}])(
    '%j is unknown and refused',
    async (name) => {
      const { desk, call } = setUp()
      expect(await answerCall(desk, name, {})).toMatchObject({ ok: false, failure: { kind: 'invalid-input' } })
      expect(call).not.toHaveBeenCalled()
    },
  )
  test.each([
    ['copy.show', {}],
    ['copy.show', { id: 7 }],
    ['copy.show', null],
    ['copy.show', 'x'],
    ['server.add', { name: 'a/b', host: 'h' }],
    ['shell.setTheme', { theme: 'pink' }],
    ['shell.chooseFile', { kind: 'any' }],
  ])('%s with %j is refused', async (name, input) => {
    const { desk, call } = setUp()
    expect(await answerCall(desk, name, input)).toMatchObject({ ok: false, failure: { kind: 'invalid-input' } })
    expect(call).not.toHaveBeenCalled()
  })
  test('that is refused does not repeat a secret that was in it', async () => {
    const { desk, log } = setUp()
    const input = { id: 'p', answer: { kind: 'secret', answers: 'hunter2', remember: 'hunter2' } }
    const result = await answerCall(desk, 'prompt.answer', input)
    expect(result.ok).toBe(false)
    expect(JSON.stringify(result)).not.toContain('hunter2')
    expect(JSON.stringify(log.error.mock.calls)).not.toContain('hunter2')
  })
  test('whose handler throws is a failure, and a bug is written down', async () => {
    const { desk, log } = setUp({ shell: { 'shell.openLogs': () => Promise.reject(new TypeError('x')) } })
    expect(await answerCall(desk, 'shell.openLogs', {})).toMatchObject({ ok: false, failure: { kind: 'bug' } })
    expect(log.error).toHaveBeenCalled()
    const refusing = setUp({
      shell: { 'shell.openLogs': () => Promise.reject(new LifeboatFailure('not-found', 'No.')) },
    })
    expect(await answerCall(refusing.desk, 'shell.openLogs', {})).toMatchObject({ failure: { kind: 'not-found' } })
    expect(refusing.log.error).not.toHaveBeenCalled()
  })
})

describe.each(confirmedCalls)('%s', (name) => {
  const input = {
    id: 'x',
    host: 'h',
    port: 22,
    way: '',
    type: 'ssh-rsa',
    databaseId: 'd',
    file: '.env',
    to: '/tmp/out',
    format: 'bitwarden',
    reference: 'vault:passphrase',
  }
  test('is done when the operator agrees', async () => {
    const { desk, call } = setUp()
    expect(await answerCall(desk, name, input)).toMatchObject({ ok: true })
    expect(call).toHaveBeenCalledTimes(1)
  })
  test('is not done when he declines', async () => {
    const { desk, call } = setUp({ confirm: async () => false })
    expect(await answerCall(desk, name, input)).toMatchObject({ ok: false, failure: { kind: 'cancelled' } })
    expect(call).not.toHaveBeenCalled()
  })
  test('is not done when he could not be asked', async () => {
    const confirm = () => Promise.reject(new LifeboatFailure('not-found', 'Gone.'))
    const { desk, call } = setUp({ confirm })
    expect(await answerCall(desk, name, input)).toMatchObject({ ok: false, failure: { kind: 'not-found' } })
    expect(call).not.toHaveBeenCalled()
  })
})

test('what destroys nothing is not asked about', async () => {
  const confirm = vi.fn(async () => false)
  const { desk } = setUp({ confirm })
  for (const [name, input] of [
    ['server.test', { id: 's' }],
    ['job.cancel', { id: 'j' }],
  ] as const)
    expect(await answerCall(desk, name, input)).toMatchObject({ ok: true })
  expect(confirm).not.toHaveBeenCalled()
})
