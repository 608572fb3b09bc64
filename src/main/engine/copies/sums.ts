type Sum = { name: string; sha256: string }

/**
 * SHA256SUMS as `sha256sum -c` takes it: one line for each copy of the folder, and those lines of others that speak of
 * files which are there.
 */
export function sumsText(mine: readonly Sum[], before: string, isThere: (name: string) => boolean): string {
  const names = new Set(mine.map(({ name }) => name))
  const foreign = parseSums(before).filter(({ name }) => !names.has(name) && !name.includes('/') && isThere(name))
  return [...mine, ...foreign]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(sumLine)
    .join('')
}

/** coreutils marks a line whose name holds a backslash or a line break with a backslash at its begin. */
function sumLine({ name, sha256 }: Sum): string {
  const escaped = name.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
  return `${escaped === name ? '' : '\\'}${sha256}  ${escaped}\n`
}

export function parseSums(text: string): Sum[] {
  return text.split('\n').flatMap((line) => {
    const [, mark, sha256, name] = /^(\\?)([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? []
    if (sha256 === undefined || name === undefined) return []
    return [{ sha256, name: mark === '' ? name : unescapeName(name) }]
  })
}

function unescapeName(name: string): string {
  return name.replace(/\\([\\nr])/g, (_, letter: string) => ({ n: '\n', r: '\r' })[letter] ?? '\\')
}
