import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { createServer } from 'node:net'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LifeboatFailure } from '#shared/failure.ts'
import { createFate, type Fate } from '../lost.ts'
import type { WayIn } from '../session.ts'
import type { Binaries } from './binaries.ts'
import type { ServerFolder } from './folder.ts'
import type { ServerUser } from './user.ts'

export type EmbeddedServer = { way: WayIn; fate: Fate; end(): Promise<void> }

const startLimitMs = 180_000
const readyMark = 'database system is ready to accept connections'
const tailChars = 16_384

/** Starts a program of the package without a shell, as the user that is given, in a session of its own. */
function startProgram(
  { native }: Binaries,
  name: 'initdb' | 'postgres',
  argv: readonly string[],
  { data, env }: ServerFolder,
  user: ServerUser | null,
): ChildProcessWithoutNullStreams {
  const path = join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
  // Ctrl-C in a terminal is for us to answer, in order, and not for the server
  return spawn(path, argv, { cwd: data, env, detached: process.platform !== 'win32', windowsHide: true, ...user })
}

type Running = { child: ChildProcessWithoutNullStreams; ended: Promise<number>; said: () => string }

function watch(child: ChildProcessWithoutNullStreams, onText: (text: string) => void = () => {}): Running {
  let tail = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (text: string) => {
      tail = (tail + text).slice(-tailChars)
      onText(tail)
    })
  }
  child.stdin.on('error', () => {})
  child.stdin.end()
  const ended = new Promise<number>((resolve, reject) => {
    child.once('close', (code) => resolve(code ?? 255))
    child.once('error', reject)
  })
  ended.catch(() => {})
  return { child, ended, said: () => tail.trim() }
}

/** Makes the cluster. What is left of a start that failed is the folder, which the caller removes. */
export async function makeCluster(
  binaries: Binaries,
  folder: ServerFolder,
  user: ServerUser | null,
  signal: AbortSignal,
): Promise<void> {
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--encoding=UTF8']
  // sums of pages only cost time where the disk has no years to decay; before 18 there are none unless asked for
  if (binaries.major >= 18) locale.push('--no-data-checksums')
  const who = ['-U', 'lifeboat_admin', `--pwfile=${folder.passwordFile}`, '--auth=scram-sha-256']
  const { child, ended, said } = watch(
    startProgram(
      binaries,
      'initdb',
      ['-D', folder.data, ...who, ...locale, '--no-sync', '--no-instructions'],
      folder,
      user,
    ),
  )
  const kill = (): void => killGroup(child, 'SIGKILL')
  const limit = AbortSignal.any([signal, AbortSignal.timeout(startLimitMs)])
  limit.addEventListener('abort', kill, { once: true })
  if (limit.aborted) kill()
  try {
    const code = await ended
    signal.throwIfAborted()
    if (code !== 0) throw startFailure(said())
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof LifeboatFailure ? error : startFailure(said(), error)
  } finally {
    limit.removeEventListener('abort', kill)
    await rm(folder.passwordFile, { force: true })
  }
}

/** Starts the server of a cluster; resolves when it takes sessions. */
export async function startServer(
  binaries: Binaries,
  folder: ServerFolder,
  settings: Record<string, string>,
  user: ServerUser | null,
  signal: AbortSignal,
): Promise<EmbeddedServer> {
  signal.throwIfAborted()
  const { way, listen } = await wayInto(folder)
  const { promise: ready, resolve: isReady } = Promise.withResolvers<void>()
  const fate = createFate()
  const options = Object.entries({ ...settings, ...listen }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const { child, ended, said } = watch(
    startProgram(binaries, 'postgres', ['-D', folder.data, ...options], folder, user),
    (text) => {
      if (text.includes(readyMark)) isReady()
    },
  )
  ended.then(
    (code) => fate.lose(`The embedded PostgreSQL ended in the middle (${code}).`, said()),
    (error: unknown) => fate.lose('The embedded PostgreSQL could not be started.', String(error)),
  )
  const end = async (): Promise<void> => {
    fate.expectEnd()
    await endServer(child, ended)
  }
  const limit = AbortSignal.any([signal, AbortSignal.timeout(startLimitMs)])
  const { promise: late, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(new Error('it was not ready in time'))
  limit.addEventListener('abort', onAbort, { once: true })
  try {
    await Promise.race([ready, fate.lost, late])
  } catch (error) {
    await end()
    signal.throwIfAborted()
    throw startFailure(said(), error)
  } finally {
    limit.removeEventListener('abort', onAbort)
  }
  return { way, fate, end }
}

/** A socket that this user alone reaches; where the system has none, a port of the loopback that was free just now. */
async function wayInto({ sockets }: ServerFolder): Promise<{ way: WayIn; listen: Record<string, string> }> {
  if (sockets !== null) {
    const listen = {
      listen_addresses: '',
      unix_socket_directories: sockets,
      unix_socket_permissions: '0700',
      port: '5432',
    }
    return { way: { kind: 'socket', dir: sockets }, listen }
  }
  const port = await freePort()
  return {
    way: { kind: 'tcp', port },
    listen: { listen_addresses: '127.0.0.1', unix_socket_directories: '', port: String(port) },
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port)
        else reject(new Error('no port is free'))
      })
    })
  })
}

const politeMs = 10_000

/** At once and without a checkpoint; a server that does not obey is killed, and its sessions see that by themselves. */
async function endServer(child: ChildProcessWithoutNullStreams, ended: Promise<number>): Promise<void> {
  if (child.pid === undefined) return
  child.kill('SIGQUIT')
  const timer = setTimeout(() => child.kill('SIGKILL'), politeMs)
  await ended.catch(() => 0)
  clearTimeout(timer)
}

function killGroup(child: ChildProcessWithoutNullStreams, name: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, name)
    else child.kill(name)
  } catch {
    // gone already
  }
}

function startFailure(detail: string, cause?: unknown): LifeboatFailure {
  if (/no space left on device|disk quota exceeded/i.test(detail))
    return new LifeboatFailure('sandbox-full', 'The disk of this computer has no room for the sandbox.', {
      cause,
      detail,
    })
  return new LifeboatFailure('sandbox-missing', 'The embedded PostgreSQL could not be started on this computer.', {
    cause,
    detail,
  })
}
