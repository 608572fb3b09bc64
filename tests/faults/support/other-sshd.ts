import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import { rig } from '../../rig/machine/rig.ts'
import type { Address } from './world.ts'

/** The rig's server once more, on another port, with only those of its host keys whose file name holds this word. */
export async function sshdWithKeys(word: string): Promise<Address> {
  const { ssh } = rig()
  const dir = mkdtempSync(join(tmpdir(), 'lifeboat-faults-sshd-'))
  const port = await freePort()
  const config = join(dir, 'sshd.conf')
  const lines = readFileSync(ssh.config, 'utf8').split('\n')
  const kept = lines.filter((line) => !line.startsWith('HostKey ') || line.includes(word))
  const changed = kept.map((line) => line.replace(/^Port .*/, `Port ${port}`).replace(/^PidFile .*/, 'PidFile none'))
  writeFileSync(config, changed.join('\n'))
  const server = spawn('/usr/local/sbin/lifeboat-rig-sshd', ['-D', '-f', config, '-E', join(dir, 'log')])
  onTestFinished(async () => {
    server.kill()
    await once(server, 'exit')
    rmSync(dir, { recursive: true, force: true })
  })
  await vi.waitFor(() => answers({ host: ssh.host, port }), { timeout: 60_000, interval: 50 })
  return { host: ssh.host, port }
}

async function answers(at: Address): Promise<void> {
  const socket = connect(at)
  try {
    await once(socket, 'connect')
  } finally {
    socket.destroy()
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
