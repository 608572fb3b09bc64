import { printable } from '#shared/name.ts'
import { remedies } from '#shared/failure.ts'
import { dockerFailure } from '#engine/docker/find.ts'
import type { DockerState } from '#engine/docker/remote.ts'
import { failed, notChecked, proven, type Verdict } from './facts.ts'
import type { ServerClock, ShellFacts } from './probes.ts'

/** What was seen, as verdicts: no question is asked here. */

export function shellVerdict(facts: ShellFacts): Verdict {
  const { shell, system, noiseBytes } = facts
  const noise =
    noiseBytes === 0
      ? ''
      : ` Its start files print ${noiseBytes} bytes for every command; Lifeboat's commands drop them; SFTP may stumble over them.`
  return proven('shell', facts, `${printable(shell)} on ${printable(system)} runs commands as it should.${noise}`)
}

export function dockerVerdict(state: DockerState, server: string): Verdict {
  switch (state.state) {
    case 'ready': {
      const { path, version } = state.docker
      return proven('docker', { state: 'ready', path, version }, `Docker ${version} answers this user (${path}).`)
    }
    case 'absent':
      return notChecked(
        'docker',
        { state: 'absent' },
        `There is no docker on ${server}. A database may still run on the server itself.`,
        'Install Docker, if a database should run in a container there.',
      )
    case 'refused':
    case 'stopped':
    case 'broken': {
      const { message } = dockerFailure(state, server)
      return failed('docker', { state: state.state, path: state.path }, message, dockerRemedy(state.state))
    }
  }
}

function dockerRemedy(state: 'refused' | 'stopped' | 'broken'): string {
  switch (state) {
    case 'refused':
      return remedies['docker-refused'].remedy
    case 'stopped':
      return remedies['docker-stopped'].remedy
    case 'broken':
      return 'Run `docker version` on the server and mend what it says.'
  }
}

export function composeVerdict(docker: DockerState | null): Verdict {
  if (docker?.state !== 'ready') return notChecked('compose', {}, 'Not checked, because Docker can not be used.')
  const { compose } = docker.docker
  if (compose === null)
    return notChecked(
      'compose',
      {},
      'Docker has no Compose here. Lifeboat finds running services by their labels all the same.',
      'Install the docker-compose-plugin package, if services are to be started there.',
    )
  const command = compose.argv.join(' ')
  const generation = compose.version.startsWith('1.') ? 1 : 2
  const facts = { version: compose.version, generation, command }
  return proven('compose', facts, `Compose ${compose.version} answers (${command}).`)
}

type Disks = { serverFolder: string; serverFree: number | null; localFolder: string; localFree: number }

/** A dump is smaller than its database nearly always, but nothing promises it: less room than that is not enough. */
export function diskVerdict(disks: Disks, sizes: readonly (number | null)[]): Verdict {
  const known = sizes.filter((size) => size !== null)
  const needed = known.length === 0 ? null : known.reduce((sum, size) => sum + size, 0)
  const largest = known.length === 0 ? null : Math.max(...known)
  const facts = { ...disks, needed, largest }
  const { serverFree, localFree, serverFolder, localFolder } = disks
  const here = `${gigabytes(localFree)} free in ${localFolder}`
  const there =
    serverFree === null
      ? 'free space on the server is not known'
      : `${gigabytes(serverFree)} free in ${printable(serverFolder)}`
  const compared = needed === null ? '' : `; the databases take ${gigabytes(needed)}`
  const detail = `Here ${here}; there ${there}${compared}.`
  if (needed !== null && localFree < needed) return failed('disk', facts, detail, remedies['disk-full'].remedy)
  if (largest !== null && serverFree !== null && serverFree < largest)
    return failed('disk', facts, detail, `${remedies['remote-disk-full'].remedy} Its own backups need room too.`)
  if (serverFree === null) return notChecked('disk', facts, detail)
  return proven('disk', facts, detail)
}

/** More than this, and stamps and ages of backups mislead. */
const clockLimit = 60

/** `before`, `after`: this computer's clock around the question, in ms. The server tells whole seconds only. */
export function clockVerdict(clock: ServerClock, before: number, after: number): Verdict {
  const middle = (before + after) / 2000
  const difference = Math.round((clock.epoch + 0.5 - middle) * 10) / 10
  const accuracy = Math.round(((after - before) / 2000 + 0.5) * 10) / 10
  const serverTime = new Date(clock.epoch * 1000).toISOString()
  const facts = { difference, accuracy, zone: clock.zone, serverTime }
  const way = difference > 0 ? 'ahead of' : 'behind'
  const compared =
    Math.abs(difference) <= accuracy
      ? "agrees with this computer's"
      : `is ${Math.abs(difference)} s ${way} this computer's`
  const detail = `The server's clock ${compared} (± ${accuracy} s), zone ${clock.zone}.`
  if (Math.abs(difference) <= clockLimit + accuracy) return proven('clock', facts, detail)
  return failed('clock', facts, detail, 'Set the clock that is wrong, and let both follow a time server (NTP).')
}

function gigabytes(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1000)} kB`
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`
}
