import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, expect, test } from 'vitest'
import { startTcpProxy, type TcpProxy } from '../../../support/tcp-proxy.ts'
import { faultyServer } from './faulty-server.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

/** A stream of 6 s in a process that can be put to sleep, and what that process says. */
async function reading(): Promise<{ process: ChildProcess; proxy: TcpProxy; says: () => Promise<string> }> {
  const server = await faultyServer({
    onCommand: ({ channel, begin }) => {
      begin()
      let left = 60
      const timer = setInterval(() => {
        channel.write('x'.repeat(1000))
        if (--left > 0) return
        clearInterval(timer)
        channel.exit(0)
        channel.end()
      }, 100)
      channel.on('close', () => clearInterval(timer))
    },
  })
  const proxy = await startTcpProxy({ port: server.target.port })
  open.push(proxy, server)
  const argument = JSON.stringify({ port: proxy.port, hostKey: server.hostKey })
  const child = spawn(process.execPath, [join(import.meta.dirname, 'sleeper.ts'), argument], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  open.unshift({ close: async () => void child.kill('SIGKILL') })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const says = async () => String((await lines.next()).value)
  expect(await says()).toBe('reading')
  return { process: child, proxy, says }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

test('a laptop that sleeps past every time-out goes on where the line has held', async () => {
  const { process: child, says } = await reading()
  child.kill('SIGSTOP')
  await pause(3000)
  child.kill('SIGCONT')
  expect(await says()).toBe('whole 60000')
})

test('a laptop that wakes to a dead line says so, and soon', async () => {
  const { process: child, proxy, says } = await reading()
  child.kill('SIGSTOP')
  proxy.goSilent()
  await pause(2000)
  child.kill('SIGCONT')
  expect(['connection-lost', 'stalled']).toContain(await says())
  await once(child, 'exit')
})
