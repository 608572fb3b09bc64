import { Client } from 'ssh2'
import { afterEach, describe, expect, test } from 'vitest'
import { HostKeyFailure, fingerprint, judgeHostKey, strictVerifier, type HostKnowledge } from '#engine/ssh/host-key.ts'
import { connect } from '#engine/ssh/connect.ts'
import type { HostKey, SshTarget } from '#engine/ssh/target.ts'
import { fast, faultyServer, newHostKey, publicOf, type FaultyServer } from './faulty-server.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

const ed = publicOf(newHostKey('ed25519'))
const otherEd = publicOf(newHostKey('ed25519'))
const ecdsa = publicOf(newHostKey('ecdsa'))

function knowledge(change: Partial<HostKnowledge>): HostKnowledge {
  return {
    expected: undefined,
    pins: [],
    oldPins: [],
    known: [],
    knownWithoutPort: [],
    revoked: [],
    hasAuthority: false,
    ...change,
  }
}

describe('the verdict on a host key', () => {
  test.for<[name: string, Partial<HostKnowledge>, verdict: string]>([
    ['nobody knows it', {}, 'unknown'],
    ['known_hosts has it', { known: [otherEd, ed] }, 'trusted'],
    ['known_hosts has another of its type', { known: [otherEd] }, 'changed'],
    ['known_hosts has another type only', { known: [ecdsa] }, 'unknown'],
    ['known_hosts has it under the bare host', { knownWithoutPort: [ed] }, 'trusted'],
    ['a difference under the bare host proves nothing', { knownWithoutPort: [otherEd] }, 'unknown'],
    [
      'the port itself has another, whatever the bare host has',
      { known: [otherEd], knownWithoutPort: [ed] },
      'changed',
    ],
    // stricter than ssh, which would trust it
    [
      'the port itself has another type, and the bare host has it',
      { known: [ecdsa], knownWithoutPort: [ed] },
      'unknown',
    ],
    ['a pin has it', { pins: [ed] }, 'trusted'],
    ['a pin outweighs a stale known_hosts', { pins: [ed], known: [otherEd] }, 'trusted'],
    ['a pin differs, even where known_hosts agrees', { pins: [otherEd], known: [ed] }, 'changed'],
    ['a pin is of another type', { pins: [ecdsa] }, 'changed'],
    ['an old pin has it', { oldPins: [ed] }, 'trusted'],
    [
      'an old pin differs, even where it is the expected one',
      { oldPins: [otherEd], expected: fingerprint(ed.key) },
      'changed',
    ],
    ['an old pin is of another type, even where known_hosts agrees', { oldPins: [ecdsa], known: [ed] }, 'changed'],
    ['an old pin has it, and it is revoked', { oldPins: [ed], revoked: [ed] }, 'revoked'],
    ['an old pin has it, and another was expected', { oldPins: [ed], expected: fingerprint(otherEd.key) }, 'changed'],
    ['it is revoked, whoever trusts it', { pins: [ed], known: [ed], revoked: [ed] }, 'revoked'],
    ['it is the expected one', { expected: fingerprint(ed.key) }, 'trusted'],
    [
      'another was expected, even where known_hosts has it',
      { expected: fingerprint(otherEd.key), known: [ed] },
      'changed',
    ],
    ['another was expected, whatever an old pin has', { expected: fingerprint(otherEd.key), pins: [ed] }, 'changed'],
    ['it is the expected one and pinned', { expected: fingerprint(ed.key), pins: [ecdsa, ed] }, 'trusted'],
    ['an old pin stands against a new expectation', { expected: fingerprint(ed.key), pins: [otherEd] }, 'changed'],
  ])('%s', ([, change, verdict]) => {
    expect(judgeHostKey(ed, knowledge(change)).verdict).toBe(verdict)
  })
})

