/**
 * JSON on many lines. Nothing is parsed: numbers keep all of their digits and keys their order, and text that is no JSON
 * comes back with other blanks at worst.
 */
export function prettyJson(text: string): string {
  let depth = 0
  const line = (): string => `\n${'  '.repeat(depth)}`
  // strings with their escapes, marks, and whatever lies between them
  return [...text.matchAll(/"(?:[^"\\]|\\[\s\S])*"?|[{}[\],:]|[^\s"{}[\],:]+/g)]
    .map(([token], index, all) => {
      const next = all[index + 1]?.[0]
      switch (token) {
        case '{':
        case '[':
          if (next === '}' || next === ']') return token
          depth += 1
          return token + line()
        case '}':
        case ']': {
          const before = all[index - 1]?.[0]
          if (before === '{' || before === '[') return token
          depth = Math.max(0, depth - 1)
          return line() + token
        }
        case ',':
          return token + line()
        case ':':
          return ': '
        default:
          return token
      }
    })
    .join('')
}
