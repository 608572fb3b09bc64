import type { EnvEntry, EnvPart } from './parse.ts'

/** Whether a value speaks of other variables. In single quotes a `$` is a dollar. */
export function hasReferences({ quote, value }: EnvEntry): boolean {
  return quote !== 'single' && /(?<!\\)\$(?:\{|[A-Za-z_])/.test(value)
}

/** What a file sets: where a key stands twice, the later line counts, as in every dialect. */
export function valuesOf(parts: readonly EnvPart[]): Map<string, EnvEntry> {
  return new Map(parts.flatMap((part) => (part.kind === 'entry' ? [[part.key, part] as const] : [])))
}
