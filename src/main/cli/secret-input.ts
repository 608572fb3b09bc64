import { closeSync, constants, fstatSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { LifeboatFailure } from '#shared/failure.ts'

const longestLine = 64 * 1024
const longestSilenceMs = 30_000

/**
 * Reads the first line of a descriptor now, while an interrupt still ends the process, and gives it when it is asked
 * for. What is wrong with the descriptor is told then too: many runs ask for nothing.
 */
export function secretOf(fd: number): () => string {
  try {
    const line = firstLineOf(fd)
    return () => line
  } catch (error) {
    return () => {
      throw error
    }
  }
}

/**
 * The first line of a descriptor, without its end. Read once; the descriptor is closed unless it is stdin.
 * @throws LifeboatFailure answer-needed: nothing is there, it is no UTF-8, or not a descriptor that was handed over
 */
export function firstLineOf(fd: number, patienceMs = longestSilenceMs): string {
  const bytes: number[] = []
  const one = Buffer.alloc(1)
  try {
    requireHandedOver(fd)
    let byte = readOne(fd, one, patienceMs)
    if (byte === null) throw new Error('It is empty.')
    // byte by byte: what follows the line belongs to whoever reads the descriptor next
    while (byte !== null && byte !== 0x0a && bytes.length < longestLine) {
      bytes.push(byte)
      byte = readOne(fd, one, patienceMs)
    }
  } catch (cause) {
    // not closed: it may be one of Node's own, which would not survive that
    throw new LifeboatFailure('answer-needed', `Nothing can be read from descriptor ${fd}.`, { cause })
  }
  if (fd > 2) closeSync(fd)
  return textOf(fd, bytes).replace(/\r$/, '')
}

/** What is no UTF-8 would become another secret without a word: a seal would be closed with one that nobody can type. */
function textOf(fd: number, bytes: readonly number[]): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes))
  } catch {
    throw new LifeboatFailure('answer-needed', `What descriptor ${fd} holds is no UTF-8 text. Save the file as UTF-8.`)
  }
}

/** A number that nobody handed over may be one that Node uses for itself: it would be read for ever, or spoilt. */
function requireHandedOver(fd: number): void {
  const about = fstatSync(fd)
  if (!about.isFile() && !about.isFIFO() && !about.isSocket() && !about.isCharacterDevice())
    throw new Error('It is no file.')
  if (process.platform === 'linux' && about.isFIFO() && holdsOtherEnd(fd))
    throw new Error('It is a pipe of Node itself.')
}

/** Whether this process could write into the pipe that it reads. */
function holdsOtherEnd(fd: number): boolean {
  const pipe = readlinkSync(`/proc/self/fd/${fd}`)
  if (!pipe.startsWith('pipe:')) return false
  return readdirSync('/proc/self/fd').some((name) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`) === pipe && isWritable(name)
    } catch {
      // the folder's own descriptor is closed by now
      return false
    }
  })
}

function isWritable(name: string): boolean {
  const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${name}`, 'utf8'))?.[1] ?? '0'
  return (Number.parseInt(flags, 8) & (constants.O_WRONLY | constants.O_RDWR)) !== 0
}

/** The next byte; null at the end. Throws when none comes in time. */
function readOne(fd: number, one: Buffer, patienceMs: number): number | null {
  for (let waited = 0; ; waited += pauseMs) {
    try {
      return readSync(fd, one, 0, 1, null) === 1 ? (one[0] ?? null) : null
    } catch (error) {
      // a terminal or pipe in non-blocking mode has nothing yet
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN') || waited >= patienceMs) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs)
    }
  }
}

const pauseMs = 20

/** Asks on the terminal. `secret`: what is typed is not shown. Null when there is no terminal or it was closed. */
export async function askTerminal(question: string, secret: boolean): Promise<string | null> {
  if (!process.stdin.isTTY) return null
  let muted = false
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!muted) process.stderr.write(chunk)
      done()
    },
  })
  const terminal = createInterface({ input: process.stdin, output, terminal: true })
  try {
    const closed = new Promise<null>((resolve) => terminal.once('close', () => resolve(null)))
    const answer = terminal.question(question)
    muted = secret
    return await Promise.race([answer, closed])
  } finally {
    terminal.close()
    if (secret) process.stderr.write('\n')
  }
}
