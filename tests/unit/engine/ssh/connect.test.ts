import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { LifeboatFailure } from '#shared/failure.ts'
import { connect } from '#engine/ssh/connect.ts'
import type { HostTrust, SshTarget } from '#engine/ssh/target.ts'
import { startTcpProxy } from '../../../support/tcp-proxy.ts'
import { fast, faultyServer, newHostKey, passOn, reach, type FaultyServer } from './faulty-server.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})
const failing = (attempt: Promise<unknown>) =>
  attempt.then(
    () => ({ kind: 'connected', message: '' }),
    (error: LifeboatFailure) => error,
  )

/** Something that listens and is no SSH server. */
async function listening(onSocket: (socket: Socket) => void): Promise<FaultyServer> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    onSocket(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const close = async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  const target: SshTarget = {
    label: 'nas',
    host: '127.0.0.1',
    port: address.port,
    user: 'x',
    auth: { kind: 'password' },
  }
  const made = {
    target,
    hostKey: { type: '', key: '' },
    trust: { pins: () => [], settle: () => {}, knownHostsFiles: [] },
    clients: new Set<never>(),
    close,
  }
  open.push(made)
  return made
}

describe('what can not be reached', () => {
  test('a port where nothing listens', async () => {
    const server = await listening(() => {})
    await server.close()
    const failure = await failing(reach(server))
    expect(failure.kind).toBe('unreachable')
    expect(failure.message).toMatch(/Nothing listens/)
  })

  test('a name that does not exist', async () => {
    const server = await listening(() => {})
    const failure = await failing(reach({ ...server, target: { ...server.target, host: 'no-such-host.invalid' } }))
    expect(failure.kind).toBe('unreachable')
    expect(failure.message).toMatch(/no-such-host\.invalid/)
  })

  test('a server that takes the connection and closes it', async () => {
    expect((await failing(reach(await listening((socket) => socket.end())))).kind).toBe('unreachable')
    expect((await failing(reach(await listening((socket) => socket.resetAndDestroy())))).kind).toBe('unreachable')
  })

  test('a server that says nothing, within the time', async () => {
    const silent = await listening(() => {})
    const failure = await failing(reach(silent, { timeouts: { ...fast, connect: 300 } }))
    expect(failure.kind).toBe('unreachable')
    expect(failure.message).toMatch(/did not answer/)
  })

  test('a line that goes black in the middle of the handshake', async () => {
    const server = await faultyServer()
    const proxy = await startTcpProxy({ port: server.target.port }, { cutAfter: 600, cutBy: 'silence' })
    open.push(proxy, server)
    const target = { ...server.target, port: proxy.port }
    expect((await failing(reach({ ...server, target }, { timeouts: { ...fast, connect: 500 } }))).kind).toBe(
      'unreachable',
    )
  })

  test('a line that breaks anywhere before the login is done', async () => {
    const server = await faultyServer()
    open.push(server)
    const whole = await startTcpProxy({ port: server.target.port })
    const connection = await reach({ ...server, target: { ...server.target, port: whole.port } })
    const bytes = whole.passed.fromServer
    await connection.end()
    await whole.close()
    for (let cutAfter = 1; cutAfter < bytes; cutAfter += 97) {
      for (const cutBy of ['reset', 'end'] as const) {
        const proxy = await startTcpProxy({ port: server.target.port }, { cutAfter, cutBy })
        const failure = await failing(reach({ ...server, target: { ...server.target, port: proxy.port } }))
        expect(['unreachable', 'ssh-protocol', 'login-refused'], `cut at ${cutAfter} by ${cutBy}`).toContain(
          failure.kind,
        )
        await proxy.close()
      }
    }
  })
})

