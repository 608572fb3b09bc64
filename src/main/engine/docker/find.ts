import { z } from 'zod'
import { LifeboatFailure } from '#shared/failure.ts'
import { findPrograms } from './programs.ts'
import type { Compose, DockerState, Remote } from './remote.ts'

/** Finds Docker and Compose on the server and asks the daemon whether it answers this user. */
export async function findDocker(remote: Remote, signal?: AbortSignal): Promise<DockerState> {
  const paths = await findPrograms(remote, ['docker', 'docker-compose'], signal)
  if (paths.docker === undefined) return { state: 'absent' }
  const options = signal ? { signal } : {}
  const answer = await remote([paths.docker, 'version', '--format', '{{json .Server.Version}}'], options)
  const version = answer.code === 0 ? parseVersion(answer.stdout) : null
  if (version === null) return { ...explainDaemon(answer.stderr), path: paths.docker, said: tail(answer.stderr) }
  const compose = await findCompose(remote, paths.docker, paths['docker-compose'], options)
  return { state: 'ready', docker: { path: paths.docker, version, compose } }
}

/** Where docker lies on the server. Throws `tool-missing`; `server` is the name that the sentence uses. */
export async function needDocker(remote: Remote, server: string, signal?: AbortSignal): Promise<string> {
  const { docker } = await findPrograms(remote, ['docker'], signal)
  if (docker === undefined) throw dockerFailure({ state: 'absent' }, server)
  return docker
}

/** Compose, when it is needed to find something; null where there is none. */
export async function needCompose(remote: Remote, docker: string, signal?: AbortSignal): Promise<Compose | null> {
  const paths = await findPrograms(remote, ['docker-compose'], signal)
  return findCompose(remote, docker, paths['docker-compose'], signal ? { signal } : {})
}

/** Why docker did not do as it was told, from what it said. */
export function dockerRefusal(path: string, stderr: string, server: string): LifeboatFailure {
  return dockerFailure({ ...explainDaemon(stderr), path, said: tail(stderr) }, server)
}

export function dockerFailure(state: Exclude<DockerState, { state: 'ready' }>, server: string): LifeboatFailure {
  switch (state.state) {
    case 'absent':
      return new LifeboatFailure(
        'tool-missing',
        `There is no docker on ${server}, neither in PATH nor in the usual places.`,
      )
    case 'refused':
      return new LifeboatFailure('docker-refused', `Docker on ${server} does not let this user in.`, {
        detail: state.said,
      })
    case 'stopped':
      return new LifeboatFailure('docker-stopped', `Docker on ${server} is installed but not running.`, {
        detail: state.said,
      })
    case 'broken':
      return new LifeboatFailure('remote-command', `Docker on ${server} did not answer as it should.`, {
        detail: state.said,
      })
  }
}

/** Which of its troubles the docker client speaks of. Its messages are never translated. */
export function explainDaemon(stderr: string): { state: 'refused' | 'stopped' | 'broken' } {
  if (/permission denied/i.test(stderr)) return { state: 'refused' }
  if (
    /cannot connect to the docker daemon|is the docker daemon running|failed to connect to the docker api/i.test(stderr)
  )
    return { state: 'stopped' }
  return { state: 'broken' }
}

async function findCompose(
  remote: Remote,
  docker: string,
  standalone: string | undefined,
  options: { signal?: AbortSignal },
): Promise<Compose | null> {
  const candidates = [[docker, 'compose'], ...(standalone === undefined ? [] : [[standalone]])]
  for (const argv of candidates) {
    const answer = await remote([...argv, 'version', '--short'], options)
    const version = answer.code === 0 ? parseComposeVersion(answer.stdout) : null
    if (version !== null) return { argv, version }
  }
  return null
}

/** `"28.2.2"`, as the Go template prints it. Null for an empty answer or something that is no version. */
export function parseVersion(text: string): string | null {
  const parsed = z
    .string()
    .regex(/^\S{1,80}$/)
    .safeParse(parseJson(text))
  return parsed.success ? parsed.data : null
}

/** `2.32.4`, `v2.20.2`, `1.29.2, build unknown`. */
export function parseComposeVersion(text: string): string | null {
  return /^v?(\d+\.\d+(?:\.[\w.+~-]{1,60})?)/.exec(text.trim())?.[1] ?? null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function tail(text: string): string {
  return text.trim().slice(-2000)
}
