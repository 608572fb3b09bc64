import { posix } from 'node:path'
import type { Place } from '#shared/database.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import { inspect, listContainers, type ComposeLabels, type Container, type ContainerAnswer } from './containers.ts'
import { dockerRefusal, needCompose, needDocker } from './find.ts'
import type { Answer, Remote } from './remote.ts'

/** Where the commands of a database run: in one certain container, or on the server itself. */
export type Seat =
  | { readonly kind: 'container'; readonly docker: string; readonly id: string; readonly name: string }
  | { readonly kind: 'host' }

type ComposePlace = Extract<Place, { kind: 'compose' }>

/**
 * Finds the container that a database lives in, right now: containers come and go, places stay.
 * `server` is the name that sentences use. Throws `tool-missing`, `docker-refused`, `docker-stopped` or `database-not-found`.
 */
export async function locate(remote: Remote, place: Place, server: string, signal?: AbortSignal): Promise<Seat> {
  switch (place.kind) {
    case 'host':
      return { kind: 'host' }
    case 'container': {
      const docker = await needDocker(remote, server, signal)
      const [container] = known(await inspect(remote, docker, place.container, signal), docker, server)
      if (!container || !isCalled(container, place.container))
        throw notFound(`There is no container ${place.container} on ${server}.`)
      return running(container, docker, server)
    }
    case 'compose': {
      if (!place.dir.startsWith('/'))
        throw new LifeboatFailure('invalid-input', `The Compose folder ${place.dir} must be given from / on.`)
      const docker = await needDocker(remote, server, signal)
      return running(await serviceContainer(remote, docker, place, server, signal), docker, server)
    }
  }
}

/** Docker takes a name that no container has for the first digits of an id: `db` would be any that begins with these. */
function isCalled({ id, name }: Container, wanted: string): boolean {
  return name === wanted.replace(/^\//, '') || (/^[0-9a-f]{12,}$/.test(wanted) && id.startsWith(wanted))
}

function known(answer: ContainerAnswer, docker: string, server: string): readonly Container[] {
  if ('refused' in answer) throw dockerRefusal(docker, answer.refused, server)
  return answer.containers
}

/**
 * The container of a Compose service. Its labels say exactly which folder, file and service it was made from, so one
 * running match of one project settles it. Where labels don't (a folder reached through a link, an old Compose), Compose
 * itself is asked.
 */
async function serviceContainer(
  remote: Remote,
  docker: string,
  place: ComposePlace,
  server: string,
  signal?: AbortSignal,
): Promise<Container> {
  const all = known(await listContainers(remote, docker, signal), docker, server)
  const byLabels = all.filter((container) => isOfService(container, place))
  // where the place names no project, one folder and file may serve several, such as a prod and a test: which of them
  // is up says nothing
  if (new Set(byLabels.map(({ compose }) => compose?.project)).size > 1) throw ambiguous(place, server, byLabels)
  const up = byLabels.filter((container) => container.state === 'running')
  if (up.length === 1 && up[0]) return up[0]
  const asked = await composePs(remote, docker, place, signal)
  const named = all.filter((container) => asked.ids.includes(container.id) && !contradicts(container, place))
  const [only] = named
  if (named.length === 1 && only) return only
  if (named.length > 1 || up.length > 1) throw ambiguous(place, server, named.length > 1 ? named : up)
  if (byLabels[0]) return byLabels[0]
  throw notFound(`No container of the service ${place.service} in ${place.dir} runs on ${server}.`, asked.said)
}

/**
 * Project, where it is named, folder, service and file agree. A file that is not named matches only a project made from
 * Compose's default files.
 */
export function isOfService({ compose: labels }: Container, place: ComposePlace): boolean {
  if (!labels || !isNamed(labels, place)) return false
  if (labels.dir === null || posix.resolve(labels.dir) !== posix.resolve(place.dir)) return false
  return usesFile(labels.files, place)
}

/** Compose named a container that was made from another file: the same project name serves two files in one folder. */
function contradicts(container: Container, place: ComposePlace): boolean {
  const labels = container.compose
  if (!labels || !isNamed(labels, place)) return true
  return labels.files.length > 0 && !sameNames(labels.files, place)
}

function isNamed(labels: ComposeLabels, { service, project }: ComposePlace): boolean {
  return !labels.oneoff && labels.service === service && (project === null || labels.project === project)
}

const defaultFiles = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml']

/** True for the files that Compose takes by itself, the overriding ones included. */
export function isDefaultFile(file: string): boolean {
  const name = posix.basename(file).replace(/\.override(?=\.ya?ml$)/, '')
  return defaultFiles.includes(name)
}

function usesFile(files: readonly string[], { dir, file }: ComposePlace): boolean {
  const wanted = file === null ? null : posix.resolve(dir, file)
  const ofFolder = (one: string) => isDefaultFile(one) && posix.dirname(posix.resolve(dir, one)) === posix.resolve(dir)
  if (wanted === null) return files.every(ofFolder)
  return files.some((one) => posix.resolve(dir, one) === wanted)
}

/** Names only, since a link in the path makes the folders differ. */
function sameNames(files: readonly string[], { file }: ComposePlace): boolean {
  if (file === null) return files.every(isDefaultFile)
  return files.some((one) => posix.basename(one) === posix.basename(file))
}

/** `compose ps -q SERVICE` in the project's folder. Says what it said when it could not answer. */
async function composePs(
  remote: Remote,
  docker: string,
  { dir, file, service, project: name }: ComposePlace,
  signal?: AbortSignal,
): Promise<{ ids: string[]; said: string }> {
  const compose = await needCompose(remote, docker, signal)
  if (!compose) return { ids: [], said: '' }
  const files = file === null ? [] : ['--file', posix.resolve(dir, file)]
  const named = name === null ? [] : ['--project-name', name]
  const ps = [...compose.argv, '--project-directory', dir, ...files, ...named, 'ps', '--quiet', '--', service]
  // compose looks for its default file in the folder it stands in, and v1 knows no other way
  const argv = ['/bin/sh', '-c', 'cd "$1" && shift && exec "$@"', 'compose', dir, ...ps]
  const answer = await remote(argv, signal ? { signal } : {})
  return { ids: parseIds(answer), said: answer.code === 0 ? '' : answer.stderr.trim().slice(-2000) }
}

export function parseIds(answer: Answer): string[] {
  if (answer.code !== 0) return []
  return answer.stdout.split('\n').filter((line) => /^[0-9a-f]{64}$/.test(line))
}

function running(container: Container, docker: string, server: string): Seat {
  if (container.state === 'running') return { kind: 'container', docker, id: container.id, name: container.name }
  throw notFound(`The container ${container.name} on ${server} is not running: it is ${container.state}.`)
}

function ambiguous(place: ComposePlace, server: string, containers: readonly Container[]): LifeboatFailure {
  const names = containers.map((container) => container.name).join(', ')
  return notFound(
    `The service ${place.service} in ${place.dir} on ${server} has several containers (${names}). Name the one that holds the database.`,
  )
}

function notFound(message: string, detail = ''): LifeboatFailure {
  return new LifeboatFailure('database-not-found', message, detail === '' ? {} : { detail })
}
