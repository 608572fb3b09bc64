import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { PassThrough, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { afterEach, describe, expect, test } from 'vitest'
import type { LifeboatFailure } from '#shared/failure.ts'
import type { Connection } from '#engine/ssh/connect.ts'
import { startTcpProxy, type TcpProxy } from '../../../support/tcp-proxy.ts'
import { faultyServer, reach, type FaultyServer, type Session } from './faulty-server.ts'

const signal = new AbortController().signal
const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function serving(
  onCommand: (session: Session) => void,
): Promise<{ server: FaultyServer; connection: Connection }> {
  const server = await faultyServer({ onCommand })
  open.push(server)
  const connection = await reach(server)
  open.unshift({ close: () => connection.end() })
  return { server, connection }
}

/** The same, with a line between that can be broken. */
async function servingThrough(
  onCommand: (session: Session) => void,
): Promise<{ connection: Connection; proxy: TcpProxy }> {
  const server = await faultyServer({ onCommand })
  const proxy = await startTcpProxy({ port: server.target.port })
  open.push(proxy, server)
  const connection = await reach({ ...server, target: { ...server.target, port: proxy.port } })
  open.unshift({ close: () => connection.end() })
  return { connection, proxy }
}

const kindOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'a clean end',
    (error: LifeboatFailure) => error.kind ?? error.name,
  )

/** What a step does with a stream: takes all of it, then asks how it ended. */
async function taken(
  connection: Connection,
  onData = () => {},
): Promise<{ bytes: number; ended: string; done: string }> {
  const stream = await connection.stream(['cat', 'dump'], { signal })
  let bytes = 0
  const sink = new Writable({
    write(chunk: Buffer, _encoding, next) {
      bytes += chunk.length
      onData()
      next()
    },
  })
  return { ended: await kindOf(pipeline(stream.stdout, sink)), done: await kindOf(stream.done), bytes }
}

describe('the end of a command', () => {
  test('is clean with an exit status and all of the output', async () => {
    const { connection } = await serving(({ channel, begin }) => {
      begin()
      channel.write('x'.repeat(100_000))
      channel.exit(0)
      channel.end()
    })
    expect(await taken(connection)).toEqual({ bytes: 100_000, ended: 'a clean end', done: 'a clean end' })
  })

  test('is no clean end when the session is killed: EOF and close, but no exit status', async () => {
    const { connection } = await serving(({ channel, begin }) => {
      begin()
      channel.write('half a dump')
      channel.end()
    })
    expect(await taken(connection)).toMatchObject({ ended: 'connection-lost', done: 'connection-lost' })
  })

  test('is no clean end when the exit status came and the line broke before the rest of the output', async () => {
    const { connection, proxy } = await servingThrough(({ channel, begin }) => {
      begin()
      channel.write('half a dump')
      channel.exit(0)
    })
    // the line breaks behind what has come, however slow this computer is
    const cut = (): void => void setTimeout(() => proxy.resetAll(), 50)
    expect(await taken(connection, cut)).toMatchObject({
      bytes: 11,
      ended: 'connection-lost',
      done: 'connection-lost',
    })
  })

  test('is clean when the line breaks after the server had sent everything, however slowly it is read', async () => {
    const { connection, proxy } = await servingThrough(({ channel, begin }) => {
      begin()
      channel.write('x'.repeat(3_000_000), () => {
        channel.exit(0)
        channel.end()
      })
    })
    const { stdout, done } = await connection.stream(['cat', 'dump'], { signal })
    await once(stdout, 'readable')
    // nothing was read yet: wait until the server is through, then cut
    await expect.poll(() => proxy.passed.fromServer).toBeGreaterThan(3_000_000)
    const lost = connection.closed
    await new Promise((resolve) => setTimeout(resolve, 100))
    proxy.resetAll()
    expect((await lost)?.kind).toBe('connection-lost')
    let bytes = 0
    for await (const chunk of stdout as AsyncIterable<Buffer>) bytes += chunk.length
    expect(bytes).toBe(3_000_000)
    expect(await done).toMatchObject({ code: 0 })
  })

  test('names the signal that ended the command', async () => {
    const { connection } = await serving(({ channel, begin }) => {
      begin()
      channel.exit('KILL')
      channel.end()
    })
    expect(await connection.run(['pg_dump'], { signal })).toMatchObject({ code: null, signal: 'SIGKILL' })
  })

  test('is remote-command when the login shell never came to our command', async () => {
    const { connection } = await serving(({ channel }) => {
      channel.write('This account is currently not available.\n')
      channel.exit(1)
      channel.end()
    })
    const failure = await connection.run(['true'], { signal }).catch((error: LifeboatFailure) => error)
    expect(failure).toMatchObject({ kind: 'remote-command', detail: 'This account is currently not available.' })
  })

  test('a shell that exits 0 before our command is no success', async () => {
    const { connection } = await serving(({ channel }) => {
      channel.exit(0)
      channel.end()
    })
    expect(await taken(connection)).toMatchObject({ ended: 'remote-command', done: 'remote-command' })
  })
})

