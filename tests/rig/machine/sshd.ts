import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { alive } from './alive.ts'
import { hostKeys, type Key } from './keys.ts'
import { run, say, until } from './run.ts'
import { accounts } from './users.ts'
import { logDir, sshDir } from './where.ts'

export interface Address {
  host: string
  port: number
  /** The zone in which this server's `date` speaks, as that of a server elsewhere would. */
  timeZone: string
}

export interface Sshd extends Address {
  pid: number
  config: string
  log: string
  hostKeys: Key[]
}

// sshd takes the name it was started under as its PAM service: a name of our own leaves the machine's `/etc/pam.d/sshd` alone.
const program = '/usr/local/sbin/lifeboat-rig-sshd'
const pamService = '/etc/pam.d/lifeboat-rig-sshd'

/** Starts an sshd of the rig unless it runs, with its own configuration, host keys and log. */
export async function startSshd(name: string, at: Address): Promise<Sshd> {
  const keys = await hostKeys(name)
  const config = join(sshDir, `sshd_${name}.conf`)
  const pidFile = join(sshDir, `sshd_${name}.pid`)
  const log = join(logDir, `sshd_${name}.log`)
  const running = sshdPid(pidFile)
  if (running !== null && (await greets(at))) return { ...at, pid: running, config, log, hostKeys: keys }

  if (await greets(at)) throw new Error(`${at.host}:${at.port} is taken by another server: choose another port`)
  say(`starting sshd ${name} on ${at.host}:${at.port}`)
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
  if (!existsSync(program)) symlinkSync('/usr/sbin/sshd', program)
  writeFileSync(
    pamService,
    'auth required pam_unix.so nodelay\naccount required pam_unix.so\nsession required pam_permit.so\n',
  )
  writeFileSync(config, configuration(at, keys, pidFile))
  await run(program, ['-f', config, '-E', log])
  await until(`sshd ${name} to answer`, 10, () => greets(at))
  const pid = sshdPid(pidFile)
  if (pid === null) throw new Error(`sshd ${name} left no pid in ${pidFile}`)
  return { ...at, pid, config, log, hostKeys: keys }
}

function configuration(at: Address, keys: Key[], pidFile: string): string {
  const methods = accounts.map((account) => `Match User ${account.name}\n  AuthenticationMethods ${account.login}`)
  return `${[
    `ListenAddress ${at.host}`,
    `Port ${at.port}`,
    ...keys.map((key) => `HostKey ${key.path}`),
    `PidFile ${pidFile}`,
    'LogLevel VERBOSE',
    'UsePAM yes',
    'PubkeyAuthentication yes',
    'PasswordAuthentication yes',
    'KbdInteractiveAuthentication yes',
    'PermitRootLogin no',
    'AllowTcpForwarding yes',
    'UseDNS no',
    'PrintMotd no',
    'X11Forwarding no',
    // Many tests connect at once; a refusal here would look like a fault of theirs.
    'MaxStartups 500',
    'MaxSessions 500',
    'MaxAuthTries 20',
    'LoginGraceTime 60',
    'AcceptEnv LANG LC_*',
    `SetEnv TZ=${at.timeZone}`,
    'Subsystem sftp internal-sftp',
    `AllowUsers ${accounts.map((account) => account.name).join(' ')}`,
    ...methods,
  ].join('\n')}\n`
}

/** Ends the rig's sshd of this name with all its sessions, and removes what it needed outside the rig's folder. */
export async function stopSshd(name: string): Promise<void> {
  const pid = sshdPid(join(sshDir, `sshd_${name}.pid`))
  if (pid !== null) {
    const sessions = (await run('pgrep', ['-P', String(pid)], { accept: [1] })).stdout.split('\n').filter(Boolean)
    for (const one of [pid, ...sessions.map(Number)]) process.kill(one)
    await until(`the end of sshd ${name}`, 10, async () => !alive(pid))
  }
  for (const file of [program, pamService]) rmSync(file, { force: true })
}

/** The pid of a running sshd of the rig, or null. A pid that now belongs to another program does not count. */
export function sshdPid(pidFile: string): number | null {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8'))
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('lifeboat-rig-sshd') ? pid : null
  } catch {
    return null
  }
}

/** True when a server there sends an SSH greeting. */
function greets(at: Address): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: at.host, port: at.port, timeout: 3000 })
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('data', (bytes: Buffer) => end(bytes.toString().startsWith('SSH-')))
    socket.once('timeout', () => end(false))
    socket.once('error', () => end(false))
    socket.once('close', () => resolve(false))
  })
}
