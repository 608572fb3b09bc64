import { availableMemory, bytesNeeded, requireScratch } from '../room.ts'
import { freshPasswords } from '../roles.ts'
import type { SandboxSurroundings, SandboxWish } from '../sandbox.ts'
import { openSession, type Door, type WayIn } from '../session.ts'
import { throwAwaySettings } from '../settings.ts'
import type { Server } from '../stand.ts'
import { startContainer, type Container, type ContainerRoom } from './container.ts'
import type { Daemon } from './daemon.ts'
import type { Image } from './image.ts'
import { carrier, PipeSocket } from './pipe.ts'
import { runInside } from './run-inside.ts'
import { makeSocketFolder, type SocketFolder } from './socket-folder.ts'
import { LifeboatFailure } from '#shared/failure.ts'

/** Starts a server in a fresh container. What it has begun is gone again when it fails or is cancelled. */
export async function startInDocker(
  id: string,
  daemon: Daemon,
  image: Image,
  wish: SandboxWish,
  { signal }: Pick<SandboxSurroundings, 'signal'>,
): Promise<Server> {
  const room = await roomFor(daemon, wish.sqlBytes)
  const settings = throwAwaySettings({ memory: room.memory, cpus: daemon.cpus, dataInMemory: room.dataInMemory })
  const passwords = freshPasswords()
  const folder = daemon.shared ? await makeSocketFolder() : null
  let container: Container | null = null
  const stop = async (): Promise<void> => {
    await container?.remove()
    await folder?.remove()
  }
  try {
    container = await startContainer(
      { id, daemon, image, room, settings, password: passwords.admin, socketDir: folder?.dir ?? null },
      signal,
    )
    const way = await wayInto(daemon, container, folder, passwords)
    return {
      kind: 'docker',
      image: image.name,
      way,
      passwords,
      fate: container.fate,
      superuser: true,
      run: runInside(daemon.cli, container.name, passwords.loader),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The socket where this computer shares its kernel with the container: several times as fast; else a pipe into it. */
async function wayInto(
  { cli }: Daemon,
  { name, carrier: program }: Container,
  folder: SocketFolder | null,
  passwords: Door['passwords'],
): Promise<WayIn> {
  if (folder && (await folder.close())) {
    const way: WayIn = { kind: 'socket', dir: folder.dir }
    if (await answers({ way, passwords, major: 0, superuser: true })) return way
  }
  const argv = carrier(name, program)
  if (argv === null)
    throw new LifeboatFailure(
      'sandbox-missing',
      'This image has none of bash, socat and nc, so that nothing can be sent into its container.',
    )
  return { kind: 'stream', open: () => new PipeSocket(cli.start(argv)) }
}

async function answers(door: Door): Promise<boolean> {
  try {
    const client = await openSession(door, 'admin', 'postgres')
    await client.end()
    return true
  } catch {
    return false
  }
}

/** Share of the free memory that the data may take, and that a container may take altogether. */
const dataShare = 0.5
const wholeShare = 0.85

/** Memory for the data where it fits, else a volume. Throws `sandbox-full` where neither does. */
async function roomFor(daemon: Daemon, sqlBytes: number): Promise<ContainerRoom> {
  // a daemon elsewhere, or in a virtual machine, does not tell what is free there
  const free = daemon.shared ? Math.min(daemon.memory, await availableMemory()) : daemon.memory / 2
  const memory = Math.floor(free * wholeShare)
  const dataBytes = Math.floor(free * dataShare)
  const dataInMemory = bytesNeeded(sqlBytes) <= dataBytes
  if (!dataInMemory && daemon.shared) await requireScratch(daemon.rootDir, sqlBytes)
  return { memory, dataInMemory, dataBytes }
}
