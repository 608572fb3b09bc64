import type { Actual, ActualObjects } from './actual.ts'
import { inUtc } from './instants.ts'
import { Cursor } from './statements/cursor.ts'
import type { Expected, Fact } from './statements/expected.ts'
import { canonical, tokenize, type FullToken } from './statements/tokens.ts'

/** Something about an object that is not as the dump has it. */
export type Difference = { expected: Expected; actual: Actual; what: string; fact: Fact; got: string | null }

export type Compared = {
  missing: Expected[]
  /** there, and not usable */
  invalid: Expected[]
  different: Difference[]
}

/** Sets each object of the dump beside one of the sandbox. Objects that only the sandbox has are nobody's business. */
export function compareObjects(objects: Iterable<readonly Expected[]>, actual: ActualObjects): Compared {
  const compared: Compared = { missing: [], invalid: [], different: [] }
  for (const group of objects) {
    const left = [...(actual.objects.get(group[0]?.key ?? '') ?? [])]
    for (const expected of group) {
      const best = bestOf(expected, left)
      if (best === null) compared.missing.push(expected)
      else {
        left.splice(left.indexOf(best), 1)
        if (!best.valid) compared.invalid.push(expected)
        compared.different.push(...differences(expected, best))
      }
    }
  }
  return compared
}

/** Among functions of one name, the one with the fewest differences. */
function bestOf(expected: Expected, candidates: readonly Actual[]): Actual | null {
  const [first] = candidates
  if (first === undefined || candidates.length === 1) return first ?? null
  const counted = candidates.map((actual) => ({ actual, count: differences(expected, actual).length }))
  return counted.toSorted((a, b) => a.count - b.count)[0]?.actual ?? null
}

function differences(expected: Expected, actual: Actual): Difference[] {
  const found: Difference[] = []
  for (const [what, fact] of expected.facts) {
    const got = what === 'some columns' ? (actual.facts['columns'] ?? null) : (actual.facts[what] ?? null)
    const same =
      what === 'some columns'
        ? holds(got, fact.want)
        : sameFact(fact, got) || (what === 'bound' && sameBound(fact, got))
    if (!same) found.push({ expected, actual, what, fact, got })
  }
  return found
}

/** Whether a list of columns holds all of these. */
function holds(got: string | null, want: string): boolean {
  const all = new Set<unknown>(JSON.parse(got ?? '[]') as unknown[])
  return (JSON.parse(want) as unknown[]).every((column) => all.has(column))
}

export function sameFact(fact: Fact, got: string | null): boolean {
  return fact.as === 'text' ? fact.want === got : fact.want === definitionOf(fact, got ?? '')
}

/** Whether the bounds of a partition are the same points in time, in whatever zone they are written. */
function sameBound(fact: Fact, got: string | null): boolean {
  return inUtc(fact.want) === inUtc(definitionOf(fact, got ?? ''))
}

/** What PostgreSQL says, as a fact is written. */
export function definitionOf(fact: Fact, got: string): string {
  const tokens = tokenize(got)
  if (tokens.at(-1)?.text === ';') tokens.pop()
  const part: readonly FullToken[] = fact.part === null ? tokens : fact.part(tokens)
  return canonical(new Cursor(part).rest())
}
