import type { FoundDatabase } from '#shared/database.ts'
import type { CheckName, Server } from '#shared/server.ts'
import { findDocker } from '#engine/docker/find.ts'
import type { DockerState } from '#engine/docker/remote.ts'
import type { Connection } from '#engine/ssh/connection.ts'
import { discover, type Discovery } from './discover.ts'
import { notChecked, type Verdict } from './facts.ts'
import { askForClock, askForShell, freeOnServer } from './probes.ts'
import { projectFolders, type ProjectFolders } from './project-folders.ts'
import { remoteOver } from './remote.ts'
import { clockVerdict, composeVerdict, diskVerdict, dockerVerdict, shellVerdict } from './verdicts.ts'
import { backupsVerdict, dumpToolVerdict, envVerdict, postgresVerdict } from './verdicts-found.ts'

/** This computer's side of the test. */
export type Local = {
  readonly copiesDir: string
  freeBytes(): Promise<number>
  /** a backup that is older needs care */
  readonly ageLimitHours: number
}

export type CheckStep = {
  readonly name: CheckName
  run(): Promise<{ verdict: Verdict; found?: readonly FoundDatabase[] }>
}

type Context = { readonly local: Local; readonly now: () => Date; readonly signal: AbortSignal }

/** The checks behind a login, in order; a later one builds on what an earlier one has seen. */
export function checksOver(connection: Connection, tested: Server, { local, now, signal }: Context): CheckStep[] {
  const server = tested.name
  const remote = remoteOver(connection, signal)
  let home: string | null = null
  let docker: DockerState | null = null
  let discovery: Discovery | null = null
  let folders: ProjectFolders | null = null
  // milliseconds that the server's clock is ahead of ours
  let ahead = 0

  return [
    step('shell', async () => {
      const shell = await askForShell(remote)
      home = shell.home
      return shellVerdict(shell)
    }),
    step('docker', async () => dockerVerdict((docker = await findDocker(remote, signal)), server)),
    step('compose', async () => composeVerdict(docker)),
    {
      name: 'postgres',
      async run() {
        const usable = docker?.state === 'ready' ? docker.docker : null
        const user = connection.target.user
        // the demo runs on this very computer, whose own PostgreSQL is none of its business
        const ownHost = !tested.demo
        discovery = await discover({ remote, docker: usable, ownHost, server, user, signal })
        folders = await projectFolders(connection, remote, discovery.found, home ?? '/', signal)
        return { verdict: postgresVerdict(discovery, docker), found: folders.databases }
      },
    },
    step('pg-dump', async () =>
      discovery
        ? dumpToolVerdict(discovery.found)
        : notChecked('pg-dump', {}, 'Not checked, because PostgreSQL was not found.'),
    ),
    step('disk', async () => {
      const serverFolder =
        folders?.backups[0]?.folder ?? discovery?.found.find(({ dir }) => dir !== null)?.dir ?? home ?? '/'
      const [serverFree, localFree] = await Promise.all([freeOnServer(remote, serverFolder), local.freeBytes()])
      const sizes = (discovery?.found ?? []).map(({ database }) => database.size)
      return diskVerdict({ serverFolder, serverFree, localFolder: local.copiesDir, localFree }, sizes)
    }),
    step('clock', async () => {
      const before = now().getTime()
      const clock = await askForClock(remote)
      ahead = clock.epoch * 1000 - before
      return clockVerdict(clock, before, now().getTime())
    }),
    step('backups', async () => backupsVerdict(folders, new Date(now().getTime() + ahead), local.ageLimitHours)),
    step('env-files', async () => envVerdict(folders)),
  ]
}

function step(name: CheckName, verdict: () => Promise<Verdict>): CheckStep {
  return { name, run: async () => ({ verdict: await verdict() }) }
}
