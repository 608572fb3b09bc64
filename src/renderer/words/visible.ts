import { printable } from '#shared/name.ts'

/** Foreign text of many lines: its lines and tabs as they are, every other mark that can not be seen made visible. */
export function visibleLines(text: string): string {
  return text
    .split(/([\n\t])/)
    .map((part, index) => (index % 2 === 0 ? printable(part) : part))
    .join('')
}