describe('a verifier that is not exactly true', () => {
  // each of these is a yes for ssh2 itself, or never answers
  const shapes: [name: string, check: (key: Buffer) => unknown][] = [
    ['a promise of false', async () => false],
    ['a promise of true', async () => true],
    ['null', () => null],
    ['undefined', () => undefined],
    ['zero', () => 0],
    ['NaN', () => Number.NaN],
    ['an empty string', () => ''],
    ['the word true', () => 'true'],
    ['one', () => 1],
    ['an object', () => ({ ok: true })],
    [
      'a thrown error',
      () => {
        throw new Error('no')
      },
    ],
    ['false', () => false],
  ]
  test.for(shapes)('%s ends in refusal', async ([, check]) => {
    const server = await faultyServer()
    open.push(server)
    const client = new Client()
    const outcome = await new Promise<string>((resolve) => {
      client.on('ready', () => resolve('let in'))
      client.on('error', (error) => resolve(error.message))
      client.on('close', () => resolve('closed'))
      client.connect({
        host: '127.0.0.1',
        port: server.target.port,
        username: 'x',
        password: 'x',
        readyTimeout: 3000,
        hostVerifier: strictVerifier(check),
      })
    })
    client.destroy()
    expect(outcome).toMatch(/Host denied/)
  })
})

describe('connecting', () => {
  const signal = new AbortController().signal
  async function attempt(server: FaultyServer, target: Partial<SshTarget>, pins: HostKey[], known: string[] = []) {
    let asked = 0
    try {
      const ask = async () => (asked++, ['secret'])
      const connection = await connect(
        { ...server.target, ...target },
        {
          signal,
          ask,
          timeouts: fast,
          trust: { pins: () => pins.map((pin) => ({ ...pin, way: '' })), settle: () => {}, knownHostsFiles: known },
        },
      )
      await connection.end()
      return { connected: connection.facts.hostKey, failure: undefined, asked }
    } catch (failure) {
      return { failure, connected: undefined, asked }
    }
  }

  test('with an unknown key gives no secret away, and names the key; with a pin of it, it goes on', async () => {
    const server = await faultyServer()
    open.push(server)
    const first = await attempt(server, {}, [])
    expect(first.failure).toBeInstanceOf(HostKeyFailure)
    expect(first.failure).toMatchObject({
      kind: 'host-key-unknown',
      presented: { ...server.hostKey, fingerprint: fingerprint(server.hostKey.key) },
    })
    expect(first.asked).toBe(0)
    const { connected } = await attempt(server, {}, [server.hostKey])
    expect(connected).toMatchObject(server.hostKey)
  })

  test('with a changed key stops before any secret is asked for', async () => {
    const server = await faultyServer()
    open.push(server)
    const { failure, asked } = await attempt(server, {}, [otherEd])
    expect(failure).toMatchObject({ kind: 'host-key-changed' })
    expect(asked).toBe(0)
  })

  test('asks a server with several keys for the one that is known', async () => {
    const keys = [newHostKey('ed25519'), newHostKey('ecdsa'), newHostKey('rsa')]
    const server = await faultyServer({ hostKeys: keys })
    open.push(server)
    for (const key of keys.map(publicOf)) {
      const { connected } = await attempt(server, {}, [key])
      expect(connected).toMatchObject(key)
    }
  })

  test('finds the expected fingerprint among the types of keys, and refuses when it is none of them', async () => {
    const keys = [newHostKey('ed25519'), newHostKey('ecdsa'), newHostKey('rsa')]
    const server = await faultyServer({ hostKeys: keys })
    open.push(server)
    for (const key of keys.map(publicOf)) {
      const { connected } = await attempt(server, { expectedHostKey: fingerprint(key.key) }, [])
      expect(connected).toMatchObject(key)
    }
    // pins of all of them leave the expected one the only one
    const pinned = keys.map(publicOf)
    for (const key of pinned) {
      const { connected } = await attempt(server, { expectedHostKey: fingerprint(key.key) }, pinned)
      expect(connected).toMatchObject(key)
    }
    const { failure, asked } = await attempt(server, { expectedHostKey: fingerprint(otherEd.key) }, [])
    expect(failure).toMatchObject({ kind: 'host-key-changed', presented: publicOf(keys[0] ?? '') })
    expect(asked).toBe(0)
  })

  test('with a pin of another type than the server has is a stop', async () => {
    const server = await faultyServer({ hostKeys: [newHostKey('rsa')] })
    open.push(server)
    expect((await attempt(server, {}, [ed])).failure).toMatchObject({ kind: 'host-key-changed' })
  })
})
