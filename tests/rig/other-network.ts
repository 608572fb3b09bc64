import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { rig } from './machine/rig.ts'

const program = '/usr/local/sbin/lifeboat-rig-sshd'

/**
 * A network of its own, with two more real servers: at the address of the rig's inner one a machine with other host keys, and
 * a jump host that stands in both networks. Returns where the jump host is reached from here.
 */
export async function jumpIntoOtherNetwork(): Promise<{ host: string; port: number }> {
  const { ssh, inner } = rig()
  const dir = mkdtempSync(join(tmpdir(), 'lifeboat-network-'))
  const others = readFileSync(ssh.config, 'utf8').match(/^HostKey .*/gm) ?? []
  const own = readFileSync(inner.config, 'utf8').split('\n')
  const lines = own.filter((line) => !/^(HostKey|PidFile) /.test(line))
  const config = join(dir, 'sshd.conf')
  writeFileSync(config, `${[...others, 'PidFile none', ...lines].join('\n')}\n`)

  const machine = spawn('unshare', ['-n', 'sh', '-c', `ip link set lo up && exec ${program} -D -e -f ${config}`])
  const doors = new Set<ChildProcess>()
  // as inetd would: one sshd for each connection, inside the other network
  const door = createServer((socket) => {
    const sshd = spawn('nsenter', ['-t', String(machine.pid), '-n', program, '-i', '-f', config])
    doors.add(sshd)
    sshd.once('exit', () => doors.delete(sshd))
    for (const end of [socket, sshd.stdin]) end.on('error', () => {})
    socket.pipe(sshd.stdin)
    sshd.stdout.pipe(socket)
  })
  onTestFinished(async () => {
    for (const sshd of [...doors, machine]) {
      const gone = once(sshd, 'exit')
      if (sshd.exitCode === null && sshd.signalCode === null && sshd.kill()) await gone
    }
    door.close()
    rmSync(dir, { recursive: true, force: true })
  })
  await listens(machine)
  door.listen(0, ssh.host)
  await once(door, 'listening')
  const address = door.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { host: ssh.host, port: address.port }
}

async function listens({ stderr }: ChildProcess): Promise<void> {
  let said = ''
  for await (const chunk of stderr ?? []) {
    said += String(chunk)
    if (said.includes('Server listening')) return
  }
  throw new Error(`the sshd of the other network did not start: ${said}`)
}
