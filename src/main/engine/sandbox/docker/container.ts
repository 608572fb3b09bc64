import { LifeboatFailure } from '#shared/failure.ts'
import { createFate, type Fate } from '../lost.ts'
import { ownership } from '../owned.ts'
import { codeOf, tailOf } from './cli.ts'
import type { Daemon } from './daemon.ts'
import { firstProcess, inside, pipeMark, readyMark } from './first-process.ts'
import type { Image } from './image.ts'
import { labels } from './labels.ts'
import { removeContainer } from './remove.ts'
import { makeVolume } from './volume.ts'

/** Where the data lies, and how much a container may take, in bytes. */
export type ContainerRoom = { memory: number; dataInMemory: boolean; dataBytes: number }

/** A container in which the server is up. */
export type Container = {
  readonly name: string
  readonly fate: Fate
  /** program of the image that can carry a session's bytes; null: it has none */
  readonly carrier: string | null
  /** Ends it and removes all of it; gives up where Docker no longer answers, and leaves the rest to the sweep. */
  remove(): Promise<void>
}

export type ContainerWish = {
  id: string
  daemon: Daemon
  image: Image
  room: ContainerRoom
  settings: Record<string, string>
  password: string
  /** folder of this computer for the server's socket; null: none */
  socketDir: string | null
}

/** PostgreSQL's start takes a second or two; more than this and something is wrong. */
const startLimitMs = 180_000

/**
 * Starts a container and resolves when its server is up. The CLI stays attached: its standard input is the container's
 * life, so that a container whose owner was killed ends by itself, and its exit is how a lost container shows at once.
 */
export async function startContainer(wish: ContainerWish, signal: AbortSignal): Promise<Container> {
  const { daemon, password } = wish
  signal.throwIfAborted()
  const name = `lifeboat-sandbox-${wish.id}`
  if (!wish.room.dataInMemory) await requireVolume(wish, name, signal)
  const fate = createFate()
  const child = daemon.cli.start(runArguments(wish, name))
  let carrier: string | null = null
  const { promise: ready, resolve: isReady } = Promise.withResolvers<void>()
  const said = tailOf(child.stderr, (line) => {
    if (line.startsWith(pipeMark)) carrier = line.slice(pipeMark.length)
    if (line.endsWith(readyMark)) isReady()
  })
  child.stdout.resume()
  child.stdin.on('error', () => {})
  child.stdin.write(`${password}\n`)
  const ended = codeOf(child)
  ended.then(
    (code) => fate.lose(`The container of the sandbox ended in the middle (${code}).`, said()),
    () => fate.lose('The docker command could not be started.'),
  )
  const remove = async (): Promise<void> => {
    fate.expectEnd()
    child.stdin.destroy()
    await removeContainer(daemon, name, ended)
    child.kill('SIGKILL')
  }
  try {
    await withinLimit(Promise.race([ready, fate.lost]), signal)
  } catch (error) {
    await remove()
    signal.throwIfAborted()
    const detail = said()
    throw startFailure(error, wish.image.name, detail)
  }
  return { name, fate, remove, carrier }
}

async function withinLimit(ready: Promise<void>, signal: AbortSignal): Promise<void> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(startLimitMs)])
  const { promise, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(new Error(`it was not ready within ${startLimitMs / 1000} s`))
  limit.addEventListener('abort', onAbort, { once: true })
  if (limit.aborted) onAbort()
  await Promise.race([ready, promise]).finally(() => limit.removeEventListener('abort', onAbort))
}

async function requireVolume({ id, daemon, image }: ContainerWish, name: string, signal: AbortSignal): Promise<void> {
  const refused = await makeVolume(daemon, image, userOf(image), id, name)
  if (refused === null && !signal.aborted) return
  await removeContainer(daemon, name, Promise.resolve(0))
  signal.throwIfAborted()
  throw startFailure(null, image.name, refused ?? '')
}

function startFailure(error: unknown, image: string, detail: string): LifeboatFailure {
  if (/no space left on device|disk quota exceeded/i.test(detail))
    return new LifeboatFailure('sandbox-full', 'Docker has no room left for a container.', { cause: error, detail })
  return new LifeboatFailure('sandbox-missing', `PostgreSQL could not be started from the image ${image}.`, {
    cause: error,
    detail,
  })
}

function runArguments({ id, daemon, image, room, settings, socketDir }: ContainerWish, name: string): string[] {
  const podman = daemon.version.startsWith('Podman')
  const data = room.dataInMemory
    ? ['--tmpfs', `${inside.data}:rw,nosuid,nodev,mode=1777,size=${room.dataBytes}`]
    : ['--volume', `${name}:${inside.data}`]
  const groups = [
    ['run', '--interactive', '--rm', '--name', name, ...labels(id, ownership())],
    // nothing in it can reach anything: no network, no capability, no way to more rights, nothing to write to but its own memory
    ['--network', 'none', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--read-only'],
    ['--user', userOf(image), '--pids-limit', '1024', '--memory', String(room.memory)],
    ['--shm-size', String(Math.floor(room.memory / 4)), '--stop-signal', 'SIGQUIT', '--log-driver', 'none'],
    data,
    ['--tmpfs', `${inside.run}:rw,nosuid,nodev,mode=1777,size=64m`],
    ['--tmpfs', '/tmp:rw,nosuid,nodev,mode=1777,size=256m'],
    // Docker would make a volume for each of these, and leave it behind
    image.volumes.flatMap((folder) => ['--tmpfs', `${folder}:ro,size=4k`]),
    socketDir === null ? [] : ['--mount', `type=bind,source=${socketDir},target=${inside.socket}`],
    podman ? [] : ['--sig-proxy=false'],
    ['--workdir', '/', '--entrypoint', 'sh', image.id, '-c', firstProcess, 'lifeboat'],
    Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
  ]
  return groups.flat()
}

/** PostgreSQL refuses to run as root: its images bring a user of that name, or run as one of their own. */
function userOf(image: Image): string {
  return image.user === '' || image.user === 'root' || image.user === '0' ? 'postgres' : image.user
}
