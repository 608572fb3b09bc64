import { createServer, type Server, type Socket } from 'node:net'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { CommandAnswer, CommandCall } from './commands.ts'

const callSchema = z.object({ program: z.string(), args: z.array(z.string()) })

/**
 * Programs for the demo server's PATH: small scripts that hand their arguments through a socket to this process and
 * print what comes back. A shell can then run them like any other program.
 */
export async function startRelay(
  folder: string,
  programs: readonly string[],
  answer: (call: CommandCall) => Promise<CommandAnswer>,
): Promise<{ bin: string; stop(): Promise<void> }> {
  const bin = join(folder, 'bin')
  mkdirSync(bin, { recursive: true, mode: 0o700 })
  const { path, remove } = socketPath(folder)
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    // whoever speaks nonsense gets no answer, and ends nothing but his own call
    serveOne(socket, answer).catch(() => socket.destroy())
  })
  await listen(server, path)
  const client = join(folder, 'relay.mjs')
  writeFileSync(client, clientSource(path), { mode: 0o600 })
  for (const program of programs) {
    const file = join(bin, program)
    writeFileSync(
      file,
      `#!/bin/sh\nELECTRON_RUN_AS_NODE=1 exec ${sh(process.execPath)} ${sh(client)} ${program} "$@"\n`,
    )
    chmodSync(file, 0o700)
  }
  const stop = async (): Promise<void> => {
    await new Promise<void>((resolve) => server.close(() => resolve()))
    remove()
  }
  return { bin, stop }
}

/** macOS takes 103 bytes for the name of a socket, Linux a few more: a folder with a longer name gets one elsewhere. */
function socketPath(folder: string): { path: string; remove(): void } {
  const path = join(folder, 'relay.sock')
  if (Buffer.byteLength(path) <= 100) return { path, remove() {} }
  const elsewhere = mkdtempSync(join(tmpdir(), 'lifeboat-'))
  return { path: join(elsewhere, 'relay.sock'), remove: () => rmSync(elsewhere, { recursive: true, force: true }) }
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
}

async function serveOne(socket: Socket, answer: (call: CommandCall) => Promise<CommandAnswer>): Promise<void> {
  socket.on('error', () => socket.destroy())
  socket.setEncoding('utf8')
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  const call = callSchema.parse(JSON.parse(text))
  const { code, stdout, stderr } = await answer(call)
  socket.end(
    JSON.stringify({
      code,
      stdout: Buffer.from(stdout).toString('base64'),
      stderr: Buffer.from(stderr).toString('base64'),
    }),
  )
}

/** Runs on any Node, without dependencies: one call out, one answer back. */
function clientSource(path: string): string {
  return `import { connect } from 'node:net'
const [program, ...args] = process.argv.slice(2)
const socket = connect({ path: ${JSON.stringify(path)}, allowHalfOpen: true })
let text = ''
socket.on('error', (error) => { process.stderr.write(String(error) + '\\n'); process.exitCode = 1 })
socket.setEncoding('utf8')
socket.on('data', (chunk) => { text += chunk })
socket.on('end', () => {
  if (text === '') { process.stderr.write('the demo server gave no answer\\n'); process.exitCode = 1; return socket.end() }
  const answer = JSON.parse(text)
  process.stdout.write(Buffer.from(answer.stdout, 'base64'))
  process.stderr.write(Buffer.from(answer.stderr, 'base64'))
  process.exitCode = answer.code
  socket.end()
})
socket.end(JSON.stringify({ program, args }))
`
}

function sh(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
