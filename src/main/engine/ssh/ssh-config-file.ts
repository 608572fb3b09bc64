import { glob, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { expandHome } from './key-file.ts'

/** One `Keyword value` of a configuration, with the conditions under which it stands. */
export type ConfigLine = {
  /** Host patterns; a file that is included under a Host adds its own to those of the Include: all have to apply */
  readonly conditions: readonly (readonly string[])[]
  readonly keyword: string
  readonly value: string
}

/** ssh follows Include this deep and no deeper. */
const deepestInclude = 16

/**
 * The lines of an ssh_config with its Includes in place. A file that is not there is empty.
 * What stands under Match is left out, except `Match all`: its conditions are ssh's own business.
 */
export async function readConfigLines(
  file: string,
  outer: ConfigLine['conditions'] = [],
  depth = 0,
): Promise<ConfigLine[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const lines: ConfigLine[] = []
  let conditions = outer
  for (const { keyword, value } of text.split('\n').flatMap(splitLine)) {
    if (keyword === 'host') conditions = [...outer, words(value)]
    else if (keyword === 'match') conditions = value.toLowerCase() === 'all' ? outer : [[]]
    if (keyword !== 'include') lines.push({ conditions, keyword, value })
    else if (depth < deepestInclude) lines.push(...(await included(words(value), conditions, depth)))
  }
  return lines
}

/** The names that a person has given to hosts: every Host word that is no pattern, in the order of the file. */
export function hostNames(lines: readonly ConfigLine[]): string[] {
  const names = lines.filter(({ keyword }) => keyword === 'host').flatMap(({ value }) => words(value))
  return [...new Set(names.filter((name) => !/[*?!]/.test(name) && !name.startsWith('-')))]
}

/** The values of a keyword for a host; the first is the one that counts, except for keywords that add up. */
export function valuesFor(lines: readonly ConfigLine[], alias: string, keyword: string): string[] {
  return lines
    .filter((line) => line.keyword === keyword && line.conditions.every((hosts) => applies(hosts, alias)))
    .map((line) => unquote(line.value))
}

async function included(
  patterns: readonly string[],
  conditions: ConfigLine['conditions'],
  depth: number,
): Promise<ConfigLine[]> {
  const lines: ConfigLine[] = []
  for (const pattern of patterns) {
    const path = expandHome(pattern)
    const files: string[] = []
    for await (const file of glob(isAbsolute(path) ? path : join(homedir(), '.ssh', path))) files.push(file)
    for (const file of files.toSorted()) lines.push(...(await readConfigLines(file, conditions, depth + 1)))
  }
  return lines
}

function splitLine(line: string): { keyword: string; value: string }[] {
  const match = /^\s*([A-Za-z]\w*)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(line)
  return match?.[1] && match[2] ? [{ keyword: match[1].toLowerCase(), value: match[2] }] : []
}

function words(value: string): string[] {
  return [...value.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '')
}

function unquote(value: string): string {
  return /^"[^"]*"$/.test(value) ? value.slice(1, -1) : value
}

function applies(hosts: readonly string[], alias: string): boolean {
  const hits = (pattern: string) => wildcard(pattern).test(alias)
  if (hosts.some((pattern) => pattern.startsWith('!') && hits(pattern.slice(1)))) return false
  return hosts.some((pattern) => !pattern.startsWith('!') && hits(pattern))
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 'i')
}
