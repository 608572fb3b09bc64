import { z } from 'zod'
import { LifeboatFailure } from '#shared/failure.ts'
import type { SandboxSurroundings, SandboxWish } from '../sandbox.ts'
import type { Daemon } from './daemon.ts'

/** An image that lies on this computer. */
export type Image = {
  /** as it was asked for: `postgres:18-alpine` */
  name: string
  /** its content's id: another image under the same name is another image */
  id: string
  /** folders for which Docker would make a volume each */
  volumes: string[]
  /** its own user; '' is root */
  user: string
}

const newestMajor = 18
const fetchLimitMs = 30 * 60_000

/** The image that a wish asks for: the one that was named, else the one of the dump's major version. */
export function imageFor({ image, major }: Pick<SandboxWish, 'image' | 'major'>): string {
  return image ?? `postgres:${major ?? newestMajor}-alpine`
}

const imageSchema = z.object({
  Id: z.string().min(1),
  Config: z.object({ User: z.string().nullish(), Volumes: z.record(z.string(), z.unknown()).nullish() }),
})

/** An image as Docker has it; null when it has none of that name. */
export async function lookAtImage({ cli }: Daemon, name: string, signal?: AbortSignal): Promise<Image | null> {
  const answer = await cli.run(['image', 'inspect', '--format', '{{json .}}', '--', name], signal ? { signal } : {})
  if (answer.code !== 0) return null
  const parsed = imageSchema.safeParse(JSON.parse(answer.stdout))
  if (!parsed.success) throw new LifeboatFailure('sandbox-missing', `Docker tells nothing of use about ${name}.`)
  const { Id, Config } = parsed.data
  return { name, id: Id, volumes: Object.keys(Config.Volumes ?? {}), user: Config.User ?? '' }
}

/** The image, fetched when it is missing. Throws `sandbox-missing` when it can't be had. */
export async function haveImage(
  daemon: Daemon,
  name: string,
  { signal, report }: Pick<SandboxSurroundings, 'signal' | 'report'>,
): Promise<Image> {
  if (!/^[a-z0-9][\w./:@-]*$/i.test(name))
    throw new LifeboatFailure('invalid-input', `${name} is not the name of an image.`)
  const here = await lookAtImage(daemon, name, signal)
  if (here) return here
  report.log(`fetching the image ${name}`)
  const layers = layerCount((detail) => report.step('sandbox', `${name} ${detail}`))
  const answer = await daemon.cli.run(['pull', name], { signal, limitMs: fetchLimitMs, onLine: layers })
  const fetched = answer.code === 0 ? await lookAtImage(daemon, name, signal) : null
  if (fetched) return fetched
  throw new LifeboatFailure(
    'sandbox-missing',
    `The image ${name} is not on this computer, and it could not be fetched. Where there is a network: docker pull ${name}`,
    { detail: answer.stderr },
  )
}

/** Turns the lines of `docker pull` into `3/9`: layers that are in place, of those that are known. */
export function layerCount(show: (detail: string) => void): (line: string) => void {
  const layers = new Map<string, boolean>()
  return (line) => {
    const found = /^([0-9a-f]{12}): (Pulling fs layer|Already exists|Pull complete)/.exec(line)
    const [, layer, state] = found ?? []
    if (layer === undefined) return
    layers.set(layer, state !== 'Pulling fs layer')
    show(`${[...layers.values()].filter(Boolean).length}/${layers.size}`)
  }
}

/** PostgreSQL's images that lie here already, whoever built them. */
export async function imagesHere({ cli }: Daemon, signal?: AbortSignal): Promise<string[]> {
  const answer = await cli.run(['images', '--format', '{{.Repository}}:{{.Tag}}'], signal ? { signal } : {})
  const names = answer.stdout.split('\n').map((line) => line.trim().replace(/^docker\.io\/(library\/)?/, ''))
  return names.filter((name) => /postg|timescale|pgvector/i.test(name) && !name.includes('<none>')).toSorted()
}
