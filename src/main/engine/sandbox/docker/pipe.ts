import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { Duplex } from 'node:stream'

/** Programs that carry bytes between a pipe and the server inside; the first that the image has is used. */
const carriers: Record<string, string[]> = {
  // whichever side ends first takes the other one along: the server must see that a session is gone
  bash: ['bash', '-c', 'exec 3<>/dev/tcp/127.0.0.1/5432 4<&0; { cat <&4 >&3; kill -KILL 0; } & cat <&3; kill -KILL 0'],
  socat: ['socat', '-', 'TCP:127.0.0.1:5432'],
  nc: ['nc', '127.0.0.1', '5432'],
}

/** Arguments of `docker exec` for one connection; null when the image has no program for it. */
export function carrier(container: string, program: string | null): string[] | null {
  const argv = program === null ? undefined : carriers[program]
  return argv ? ['exec', '-i', container, ...argv] : null
}

/** A child's pipes as the socket that `pg` expects: no network and no port, on any system that Docker runs on. */
export class PipeSocket extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams
  #said = ''

  constructor(child: ChildProcessWithoutNullStreams) {
    super({ allowHalfOpen: false })
    this.#child = child
    child.stdout.on('data', (bytes: Buffer) => void (this.push(bytes) || child.stdout.pause()))
    child.stdout.on('end', () => this.push(null))
    child.stderr.setEncoding('utf8')
    child.stderr.on('data', (text: string) => (this.#said = (this.#said + text).slice(-2000)))
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => {})
    child.on('error', (error) => this.destroy(error))
    child.on('close', (code) => {
      if (code !== 0 && !this.writableEnded)
        this.destroy(new Error(this.#said.trim() || `docker exec ended with ${code}`))
      else this.destroy()
    })
  }

  /** `pg` asks for the connection that is there already. */
  connect(): this {
    process.nextTick(() => this.emit('connect'))
    return this
  }

  // what pg asks of a socket, and what means nothing to a pipe
  setNoDelay(): this {
    return this
  }
  setKeepAlive(): this {
    return this
  }
  ref(): this {
    this.#child.ref()
    return this
  }
  unref(): this {
    this.#child.unref()
    return this
  }

  override _read(): void {
    this.#child.stdout.resume()
  }
  override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#child.stdin.write(bytes, done)
  }
  override _writev(pieces: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#child.stdin.write(Buffer.concat(pieces.map(({ chunk }) => chunk)), done)
  }
  override _final(done: (error?: Error | null) => void): void {
    this.#child.stdin.end(() => done())
  }
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#child.kill('SIGKILL')
    done(error)
  }
}