describe('a running command', () => {
  test('is not held up by megabytes of errors that nobody reads; their end is kept', async () => {
    const { connection } = await serving(({ channel, begin }) => {
      begin()
      channel.stderr.write('e'.repeat(5_000_000), () => {
        channel.stderr.write('the last words', () => {
          channel.write('result')
          channel.exit(3)
          channel.end()
        })
      })
    })
    const { code, stdout, stderr } = await connection.run(['pg_dump'], { signal })
    expect({ code, stdout }).toEqual({ code: 3, stdout: 'result' })
    expect(stderr).toMatch(/the last words$/)
    expect(stderr.length).toBeLessThan(70_000)
  })

  test('that falls silent is stalled, while one that is slow goes on', async () => {
    const { connection } = await serving(({ channel, begin, line }) => {
      begin()
      if (line.includes('silent')) return
      let left = 8
      const timer = setInterval(() => {
        channel.write('x')
        if (--left > 0) return
        clearInterval(timer)
        channel.exit(0)
        channel.end()
      }, 100)
    })
    const silent = await connection.stream(['silent'], { signal, stallMs: 400 })
    silent.stdout.resume()
    const slow = await connection.stream(['slow'], { signal, stallMs: 400 })
    slow.stdout.resume()
    expect(await kindOf(silent.done)).toBe('stalled')
    expect(await slow.done).toMatchObject({ code: 0 })
  })

  test('is not stalled while it is we who do not read', async () => {
    const { connection } = await serving(({ channel, begin }) => {
      begin()
      channel.write('x'.repeat(20_000_000), () => {
        channel.exit(0)
        channel.end()
      })
    })
    const { stdout, done } = await connection.stream(['cat'], { signal, stallMs: 200 })
    stdout.pause()
    await new Promise((resolve) => setTimeout(resolve, 800))
    let bytes = 0
    for await (const chunk of stdout as AsyncIterable<Buffer>) bytes += chunk.length
    expect({ bytes, code: (await done).code }).toEqual({ bytes: 20_000_000, code: 0 })
  })

  test('has its channel closed on abort, with the reason of the abort', async () => {
    const closed = Promise.withResolvers<void>()
    const { connection } = await serving(({ channel, begin }) => {
      begin()
      channel.on('close', () => closed.resolve())
    })
    const cancel = new AbortController()
    const stream = await connection.stream(['pg_dump'], { signal: cancel.signal })
    cancel.abort()
    expect(await kindOf(stream.done)).toBe('AbortError')
    expect(stream.stdout.errored?.name).toBe('AbortError')
    await closed.promise
  })

  test('ends when the stream is given up', async () => {
    const closed = Promise.withResolvers<void>()
    const { connection } = await serving(({ channel, begin }) => {
      begin()
      channel.on('close', () => closed.resolve())
      channel.write('x'.repeat(10_000))
    })
    const { stdout, done } = await connection.stream(['pg_dump'], { signal })
    for await (const _ of stdout) break
    await closed.promise
    // Node's word for a loop that was left
    expect(await kindOf(done)).toBe('AbortError')
  })

  test('with more output than allowed, or no end, is a failure of run', async () => {
    const { connection } = await serving(({ channel, begin, line }) => {
      begin()
      if (line.includes('endless')) new PassThrough().pipe(channel)
      else channel.write('x'.repeat(5000))
    })
    expect(await kindOf(connection.run(['much'], { signal, maxBytes: 1000 }))).toBe('remote-command')
    expect(await kindOf(connection.run(['endless'], { signal, timeoutMs: 200 }))).toBe('stalled')
  })

  test('waits its turn: a server that allows ten sessions is asked for no more than a few by runs', async () => {
    let running = 0
    let most = 0
    const { connection } = await serving(({ channel, begin }) => {
      most = Math.max(most, ++running)
      begin()
      setTimeout(() => {
        running--
        channel.exit(0)
        channel.end()
      }, 20)
    })
    const runs = Array.from({ length: 30 }, () => connection.run(['true'], { signal }))
    expect((await Promise.all(runs)).every((result) => result.code === 0)).toBe(true)
    expect(most).toBe(5)
  })

  test('gets its input and the end of it', async () => {
    const { connection } = await serving(({ channel, begin }) => {
      begin()
      let got = ''
      channel.on('data', (chunk: Buffer) => (got += chunk.toString()))
      channel.on('end', () => {
        channel.write(`got ${got}`)
        channel.exit(0)
        channel.end()
      })
    })
    expect(await connection.run(['cat'], { signal, input: 'secret' })).toMatchObject({ stdout: 'got secret', code: 0 })
    expect(await connection.run(['cat'], { signal })).toMatchObject({ stdout: 'got ' })
  })
})

