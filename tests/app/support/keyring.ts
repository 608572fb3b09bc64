import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A real desktop keychain of a test's own, on a session bus of its own. */
export interface Keyring {
  /** what the app needs in its environment to find it */
  env: Record<string, string>
  stop(): Promise<void>
}

const programs = ['dbus-daemon', 'dbus-send', 'gnome-keyring-daemon']
const packages = ['dbus', 'dbus-bin', 'gnome-keyring']

/** Whether a keychain can be had here; as root on Debian it is installed. */
export function keyringIsHere(): boolean {
  if (allHere()) return true
  if (process.getuid?.() !== 0 || process.platform !== 'linux') return false
  const wait = ['-o', 'DPkg::Lock::Timeout=600']
  spawnSync('apt-get', ['-qq', 'update'], { stdio: 'ignore' })
  spawnSync('apt-get', ['install', '-qq', '-y', '--no-install-recommends', ...wait, ...packages], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: 'ignore',
  })
  return allHere()
}

function allHere(): boolean {
  return programs.every((name) => spawnSync(name, ['--version']).error === undefined)
}

export async function startKeyring(): Promise<Keyring> {
  const home = await mkdtemp(join(tmpdir(), 'lifeboat-keyring-'))
  const bus = spawn('dbus-daemon', ['--session', '--nofork', '--print-address=1'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const address = await firstLine(bus)
  const env = {
    DBUS_SESSION_BUS_ADDRESS: address,
    HOME: home,
    XDG_RUNTIME_DIR: home,
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CONFIG_HOME: join(home, 'config'),
  }
  const daemon = spawn('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  daemon.stdin.end('test keyring')
  await secretsAnswer({ ...process.env, ...env })
  return {
    env,
    async stop() {
      for (const child of [daemon, bus]) await ended(child)
      await rm(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

const ownerOfSecrets = [
  '--session',
  '--print-reply',
  '--dest=org.freedesktop.DBus',
  '/',
  'org.freedesktop.DBus.NameHasOwner',
  'string:org.freedesktop.secrets',
]

/** Returns once the keychain is on the bus. */
async function secretsAnswer(env: NodeJS.ProcessEnv): Promise<void> {
  const until = Date.now() + 20_000
  while (!spawnSync('dbus-send', ownerOfSecrets, { env, encoding: 'utf8' }).stdout.includes('true')) {
    if (Date.now() > until) throw new Error('The keyring did not come up.')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const end = text.indexOf('\n')
      if (end >= 0) resolve(text.slice(0, end))
    })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${child.spawnfile} ended with ${code} and said: ${text}`)))
  })
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await gone
}
