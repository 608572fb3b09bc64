import { describe, expect, it } from 'vitest'
import type { Answer } from '#shared/prompt.ts'
import type { Server } from '#shared/server.ts'
import { connectServer } from '#engine/servers/connect.ts'
import type { Question } from '#engine/servers/secrets.ts'
import { rig, rigAvailable } from './machine/rig.ts'
import { catalogueIn, noon, scratch } from '../support/copies.ts'
import { jumpIntoOtherNetwork } from './other-network.ts'
import { nobodyAnswers, serverOf, world, type World } from './servers-support.ts'

const accept = (question: Question): Answer =>
  question.kind === 'host-key' ? { kind: 'host-key', accept: true } : nobodyAnswers(question)

const type =
  (...secrets: string[]) =>
  (question: Question): Answer => {
    if (question.kind !== 'secret') return nobodyAnswers(question)
    return { kind: 'secret', answers: [secrets.shift() ?? 'none left'], remember: true }
  }

/** Logs in, runs one command to see that the line works, and goes. */
async function login(server: Server, context: World): Promise<string> {
  const connection = await connectServer(server, context)
  try {
    return (await connection.run(['id', '-un'], { signal: context.signal })).stdout.trim()
  } finally {
    await connection.end()
  }
}

const operator = (change: Partial<Server> = {}) => serverOf(rig().users.operator, change)

describe.skipIf(!rigAvailable())('a host key that nobody vouches for', () => {
  it('is shown; once accepted it is pinned, used, and never asked for again', async () => {
    const here = world(accept)
    const server = operator({ hostKey: null })
    expect(await login(server, here)).toBe('operator')
    const known = rig().ssh.hostKeys.map(({ fingerprint }) => fingerprint)
    expect(here.asked).toMatchObject([
      { kind: 'host-key', server: 'operator', key: { host: server.host, port: server.port } },
    ])
    expect(known).toContain(here.pins[0]?.fingerprint)
    expect(await login(server, { ...here, ask: async (question) => nobodyAnswers(question) })).toBe('operator')
    expect(here.pins).toHaveLength(1)
  })

  it.each([
    ['declined', (): Answer => ({ kind: 'host-key', accept: false })],
    ['answered with something else', (): Answer => ({ kind: 'secret', answers: ['yes'], remember: false })],
  ])('keeps the door shut and pins nothing when it is %s', async (_, answer) => {
    const here = world(answer)
    await expect(login(operator({ hostKey: null }), here)).rejects.toMatchObject({ kind: 'host-key-unknown' })
    expect(here.pins).toEqual([])
  })

  it('is what the failure speaks of where nobody is there to answer', async () => {
    const { LifeboatFailure } = await import('#shared/failure.ts')
    const here = world(() => {
      throw new LifeboatFailure('answer-needed', 'nobody')
    })
    await expect(login(operator({ hostKey: null }), here)).rejects.toMatchObject({ kind: 'host-key-unknown' })
  })

  it('is asked for at each hop of a jump, and both are pinned', async () => {
    const { inner, users } = rig()
    const jump = operator({ name: 'door', hostKey: null })
    const behind = operator({ name: 'behind', hostKey: null, host: inner.host, port: inner.port, jump: 'door' })
    const here = world(accept, [jump, behind])
    expect(await login(behind, here)).toBe(users.operator.name)
    expect(here.asked.map((question) => question.server)).toEqual(['door', 'behind'])
    expect(here.pins.map(({ port }) => port)).toEqual([jump.port, inner.port])
  })
})

describe.skipIf(!rigAvailable())('a host key that has changed', () => {
  it('stops, asks nobody and leaves the pin as it is', async () => {
    const here = world(nobodyAnswers)
    const [wrong] = rig().inner.hostKeys
    const [name = '', key = ''] = wrong?.publicKey.split(' ') ?? []
    const server = operator({ hostKey: null })
    here.pins.push({
      host: server.host,
      port: server.port,
      way: '',
      type: name,
      key,
      fingerprint: wrong?.fingerprint ?? '',
      addedAt: '2026-01-01T00:00:00.000Z',
    })
    const before = JSON.stringify(here.pins)
    await expect(login(server, here)).rejects.toMatchObject({ kind: 'host-key-changed' })
    expect(JSON.stringify(here.pins)).toBe(before)
    expect(here.asked).toEqual([])
  })
})

