import { LifeboatFailure } from '#shared/failure.ts'
import type { EnvLine, SealedFile } from '#shared/vault.ts'
import { hasReferences, valuesOf } from '#engine/env/keys.ts'
import { parseEnv, printEnv, type EnvPart } from '#engine/env/parse.ts'
import type { TarFile } from '#engine/tar/file.ts'

/** More text than this is no `.env` file: it is kept and written back, and not taken apart. */
const longestText = 1024 * 1024

/** The parts of a file; null when it is no text. Printing them gives back the file's very bytes. */
export function partsOf(content: Uint8Array): EnvPart[] | null {
  if (content.byteLength > longestText || content.includes(0)) return null
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  for (const encoding of ['utf8', 'latin1'] as const) {
    const text = bytes.toString(encoding)
    if (Buffer.compare(Buffer.from(text, encoding), bytes) !== 0) continue
    const parts = parseEnv(text)
    return printEnv(parts) === text ? parts : null
  }
  return null
}

/** A sealed file as it may be shown: its lines in their order, without what they say. */
export function describeFile({ name, mode, modifiedAt, content }: TarFile): SealedFile {
  const parts = partsOf(content)
  const facts = { name, mode, modifiedAt: modifiedAt.toISOString(), bytes: content.byteLength }
  if (parts === null) return { ...facts, readable: false, lines: [] }
  const last = valuesOf(parts)
  return { ...facts, readable: true, lines: parts.map((part) => describe(part, last)) }
}

function describe(part: EnvPart, last: ReturnType<typeof valuesOf>): EnvLine {
  if (part.kind !== 'entry') return { kind: part.kind, line: part.line }
  const { kind, line, key, exported, quote, lines, value } = part
  return {
    kind,
    line,
    key,
    exported,
    quote,
    lines,
    empty: value === '',
    references: hasReferences(part),
    overridden: last.get(key) !== part,
  }
}

/** What one line says. Of an entry: its value as it is written, without quotes. Throws `not-found`. */
export function revealLine(
  files: readonly TarFile[],
  file: string,
  line: number,
): { key: string | null; value: string } {
  const content = files.find(({ name }) => name === file)?.content
  const part = content && partsOf(content)?.find((each) => each.line === line)
  if (!part) throw new LifeboatFailure('not-found', `${file} has nothing at line ${line}.`)
  if (part.kind === 'entry') return { key: part.key, value: part.value }
  return { key: null, value: part.text.replace(/(?:\r\n|\n|\r)$/, '') }
}
