import { posix } from 'node:path'
import type { FoundDatabase, Place } from '#shared/database.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import { listContainers, type Container } from '#engine/docker/containers.ts'
import { dockerRefusal } from '#engine/docker/find.ts'
import { isDefaultFile } from '#engine/docker/place.ts'
import type { Docker, Remote } from '#engine/docker/remote.ts'
import type { DumpTool } from '#engine/postgres/dump-tool.ts'
import { clusterIn, clusterOnHost, isPostgres, type Cluster } from './cluster.ts'
import { labelsFor } from './label.ts'

/** A PostgreSQL that is there and could not be asked, with why. */
export type Unanswered = { readonly name: string; readonly failure: LifeboatFailure }

export type Discovery = {
  readonly found: readonly Found[]
  /** containers of PostgreSQL that do not run, by name */
  readonly stopped: readonly string[]
  readonly unanswered: readonly Unanswered[]
  /** why the PostgreSQL of the server itself let nobody in; many servers have one that is not meant for this user */
  readonly hostRefusal: LifeboatFailure | null
}

/** One database, not yet with the folders that belong to it. */
export type Found = {
  readonly database: FoundDatabase
  readonly versionNumber: number
  readonly tool: DumpTool | null
  /** the Compose project's folder */
  readonly dir: string | null
}

export type Where = {
  readonly remote: Remote
  /** null where Docker can't be used */
  readonly docker: Docker | null
  /** look for a PostgreSQL on the server itself as well */
  readonly ownHost: boolean
  /** name of the server, for sentences */
  readonly server: string
  /** the system's user that is logged in */
  readonly user: string
  readonly signal: AbortSignal
}

/** Every PostgreSQL of the server, in containers and on the host, and every database in each. */
export async function discover(where: Where): Promise<Discovery> {
  const { remote, docker, ownHost, server, user, signal } = where
  const containers = (await allContainers(where)).filter(isCandidate)
  const clusters: Cluster[] = []
  const unanswered: Unanswered[] = []
  const note = (name: string) => (error: unknown) => {
    unanswered.push({ name, failure: noted(error) })
    return null
  }
  for (const container of containers.filter(({ state }) => state === 'running')) {
    if (!docker) break
    const cluster = await clusterIn(remote, docker, container, placeOf(container), signal).catch(note(container.name))
    if (cluster) clusters.push(cluster)
  }
  let hostRefusal: LifeboatFailure | null = null
  const onHost = ownHost ? clusterOnHost(remote, server, user, signal) : Promise.resolve(null)
  const host = await onHost.catch((error: unknown) => {
    hostRefusal = noted(error)
    return null
  })
  // a published port of a container answers on localhost as well: the same databases are not offered twice
  if (host && !clusters.some((other) => sameDatabases(other, host))) clusters.push(host)
  const stopped = containers.filter(({ state }) => state !== 'running').map(({ name }) => name)
  return { found: withLabels(clusters).sort(likeliestFirst), stopped, unanswered, hostRefusal }
}

async function allContainers({ remote, docker, server, signal }: Where): Promise<readonly Container[]> {
  if (!docker) return []
  const answer = await listContainers(remote, docker.path, signal)
  if ('refused' in answer) throw dockerRefusal(docker.path, answer.refused, server)
  return answer.containers
}

function isCandidate(container: Container): boolean {
  return isPostgres(container) && container.compose?.oneoff !== true
}

/** By Compose service where the labels say enough to find it again after it was made anew, else by name. */
export function placeOf({ name, compose }: Container): Place {
  if (!compose || compose.dir === null || compose.number !== 1 || !compose.dir.startsWith('/'))
    return { kind: 'container', container: name }
  const { dir, files, service, project } = compose
  return { kind: 'compose', dir, file: fileOf(dir, files), service, project: project || null }
}

/** The compose file inside the folder; null for Compose's own default. Of several the one with a name of its own. */
export function fileOf(dir: string, files: readonly string[]): string | null {
  const special = files.findLast((file) => !isDefaultFile(file))
  const elsewhere = files.find((file) => posix.dirname(posix.resolve(dir, file)) !== posix.resolve(dir))
  const file = special ?? elsewhere
  if (file === undefined) return null
  const path = posix.resolve(dir, file)
  return path.startsWith(`${posix.resolve(dir)}/`) ? posix.relative(dir, path) : path
}

function withLabels(clusters: readonly Cluster[]): Found[] {
  const pairs = clusters.flatMap((cluster) => cluster.databases.map((listed) => ({ cluster, listed })))
  const labels = labelsFor(
    pairs.map(({ cluster: { place, container }, listed }) => ({
      file: place.kind === 'compose' ? place.file : null,
      dir: place.kind === 'compose' ? place.dir : null,
      project: container?.compose?.project ?? null,
      service: container?.compose?.service ?? null,
      container: container?.name ?? null,
      dbname: listed.name,
    })),
  )
  return pairs.map(({ cluster, listed }, at) => ({
    versionNumber: cluster.versionNumber,
    tool: cluster.tool,
    dir: cluster.place.kind === 'compose' ? cluster.place.dir : null,
    database: {
      label: labels[at] ?? listed.name,
      place: cluster.place,
      project: cluster.container?.compose?.project ?? null,
      container: cluster.container?.name ?? null,
      image: cluster.container?.image ?? null,
      dbname: listed.name,
      dbuser: cluster.dbusers.get(listed.name) ?? cluster.dbuser,
      serverVersion: cluster.version,
      dumpVersion: cluster.tool?.version ?? null,
      size: listed.size,
      backups: null,
      env: [],
    },
  }))
}

const kinds = ['compose', 'container', 'host']

/** What the operator most likely came for stands first: services, the larger ones before the smaller. */
function likeliestFirst({ database: one }: Found, { database: other }: Found): number {
  const rank = ({ place }: FoundDatabase) => kinds.indexOf(place.kind)
  return rank(one) - rank(other) || (other.size ?? 0) - (one.size ?? 0) || (one.label < other.label ? -1 : 1)
}

/** Databases come in a fixed order, by size and name. */
function sameDatabases(one: Cluster, other: Cluster): boolean {
  return one.version === other.version && JSON.stringify(one.databases) === JSON.stringify(other.databases)
}

/** A database that does not answer is a finding; a line that broke, or a fault of ours, is not. */
function noted(error: unknown): LifeboatFailure {
  if (!(error instanceof LifeboatFailure)) throw error
  if (error.kind === 'connection-lost' || error.kind === 'stalled' || error.kind === 'cancelled') throw error
  return error
}
