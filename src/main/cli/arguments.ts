import { parseArgs, type ParseArgsConfig } from 'node:util'
import { LifeboatFailure } from '#shared/failure.ts'
import { printable } from '#shared/name.ts'

type OptionConfig = NonNullable<ParseArgsConfig['options']>

/** Options that stand before or behind any word. */
const common = {
  'data-dir': { type: 'string' },
  json: { type: 'boolean' },
  lang: { type: 'string' },
  'passphrase-fd': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const satisfies OptionConfig

/** What a word of the terminal takes: its own options, and how many operands. */
export type WordShape = { options: OptionConfig; operands: [min: number, max: number]; usage: string }

export type Given = {
  operands: string[]
  text(name: string): string | undefined
  texts(name: string): string[]
  flag(name: string): boolean
  /** those of the options that were typed */
  among(...names: string[]): string[]
}

export type CommonOptions = {
  dataDir: string | undefined
  json: boolean
  lang: 'en' | 'zh-CN'
  passphraseFd: number | undefined
  help: boolean
  version: boolean
}

/**
 * Splits off the common options and the words before the first option that is not common.
 * Lenient on purpose: the strict reading follows once the word, and so its options, is known.
 */
export function readCommon(argv: readonly string[]): { common: CommonOptions; words: string[] } {
  const { values, positionals } = parseArgs({ args: [...argv], options: common, strict: false, allowPositionals: true })
  const text = (name: string): string | undefined => {
    const value: unknown = Reflect.get(values, name)
    return typeof value === 'string' ? value : undefined
  }
  const lang = text('lang')
  if (lang !== undefined && lang !== 'en' && lang !== 'zh-CN') throw wrongUsage(`--lang takes en or zh-CN, not ${lang}`)
  // an unset variable in a script must not mean the folder one happens to stand in
  if (text('data-dir') === '') throw wrongUsage('--data-dir takes a folder.')
  const fd = text('passphrase-fd')
  if (fd !== undefined && !/^\d{1,4}$/.test(fd)) throw wrongUsage('--passphrase-fd takes the number of a descriptor')
  return {
    common: {
      dataDir: text('data-dir'),
      json: values.json === true,
      lang: lang ?? languageOfTerminal(process.env),
      passphraseFd: fd === undefined ? undefined : Number(fd),
      help: values.help === true,
      version: values.version === true,
    },
    words: positionals,
  }
}

/** Reads everything behind the word strictly. Throws `wrong-usage` with the word's usage for whatever does not fit. */
export function readWord(argv: readonly string[], wordCount: number, shape: WordShape): Given {
  const parsed = strictly(argv, shape)
  const operands = parsed.positionals.slice(wordCount)
  const [min, max] = shape.operands
  if (operands.length < min || operands.length > max) throw wrongUsage(`Usage: lifeboat ${shape.usage}`)
  const valueOf = (name: string): unknown => Reflect.get(parsed.values, name)
  const textsOf = (name: string): string[] => {
    const value = valueOf(name)
    const list: unknown[] = Array.isArray(value) ? value : [value]
    return list.filter((item) => typeof item === 'string')
  }
  return {
    operands,
    text: (name) => textsOf(name)[0],
    texts: textsOf,
    flag: (name) => valueOf(name) === true,
    among: (...names) => names.filter((name) => valueOf(name) !== undefined),
  }
}

function strictly(argv: readonly string[], shape: WordShape): { values: object; positionals: string[] } {
  try {
    return parseArgs({ args: [...argv], options: { ...common, ...shape.options }, allowPositionals: true })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    // Node's own advice is about dashes, and would follow with a quote that it does not close
    const what = reason.replace(/\.(?: To specify a positional|\nDid you forget)[^]*$/, '')
    throw wrongUsage(`${printable(what)}. Usage: lifeboat ${shape.usage}`)
  }
}

export function wrongUsage(message: string): LifeboatFailure {
  return new LifeboatFailure('wrong-usage', message)
}

function languageOfTerminal(env: NodeJS.ProcessEnv): 'en' | 'zh-CN' {
  return /^zh/i.test(env.LC_ALL || env.LC_MESSAGES || env.LANG || '') ? 'zh-CN' : 'en'
}