describe.skipIf(!rigAvailable())('one address behind two jump hosts', () => {
  /** Two machines with other host keys at the same address, each in a network of its own. */
  async function twoNetworks() {
    const { inner } = rig()
    const door = operator({ name: 'door' })
    const hall = operator({ name: 'hall', ...(await jumpIntoOtherNetwork()) })
    const at = { host: inner.host, port: inner.port, hostKey: null }
    const [first, second] = [
      operator({ ...at, name: 'first', jump: 'door' }),
      operator({ ...at, name: 'second', jump: 'hall' }),
    ]
    const { pins } = catalogueIn(scratch())
    const context = (answer: (question: Question) => Answer): World => ({
      ...world(answer, [door, hall, first, second]),
      pinsFor: pins.forHost,
      addPin: pins.add,
      settlePin: pins.settle,
    })
    const keysOf = (of: { hostKeys: { fingerprint: string }[] }) => of.hostKeys.map(({ fingerprint }) => fingerprint)
    const ways = { first: `[${door.host}]:${door.port}`, second: `[${hall.host}]:${hall.port}` }
    return { first, second, pins, context, ways, keys: { first: keysOf(inner), second: keysOf(rig().ssh) } }
  }

  it('is two machines: each is asked about once, and pinned with its way', async () => {
    const { first, second, pins, context, ways, keys } = await twoNetworks()
    const here = context(accept)
    for (const server of [first, second, first, second]) expect(await login(server, here)).toBe('operator')
    const at = { host: first.host, port: first.port }
    expect(here.asked).toMatchObject([
      { server: 'first', key: { ...at, way: ways.first } },
      { server: 'second', key: { ...at, way: ways.second } },
    ])
    const [one, two] = [ways.first, ways.second].map((way) => pins.list().find((pin) => pin.way === way))
    expect(pins.list()).toHaveLength(2)
    expect(keys.first).toContain(one?.fingerprint)
    expect(keys.second).toContain(two?.fingerprint)

    // the key of the one is a changed key at the other, and there is no way on
    if (!one || !two) throw new Error('not pinned')
    pins.remove(two)
    pins.add({ ...one, way: ways.second })
    await expect(login(second, here)).rejects.toMatchObject({ kind: 'host-key-changed' })
    expect(await login(first, here)).toBe('operator')
    expect(here.asked).toHaveLength(2)
  })

  it('with a pin from when no way was kept stops at the other machine, until its own has taken it over', async () => {
    const { first, second, pins, context, ways } = await twoNetworks()
    const [known] = rig().inner.hostKeys
    const [type = '', key = ''] = known?.publicKey.split(' ') ?? []
    const at = { host: first.host, port: first.port, way: null, addedAt: noon().toISOString() }
    pins.add({ ...at, type, key, fingerprint: known?.fingerprint ?? '' })
    const unasked = context(nobodyAnswers)
    await expect(login(second, unasked)).rejects.toMatchObject({
      kind: 'host-key-changed',
      message: expect.stringContaining('another machine'),
    })
    expect(await login(first, unasked)).toBe('operator')
    expect(pins.list().map(({ way }) => way)).toEqual(['', ways.first])
    const here = context(accept)
    for (const server of [second, first, second]) expect(await login(server, here)).toBe('operator')
    expect(here.asked.map(({ server }) => server)).toEqual(['second'])
  })
})

describe.skipIf(!rigAvailable())('a password', () => {
  const password = () => rig().users.password
  const right = () => password().password ?? ''
  const server = () => serverOf(password())

  it('is asked for, kept after the login that it opened, and then taken from the keychain', async () => {
    const here = world(type(right()))
    expect(await login(server(), here)).toBe(password().name)
    expect(here.asked).toMatchObject([{ kind: 'secret', what: 'password', again: false, canRemember: true }])
    expect([...here.kept.values()]).toEqual([right()])
    expect([...here.kept.keys()].join()).toMatch(new RegExp(`^server:${server().id}:password:`))
    expect(await login(server(), { ...here, ask: async (question) => nobodyAnswers(question) })).toBe(password().name)
  })

  it('is asked for again when it was wrong, and only the right one is kept', async () => {
    const here = world(type('wrong', right()))
    expect(await login(server(), here)).toBe(password().name)
    expect(here.asked).toMatchObject([{ again: false }, { again: true }])
    expect([...here.kept.values()]).toEqual([right()])
  })

  it('that is kept and no longer right is asked for anew, and replaced', async () => {
    const here = world(type(right(), right()))
    await login(server(), here)
    for (const reference of here.kept.keys()) here.kept.set(reference, 'of last year')
    expect(await login(server(), here)).toBe(password().name)
    expect(here.asked).toMatchObject([{ again: false }, { again: true }])
    expect([...here.kept.values()]).toEqual([right()])
  })

  it('is not kept where the login fails, nor where there is no keychain', async () => {
    const failing = world(type('wrong', 'wrong too', 'still wrong', 'and again'))
    await expect(login(server(), failing)).rejects.toMatchObject({ kind: 'login-refused' })
    expect(failing.kept.size).toBe(0)
    for (const status of ['absent', 'basic_text'] as const) {
      const here = world(type(right()))
      await login(server(), { ...here, secrets: { ...here.secrets, status: async () => status } })
      expect(here.asked).toMatchObject([{ canRemember: false }])
      expect(here.kept.size).toBe(0)
    }
  })

  it('opens the door also when the keychain then refuses to keep it', async () => {
    const here = world(type(right()))
    const set = async () => {
      throw new Error('the keychain is locked')
    }
    expect(await login(server(), { ...here, secrets: { ...here.secrets, set } })).toBe(password().name)
    expect(here.lines.join('\n')).toContain('the keychain is locked')
  })

  it('stands in no line of the log', async () => {
    const here = world(type('wrong-secret', right()))
    await login(server(), here)
    expect(here.lines.join('\n')).not.toContain('wrong-secret')
    expect(here.lines.join('\n')).not.toContain(right())
  })

  it('that is declined ends the login as a question without an answer', async () => {
    const here = world(() => ({ kind: 'secret', answers: null, remember: false }))
    await expect(login(server(), here)).rejects.toMatchObject({ kind: 'answer-needed' })
  })
})

describe.skipIf(!rigAvailable())("a key's passphrase", () => {
  it('is asked for by the name of the file, and kept under it', async () => {
    const { encrypted } = rig().keys
    const here = world(type(encrypted.passphrase ?? ''))
    const server = operator({ auth: { kind: 'key', file: encrypted.path } })
    expect(await login(server, here)).toBe('operator')
    expect(here.asked).toMatchObject([{ what: 'key-passphrase', subject: encrypted.path }])
    expect([...here.kept.keys()]).toEqual([`key:${encrypted.path}`])
  })
})
