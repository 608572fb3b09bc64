import { z } from 'zod'
import { LifeboatFailure } from '#shared/failure.ts'
import { findDocker, type Answer, type DockerCli } from './cli.ts'

/** A daemon that answers. */
export type Daemon = {
  cli: DockerCli
  /** `Docker 28.2` */
  version: string
  /** bytes of memory that its containers share */
  memory: number
  cpus: number
  /** where volumes lie; of use only when the daemon is on this computer */
  rootDir: string
  /** whether it can be that it shares kernel and folders with this process: a unix socket on Linux, no virtual machine */
  shared: boolean
}

const infoSchema = z.object({
  ServerVersion: z.string().min(1),
  MemTotal: z.number(),
  NCPU: z.number(),
  DockerRootDir: z.string(),
  OperatingSystem: z.string(),
})

const podmanSchema = z.object({
  version: z.object({ Version: z.string() }),
  host: z.object({ memTotal: z.number(), cpus: z.number() }),
  store: z.object({ graphRoot: z.string() }),
})

/** The daemon behind the docker CLI. Throws `sandbox-missing` with why there is none. */
export async function reachDaemon(signal?: AbortSignal): Promise<Daemon> {
  const cli = await findDocker()
  if (cli === null) throw new LifeboatFailure('sandbox-missing', 'Docker is not installed on this computer.')
  const options = signal ? { signal } : {}
  const [info, host] = await Promise.all([
    cli.run(['info', '--format', '{{json .}}'], options),
    cli.run(['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'], options),
  ])
  const said = parseInfo(info.stdout)
  if (info.code !== 0 || said === null) throw silent(info)
  const shared = process.platform === 'linux' && host.stdout.startsWith('unix://') && !/desktop/i.test(said.system)
  return { cli, shared, version: said.version, memory: said.memory, cpus: said.cpus, rootDir: said.rootDir }
}

type Info = Pick<Daemon, 'version' | 'memory' | 'cpus' | 'rootDir'> & { system: string }

/** What `docker info` or `podman info` prints as JSON; null when it tells of no daemon. */
export function parseInfo(text: string): Info | null {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return null
  }
  const docker = infoSchema.safeParse(json)
  if (docker.success) {
    const { ServerVersion, MemTotal, NCPU, DockerRootDir, OperatingSystem } = docker.data
    const version = `Docker ${ServerVersion.split('.').slice(0, 2).join('.')}`
    return { version, memory: MemTotal, cpus: NCPU, rootDir: DockerRootDir, system: OperatingSystem }
  }
  const podman = podmanSchema.safeParse(json)
  if (!podman.success) return null
  const { version, host, store } = podman.data
  return {
    version: `Podman ${version.Version}`,
    memory: host.memTotal,
    cpus: host.cpus,
    rootDir: store.graphRoot,
    system: '',
  }
}

function silent({ stdout, stderr }: Answer): LifeboatFailure {
  // `docker info` prints what it knows of itself although no daemon answers, and the reason as ServerErrors
  const reason = /"ServerErrors":\["((?:[^"\\]|\\.)*)"/.exec(stdout)?.[1]
  const refused = /permission denied/i.test(stderr + (reason ?? ''))
  const message = refused
    ? 'This user may not talk to Docker on this computer.'
    : 'Docker is installed on this computer, and it does not answer.'
  return new LifeboatFailure('sandbox-missing', message, { detail: [stderr, reason].filter(Boolean).join('\n') })
}
