import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { alive } from './alive.ts'
import { run, say, startDaemon, succeeds, until } from './run.ts'
import { dockerSocket, logDir, rigDir } from './where.ts'

const pidFile = join(rigDir, 'dockerd.pid')

/** True when a Docker daemon answers on the usual socket. */
export function dockerAnswers(): Promise<boolean> {
  return succeeds('docker', ['version', '--format', '{{.Server.Version}}'])
}

/** Starts dockerd when none answers. Returns the pid of the one that the rig started, now or earlier, else null. */
export async function startDocker(): Promise<number | null> {
  if (await dockerAnswers()) return ownDockerd()
  say('starting dockerd')
  const pid = startDaemon('dockerd', ['--host', `unix://${dockerSocket}`], join(logDir, 'dockerd.log'))
  writeFileSync(pidFile, String(pid))
  await until('dockerd to answer', 60, dockerAnswers)
  return pid
}

/** The pid of the running dockerd that the rig started, or null: another one's is not ours to stop. */
export function ownDockerd(): number | null {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8'))
    return alive(pid) && readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'dockerd' ? pid : null
  } catch {
    return null
  }
}

/** Stops the dockerd that the rig started; images and build results stay in `/var/lib/docker`. */
export async function stopDocker(): Promise<void> {
  const pid = ownDockerd()
  if (pid === null) return
  process.kill(pid, 'SIGTERM')
  await until('the end of dockerd', 60, async () => !alive(pid))
}

/** Runs the docker client. */
export async function docker(...args: string[]): Promise<string> {
  return (await run('docker', args)).stdout.trim()
}
