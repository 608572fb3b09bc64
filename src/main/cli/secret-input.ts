import { closeSync, readSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { LifeboatFailure } from '#shared/failure.ts'

const longestLine = 64 * 1024

/** The first line of a descriptor, without its end. Read once; the descriptor is closed unless it is stdin. */
export function firstLineOf(fd: number): string {
  const bytes: number[] = []
  const one = Buffer.alloc(1)
  try {
    // byte by byte: what follows the line belongs to whoever reads the descriptor next
    while (bytes.length < longestLine && readOne(fd, one)) {
      const byte = one[0]
      if (byte === undefined || byte === 0x0a) break
      bytes.push(byte)
    }
  } catch (cause) {
    // not closed: it may be one of Node's own, which would not survive that
    throw new LifeboatFailure('answer-needed', `Nothing can be read from descriptor ${fd}.`, { cause })
  }
  if (fd > 2) closeSync(fd)
  return Buffer.from(bytes).toString('utf8').replace(/\r$/, '')
}

function readOne(fd: number, one: Buffer): boolean {
  for (;;) {
    try {
      return readSync(fd, one, 0, 1, null) === 1
    } catch (error) {
      // a terminal or pipe in non-blocking mode has nothing yet
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
    }
  }
}

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
