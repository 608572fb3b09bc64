import { posix } from 'node:path'
import { nameSchema } from '#shared/name.ts'

/** What is known about a database before it has a label. All of it foreign text. */
export type LabelSource = {
  readonly file: string | null
  readonly dir: string | null
  readonly project: string | null
  readonly service: string | null
  readonly container: string | null
  readonly dbname: string
}

const environments = new Set(
  'prod production live test testing tests stage staging preprod dev devel development qa uat demo sandbox beta'.split(
    ' ',
  ),
)

/** A label for each, guessed as a person would name it, and no label twice. */
export function labelsFor(sources: readonly LabelSource[]): string[] {
  const first = sources.map((source) => valid(guess(source)))
  const clash = (labels: readonly string[], index: number) =>
    labels.some((other, at) => at !== index && folded(other) === folded(labels[index] ?? ''))
  const named = first.map((label, index) => (clash(first, index) ? valid(sources[index]?.dbname ?? label) : label))
  const joined = named.map((label, index) => {
    const source = sources[index]
    return source && clash(named, index) ? valid(`${source.project ?? source.container ?? 'host'}-${label}`) : label
  })
  const taken = new Set<string>()
  return joined.map((label) => {
    let unique = label
    for (let number = 2; taken.has(folded(unique)); number++) unique = `${label}-${number}`
    taken.add(folded(unique))
    return unique
  })
}

function guess({ file, dir, project, service, container, dbname }: LabelSource): string {
  const middle = file === null ? null : fileWord(file)
  if (middle !== null) return middle
  const places = [dbname, service, project, dir === null ? null : posix.basename(dir), container]
  const environment = places.map((text) => (text === null ? null : environmentIn(text))).find((word) => word !== null)
  if (environment) return environment
  return dbname === 'postgres' ? (project ?? container ?? 'postgres') : dbname
}

/** `docker-compose.prod.yml` → `prod`. Null for a name without a word of its own. */
export function fileWord(file: string): string | null {
  const word = /^(?:docker-)?compose[._-](.+)\.ya?ml$/i.exec(posix.basename(file))?.[1]
  return word === undefined || word === 'override' ? null : word
}

/** The word that says which of several environments something belongs to: `agentcard_prod` → `prod`. */
export function environmentIn(text: string): string | null {
  return (
    text
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .findLast((word) => environments.has(word)) ?? null
  )
}

/** Two labels that differ in case only would share a folder on some disks. */
function folded(label: string): string {
  return label.toLowerCase()
}

function valid(text: string): string {
  const tame = text.replace(/[/\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu, '-').slice(0, 60)
  const parsed = nameSchema.safeParse(tame)
  return parsed.success ? parsed.data : 'database'
}
