import { z } from 'zod'
import type { Remote } from './remote.ts'

/** A container, as far as finding databases needs it. Of the environment only names are kept, and two values. */
export type Container = {
  readonly id: string
  readonly name: string
  readonly image: string
  /** docker's word: running, exited, paused, restarting … */
  readonly state: string
  readonly compose: ComposeLabels | null
  readonly environmentNames: readonly string[]
  readonly postgresUser: string | null
  readonly postgresDb: string | null
}

export type ComposeLabels = {
  readonly project: string
  readonly service: string
  /** folder of the project; null where an old Compose did not write it down */
  readonly dir: string | null
  /** the compose files, as Compose was given them */
  readonly files: readonly string[]
  /** number of the replica, from 1 */
  readonly number: number
  /** made by `compose run`: never the service itself */
  readonly oneoff: boolean
}

/**
 * What `docker inspect` is to print: exactly the fields above as JSON. The environment holds passwords, so the template
 * lets through names, and the values of the user and the database alone: the others do not even cross the wire.
 * `split` is taken instead of `slice`, because clients before 20.10 lack the latter.
 */
const template = [
  '{"id":{{json .Id}},"name":{{json .Name}},"image":{{json .Config.Image}},"state":{{json .State.Status}}',
  ...label('project', 'com.docker.compose.project'),
  ...label('service', 'com.docker.compose.service'),
  ...label('dir', 'com.docker.compose.project.working_dir'),
  ...label('files', 'com.docker.compose.project.config_files'),
  ...label('number', 'com.docker.compose.container-number'),
  ...label('oneoff', 'com.docker.compose.oneoff'),
  ',"env":[{{range $i, $e := .Config.Env}}{{if $i}},{{end}}{{json (index (split $e "=") 0)}}{{end}}]',
  ',"values":[null{{range .Config.Env}}{{$n := index (split . "=") 0}}',
  '{{if or (eq $n "POSTGRES_USER") (eq $n "POSTGRES_DB")}},{{json (split . "=")}}{{end}}{{end}}]}',
].join('')

function label(name: string, key: string): string[] {
  return [`,"${name}":{{json (index .Config.Labels "${key}")}}`]
}

const text = z.string().max(65_536)
const inspectedSchema = z.object({
  id: z.string().regex(/^[0-9a-f]{64}$/),
  name: text,
  image: text,
  state: text,
  project: text.nullable(),
  service: text.nullable(),
  dir: text.nullable(),
  files: text.nullable(),
  number: text.nullable(),
  oneoff: text.nullable(),
  env: z.array(text).max(10_000),
  values: z.array(z.array(text).nullable()),
})

/** The answer about containers, or what docker said instead: who asked knows how to name the server. */
export type ContainerAnswer = { readonly containers: readonly Container[] } | { readonly refused: string }

// both in one round trip; a container that goes between the two is left out, which inspect reports with code 1
const describeAll = `docker=$1 template=$2
ids=$("$docker" ps --all --quiet --no-trunc) || exit 90
[ -n "$ids" ] || exit 0
"$docker" inspect --type container --format "$template" -- $ids`

/** All containers of the server, running or not. `docker` is its path. */
export async function listContainers(remote: Remote, docker: string, signal?: AbortSignal): Promise<ContainerAnswer> {
  const answer = await remote(['/bin/sh', '-c', describeAll, 'list', docker, template], signal ? { signal } : {})
  const containers = parseContainers(answer.stdout)
  if (answer.code === 0 || (containers.length > 0 && answer.code === 1)) return { containers }
  return answer.code === 1 && isGone(answer.stderr) ? { containers } : { refused: answer.stderr }
}

/** One container by id or name; none when there is no such container. */
export async function inspect(
  remote: Remote,
  docker: string,
  name: string,
  signal?: AbortSignal,
): Promise<ContainerAnswer> {
  const argv = [docker, 'inspect', '--type', 'container', '--format', template, '--', name]
  const answer = await remote(argv, signal ? { signal } : {})
  const containers = parseContainers(answer.stdout)
  if (answer.code === 0 || isGone(answer.stderr)) return { containers }
  return { refused: answer.stderr }
}

function isGone(stderr: string): boolean {
  return /no such (?:container|object)/i.test(stderr)
}

/** One container per line of JSON. A line that is something else is dropped: the rest is still of use. */
export function parseContainers(output: string): Container[] {
  return output.split('\n').flatMap((line) => {
    const container = parseContainer(line)
    return container ? [container] : []
  })
}

function parseContainer(line: string): Container | null {
  if (!line.startsWith('{')) return null
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch {
    return null
  }
  const parsed = inspectedSchema.safeParse(json)
  if (!parsed.success) return null
  const { id, name, image, state, env, values } = parsed.data
  const valueOf = (wanted: string): string | null => {
    const parts = values.find((one) => one?.[0] === wanted)
    return parts && parts.length > 1 ? parts.slice(1).join('=') || null : null
  }
  return {
    id,
    name: name.replace(/^\//, ''),
    image,
    state,
    compose: composeLabels(parsed.data),
    environmentNames: env,
    postgresUser: valueOf('POSTGRES_USER'),
    postgresDb: valueOf('POSTGRES_DB'),
  }
}

function composeLabels(labels: z.infer<typeof inspectedSchema>): ComposeLabels | null {
  if (!labels.project || !labels.service) return null
  return {
    project: labels.project,
    service: labels.service,
    dir: labels.dir || null,
    files: labels.files ? labels.files.split(',').filter((file) => file !== '') : [],
    number: Number(labels.number) || 1,
    oneoff: labels.oneoff === 'True' || labels.oneoff === 'true',
  }
}