describe('a line', () => {
  test('that goes black is found dead by itself, with everything on it', async () => {
    const { connection, proxy } = await servingThrough(({ begin }) => begin())
    const stream = await connection.stream(['pg_dump'], { signal, stallMs: Infinity })
    proxy.goSilent()
    expect(await kindOf(stream.done)).toBe('connection-lost')
    expect((await connection.closed)?.kind).toBe('connection-lost')
    expect(await kindOf(connection.run(['true'], { signal }))).toBe('connection-lost')
  })

  test('that is idle stays up by signs of life', async () => {
    const { connection } = await servingThrough(({ channel, begin }) => {
      begin()
      channel.exit(0)
      channel.end()
    })
    await new Promise((resolve) => setTimeout(resolve, 2500))
    expect(await connection.run(['true'], { signal })).toMatchObject({ code: 0 })
  })

  test('that is slow is not taken for dead, although its signs of life queue behind the data', async () => {
    const { connection, proxy } = await servingThrough(({ channel, begin }) => {
      begin()
      channel.write('x'.repeat(600_000), () => {
        channel.exit(0)
        channel.end()
      })
    })
    proxy.faults.bytesPerSecond = 200_000
    expect(await taken(connection)).toMatchObject({ bytes: 600_000, ended: 'a clean end' })
  })

  test('that changes its keys in the middle loses and changes nothing', async () => {
    const content = randomBytes(8_000_000)
    const { connection } = await serving(({ channel, begin, client }) => {
      begin()
      const parts = Array.from({ length: 8 }, (_, i) => content.subarray(i * 1_000_000, (i + 1) * 1_000_000))
      const next = () => {
        const part = parts.shift()
        if (part) channel.write(part, () => client.rekey(next))
        else {
          channel.exit(0)
          channel.end()
        }
      }
      next()
    })
    const { stdout, done } = await connection.stream(['cat'], { signal })
    const got: Buffer[] = []
    for await (const chunk of stdout as AsyncIterable<Buffer>) got.push(chunk)
    expect(Buffer.concat(got).equals(content)).toBe(true)
    expect(await done).toMatchObject({ code: 0 })
  })

  test('may have 8 MB under way, more than ssh2 allows by itself, and no more', async () => {
    const { connection, proxy } = await servingThrough(({ channel, begin }) => {
      begin()
      channel.write(Buffer.alloc(40_000_000))
    })
    const { stdout } = await connection.stream(['cat'], { signal })
    stdout.pause()
    await expect.poll(() => proxy.passed.fromServer).toBeGreaterThan(7_000_000)
    let before = 0
    await expect
      .poll(
        () => {
          // signs of life go on
          const still = proxy.passed.fromServer - before < 10_000
          before = proxy.passed.fromServer
          return still
        },
        { interval: 500, timeout: 10_000 },
      )
      .toBe(true)
    // what nobody reads is held back at the server: the window, ssh2's own buffer and ours
    expect(proxy.passed.fromServer).toBeLessThan(16_000_000)
    stdout.destroy()
  })
})
