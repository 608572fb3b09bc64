import { randomBytes } from 'node:crypto'

/** A command for the far side, already quoted for its shell. Made here and nowhere else. */
export type RemoteCommand = {
  /** a POSIX sh script that ends in an `exec` of the command */
  readonly script: string
  /** name of the program, for messages; arguments may hold private names and stay out */
  readonly program: string
}

export type CommandOptions = {
  /** Extra environment. It can be seen in the server's process list for a moment: never a secret. */
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** run as root (true) or as another user, without a password prompt (`sudo -n`) */
  readonly sudo?: boolean | string
}

/**
 * Arguments as a command that a POSIX shell runs with exactly these arguments.
 * Throws a TypeError for what no process can be given: NUL bytes, an empty list, a program that looks like an option.
 */
export function remoteCommand(argv: readonly string[], options: CommandOptions = {}): RemoteCommand {
  const program = argv[0]
  if (program === undefined || program === '' || program.startsWith('-'))
    throw new TypeError('a command needs a program')
  const assignments = Object.entries(options.env ?? {}).map(([name, value]) => `${variableName(name)}=${quote(value)}`)
  const words = [...elevation(options, assignments), ...argv.map(quote)].join(' ')
  const exports = options.sudo || assignments.length === 0 ? '' : `export ${assignments.join(' ')}; `
  return { script: `${changeFolder(options.cwd)}${exports}exec ${words}`, program }
}

/**
 * The line that is sent to the login shell. It begins our part of both outputs with a marker line, so that whatever the
 * shell's start files print can be told apart, and it means the same to sh, dash, bash, ksh, zsh, csh, tcsh and fish.
 */
export function shellLine(command: RemoteCommand, marker: string): string {
  return envelope(`echo ${marker}; echo ${marker} >&2; ${command.script}`)
}

/** A line that no start file prints by accident. */
export function newMarker(): string {
  return `lifeboat-${randomBytes(16).toString('hex')}`
}

/** One argument, quoted for a POSIX sh. */
function quote(word: string): string {
  if (word.includes('\0')) throw new TypeError('an argument can not hold a NUL byte')
  if (/^[A-Za-z0-9_./:=,@%+-]+$/.test(word)) return word
  // double quotes where they change nothing: the line then needs no second layer and stays readable in the server's logs
  if (!/["$`\\!'\n]/.test(word)) return `"${word}"`
  return `'${word.replaceAll("'", `'\\''`)}'`
}

/**
 * Hands a POSIX script through a login shell of unknown kind. Inside single quotes csh still reads `!` and refuses
 * newlines, fish still reads `\\` and `\'`. A script with any of these, or beyond ASCII, goes as octal escapes.
 */
function envelope(script: string): string {
  if (/^[ -~]*$/.test(script) && !/['\\!]/.test(script)) return `exec /bin/sh -c '${script}'`
  const bytes = [...Buffer.from(script, 'utf8')].map((byte) => {
    const char = String.fromCharCode(byte)
    return /[A-Za-z0-9_./:=,@ +-]/.test(char) ? char : `\\0${byte.toString(8).padStart(3, '0')}`
  })
  // printf is a builtin of the shells that serve as /bin/sh, so this also works with an empty PATH
  return `exec /bin/sh -c 'eval "$(printf %b "${bytes.join('')}")"'`
}

function variableName(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new TypeError(`not the name of a variable: ${JSON.stringify(name)}`)
  return name
}

/** sudo clears the environment, so that it has to be set behind it. */
function elevation({ sudo }: CommandOptions, assignments: readonly string[]): string[] {
  if (sudo === undefined || sudo === false) return []
  const user = sudo === true ? [] : ['-u', quote(sudo)]
  return ['sudo', '-n', ...user, '--', ...(assignments.length > 0 ? ['env', ...assignments] : [])]
}

function changeFolder(cwd: string | undefined): string {
  if (cwd === undefined) return ''
  // CDPATH would make cd print, and `-` would mean the folder before
  const folder = cwd.startsWith('-') ? `./${cwd}` : cwd
  return `CDPATH= cd -- ${quote(folder)} && `
}