describe('what speaks no SSH that is safe', () => {
  test('a web server', async () => {
    const web = await listening((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    expect(['ssh-protocol', 'unreachable']).toContain((await failing(reach(web))).kind)
  })

  test('a server of SSH 1', async () => {
    const old = await listening((socket) => socket.end('SSH-1.5-OpenSSH_1.2\r\n'))
    expect((await failing(reach(old))).kind).toBe('ssh-protocol')
  })

  test.for([
    ['key exchange with SHA-1', { kex: ['diffie-hellman-group14-sha1', 'diffie-hellman-group1-sha1'] }],
    ['ciphers in CBC mode', { cipher: ['aes128-cbc', 'aes256-cbc'] }],
    ['RSA signatures with SHA-1', { serverHostKey: ['ssh-rsa'] }],
    ['checks with SHA-1 or MD5', { cipher: ['aes128-ctr'], hmac: ['hmac-sha1', 'hmac-md5'] }],
  ] as const)('a server that has only %s', async ([, algorithms]) => {
    const lists = { ...algorithms } as Record<string, readonly string[]>
    const server = await faultyServer({ hostKeys: [newHostKey('rsa')], algorithms: lists as never })
    open.push(server)
    const failure = await failing(reach(server))
    expect(failure.kind).toBe('ssh-protocol')
    expect(failure.message).toMatch(/no safe/)
  })
})

describe('an attempt that is given up', () => {
  test('before, during the handshake and at a question ends with the reason, and nothing stays open', async () => {
    const server = await faultyServer()
    open.push(server)
    const before = AbortSignal.abort()
    await expect(reach(server, { signal: before })).rejects.toBe(before.reason)

    const silent = await listening(() => {})
    const during = new AbortController()
    const attempt = failing(reach(silent, { signal: during.signal }))
    during.abort()
    expect(await attempt).toBe(during.signal.reason)

    const asked = new AbortController()
    const ask = () => {
      asked.abort()
      return new Promise<never>(() => {})
    }
    expect(await failing(reach(server, { signal: asked.signal, ask }))).toBe(asked.signal.reason)
    await expect.poll(() => server.clients.size).toBe(0)
  })
})

describe('jump hosts', () => {
  async function passing(): Promise<FaultyServer> {
    const server = await faultyServer({ onClient: passOn })
    open.push(server)
    return server
  }

  async function chain(): Promise<{ servers: FaultyServer[]; target: SshTarget; last: FaultyServer }> {
    const [first, second] = [await passing(), await passing()]
    const last = await faultyServer({
      onCommand: ({ channel, begin }) => {
        begin()
        channel.write('here')
        channel.exit(0)
        channel.end()
      },
    })
    open.unshift(last)
    const target = {
      ...last.target,
      label: 'last',
      jump: { ...second.target, label: 'second', jump: { ...first.target, label: 'first' } },
    }
    return { servers: [first, second, last], target, last }
  }

  const trustOf = (servers: readonly FaultyServer[]) => ({
    pins: (_: string, port: number) =>
      servers.filter((server) => server.target.port === port).map(({ hostKey }) => ({ ...hostKey, way: null })),
    settle: () => {},
    knownHostsFiles: [],
  })

  test('are gone through one after the other, and all are left at the end', async () => {
    const { servers, target } = await chain()
    const signal = new AbortController().signal
    const connection = await connect(target, {
      signal,
      trust: trustOf(servers),
      ask: async () => ['secret'],
      timeouts: fast,
    })
    expect(await connection.run(['hostname'], { signal })).toMatchObject({ stdout: 'here' })
    expect(servers.map((server) => server.clients.size)).toEqual([1, 1, 1])
    await connection.end()
    await expect.poll(() => servers.map((server) => server.clients.size)).toEqual([0, 0, 0])
  })

  test('give an old pin the way over which its key was shown, once the login stands', async () => {
    const { servers, target, last } = await chain()
    const signal = new AbortController().signal
    const settled: unknown[] = []
    const settle = (...all: Parameters<HostTrust['settle']>) => void settled.push(all)
    const trust = { ...trustOf(servers), settle }
    const named = { ...target, hostKeyAlias: 'Last' }
    const at = servers.map((server) => ['127.0.0.1', server.target.port] as const)
    const ways = ['', `[127.0.0.1]:${at[0]?.[1]}`, `[127.0.0.1]:${at[0]?.[1]},[127.0.0.1]:${at[1]?.[1]}`]
    const of = (hop: number, place = { host: '127.0.0.1', port: at[hop]?.[1], way: ways[hop] }): unknown[] => [
      ...(at[hop] ?? []),
      place,
      expect.objectContaining(servers[hop]?.hostKey ?? {}),
    ]
    await failing(connect(target, { signal, trust, ask: async () => null, timeouts: fast }))
    expect(settled).toEqual([])
    for (const to of [target, named])
      await (await connect(to, { signal, trust, ask: async () => ['secret'], timeouts: fast })).end()
    const alias = { host: 'last', port: 22, way: '' }
    expect(settled).toEqual([of(0), of(1), of(2), of(0), of(1), of(2, alias)])
    const knowsNot = { ...trustOf(servers.filter((server) => server !== last)), settle }
    const failure = await failing(
      connect(named, { signal, trust: knowsNot, ask: async () => ['secret'], timeouts: fast }),
    )
    expect(failure).toMatchObject({ kind: 'host-key-unknown', place: alias, presented: { way: ways[2] } })
  })

  test('are each verified: an unknown key on the way stops, and is named', async () => {
    const { servers, target } = await chain()
    const [first, , last] = servers
    const trust = trustOf([first, last].filter((server) => server !== undefined))
    const signal = new AbortController().signal
    const failure = await failing(connect(target, { signal, trust, ask: async () => ['secret'], timeouts: fast }))
    expect(failure).toMatchObject({ kind: 'host-key-unknown' })
    expect(failure.message).toMatch(/second/)
    await expect.poll(() => servers.map((server) => server.clients.size)).toEqual([0, 0, 0])
  })

  test('that can not reach the next one say so', async () => {
    const { servers, target, last } = await chain()
    await last.close()
    open.shift()
    const signal = new AbortController().signal
    const failure = await failing(
      connect(target, { signal, trust: trustOf(servers), ask: async () => ['secret'], timeouts: fast }),
    )
    expect(failure).toMatchObject({ kind: 'unreachable' })
    expect(failure.message).toMatch(/second could not reach/)
  })

  test('that break take what runs behind them along', async () => {
    const { servers, target } = await chain()
    const signal = new AbortController().signal
    const connection = await connect(target, {
      signal,
      trust: trustOf(servers),
      ask: async () => ['secret'],
      timeouts: fast,
    })
    for (const client of servers[0]?.clients ?? []) client.end()
    expect((await connection.closed)?.kind).toBe('connection-lost')
  })

  test('that lead in a circle are refused', async () => {
    const server = await passing()
    const target = { ...server.target, jump: { ...server.target, label: 'again' } }
    expect((await failing(reach({ ...server, target }))).kind).toBe('invalid-input')
  })
})
