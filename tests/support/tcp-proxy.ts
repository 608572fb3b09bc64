import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

export type ProxyFaults = {
  /** added to each byte, each way, in milliseconds */
  delayMs?: number
  /** rate of bytes from the server; the other way is not slowed */
  bytesPerSecond?: number
  /** after so many bytes from the server, counted over one connection, the line breaks: exactly there */
  cutAfter?: number
  /** how it breaks: a TCP reset (default), an orderly end, or silence with both ends still connected */
  cutBy?: 'reset' | 'end' | 'silence'
  /** told when a line was cut: a line that breaks once has its faults taken away here */
  onCut?: () => void
  /** bytes that are taken in before the sender has to wait; few of them make a slow line slow for the sender as well */
  mostInFlight?: number
}

/** A TCP proxy on a free loopback port that can be as bad as a real line. Faults may be changed while it runs. */
export type TcpProxy = {
  readonly host: string
  readonly port: number
  faults: ProxyFaults
  /** what has been passed on so far, over all connections */
  readonly passed: { fromServer: number; fromClient: number }
  /** from now on nothing passes either way, and nobody is told: the cable is out */
  goSilent(): void
  /** what was held back goes on */
  speakAgain(): void
  /** resets every connection at once */
  resetAll(): void
  connections(): number
  close(): Promise<void>
}

type Gate = { silent: boolean; waiters: (() => void)[] }

/** Enough for a fast line with a long delay; a sender that is further ahead waits. */
const mostInFlight = 64 * 1024 * 1024

export async function startTcpProxy(to: { host?: string; port: number }, faults: ProxyFaults = {}): Promise<TcpProxy> {
  const gate: Gate = { silent: false, waiters: [] }
  const sockets = new Set<Socket>()
  const passed = { fromServer: 0, fromClient: 0 }
  const keep = (socket: Socket) => {
    sockets.add(socket)
    // a reset is what this proxy is for
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  }
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const upstream = connect({ host: to.host ?? '127.0.0.1', port: to.port, allowHalfOpen: true, noDelay: true })
    keep(client)
    keep(upstream)
    const broken = { yet: false }
    pump(upstream, client, 'fromServer', broken)
    pump(client, upstream, 'fromClient', broken)
  })

  function pump(from: Socket, into: Socket, way: keyof TcpProxy['passed'], broken: { yet: boolean }): void {
    let inFlight = 0
    let through = 0
    let line = Promise.resolve()
    const most = () => proxy.faults.mostInFlight ?? mostInFlight

    const pass = async (chunk: Buffer) => {
      const pieces = way === 'fromServer' ? throttled(chunk, () => proxy.faults.bytesPerSecond) : [chunk]
      for await (const piece of pieces) {
        while (gate.silent) await new Promise<void>((resolve) => gate.waiters.push(resolve))
        if (broken.yet) return
        const limit = way === 'fromServer' ? proxy.faults.cutAfter : undefined
        const part = limit === undefined ? piece : piece.subarray(0, Math.max(0, limit - through))
        through += part.length
        passed[way] += part.length
        if (part.length > 0 && !into.destroyed && !into.write(part)) await drained(into)
        if (limit !== undefined && through >= limit) return cut(from, into, broken)
      }
    }
    const later = (work: () => void | Promise<void>) => {
      const due = performance.now() + (proxy.faults.delayMs ?? 0)
      line = line.then(() => until(due)).then(work)
    }
    from.on('data', (chunk: Buffer) => {
      inFlight += chunk.length
      if (inFlight > most()) from.pause()
      later(async () => {
        await pass(chunk)
        inFlight -= chunk.length
        if (inFlight < most() / 2 && from.isPaused()) from.resume()
      })
    })
    from.on('end', () => later(() => void (!broken.yet && into.end())))
    from.on('close', (failed) => {
      if (failed && !broken.yet && !gate.silent) into.resetAndDestroy()
    })
  }

  function cut(from: Socket, into: Socket, broken: { yet: boolean }): void {
    broken.yet = true
    const { cutBy, onCut } = proxy.faults
    onCut?.()
    switch (cutBy ?? 'reset') {
      case 'silence':
        return
      case 'end':
        from.destroy()
        into.end()
        return
      case 'reset':
        from.resetAndDestroy()
        into.resetAndDestroy()
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  const proxy: TcpProxy = {
    host: '127.0.0.1',
    port: address.port,
    faults,
    passed,
    goSilent: () => {
      gate.silent = true
    },
    speakAgain: () => {
      gate.silent = false
      for (const resolve of gate.waiters.splice(0)) resolve()
    },
    resetAll: () => {
      for (const socket of sockets) socket.resetAndDestroy()
    },
    connections: () => Math.ceil(sockets.size / 2),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      proxy.speakAgain()
      await closed
    },
  }
  return proxy
}

/** Cuts a chunk into pieces at the rate that is wanted by then. */
async function* throttled(chunk: Buffer, rateNow: () => number | undefined): AsyncGenerator<Buffer> {
  for (let at = 0; at < chunk.length;) {
    const rate = rateNow()
    if (rate === undefined) {
      yield chunk.subarray(at)
      return
    }
    const step = Math.max(1, Math.ceil(rate / 20))
    yield chunk.subarray(at, at + step)
    at += step
    await wait(50)
  }
}

async function until(due: number): Promise<void> {
  const left = due - performance.now()
  if (left > 0.5) await wait(left)
}

async function drained(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      socket.off('drain', done)
      socket.off('close', done)
      resolve()
    }
    socket.on('drain', done)
    socket.on('close', done)
  })
}
