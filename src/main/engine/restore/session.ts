import { DatabaseError, type Client, type Connection, type Submittable } from 'pg'
import { LifeboatFailure } from '#shared/failure.ts'

/** Bytes that go to the server in pieces, as they come; null: no more. Each piece is let go of with `done`. */
export interface Feed {
  next(): Promise<{ bytes: Buffer; done: () => void } | null>
}

/** A session that a dump is loaded over: statements and rows as bytes, in whatever encoding they are. */
export interface Session {
  /** For questions of our own. */
  readonly client: Client
  /** Runs statements as one simple query: one transaction, unless they say otherwise. @throws DatabaseError */
  run(sql: Buffer): Promise<void>
  /** The same with a text that is not held: `length` bytes of the feed. */
  runFed(length: number, feed: Feed): Promise<void>
  /** Runs `COPY … FROM stdin` statements, each with the rows of the feed at its place. */
  copy(sql: Buffer, feeds: readonly Feed[]): Promise<void>
  /** Cuts the line, whatever it is doing. */
  destroy(): void
  end(): Promise<void>
}

const QUERY = 0x51
const COPY_DATA = 0x64
const COPY_DONE = Buffer.from([0x63, 0, 0, 0, 4])
const ZERO = Buffer.from([0])

/** Speaks for one client of pg; its own queue keeps the order. */
export function sessionOver(client: Client): Session {
  // An error outside of a query is heard by the query that follows: a listener keeps it from ending the process.
  client.on('error', () => {})
  const send = async (write: (line: Line) => Promise<void>): Promise<void> => {
    const exchange = new Exchange(write)
    client.query(exchange)
    await exchange.result
  }
  return {
    client,
    run: (sql) => send(async (line) => line.query(sql)),
    runFed: (length, feed) =>
      send(async (line) => {
        await line.write(header(QUERY, length + 1))
        await line.pump(feed, length)
        await line.write(ZERO)
      }),
    copy: (sql, feeds) =>
      send(async (line) => {
        await line.query(sql)
        for (const feed of feeds) {
          await line.pumpRows(feed)
          await line.write(COPY_DONE)
        }
      }),
    destroy: () => void client.connection.stream.destroy(),
    end: () => client.end(),
  }
}

function header(kind: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(5)
  bytes[0] = kind
  bytes.writeInt32BE(length + 4, 1)
  return bytes
}

/** The writing side of a connection, during one exchange. */
class Line {
  /** The server has answered: nothing more is wanted. */
  over = false
  private readonly stream: Connection['stream']

  constructor(stream: Connection['stream']) {
    this.stream = stream
  }

  async query(sql: Buffer): Promise<void> {
    this.stream.cork()
    this.stream.write(header(QUERY, sql.length + 1))
    this.stream.write(sql)
    const written = this.write(ZERO)
    this.stream.uncork()
    await written
  }

  /** Resolves when the bytes are on their way, or the line is cut. */
  write(bytes: Buffer): Promise<void> {
    return new Promise((resolve) => {
      if (this.stream.destroyed) resolve()
      else this.stream.write(bytes, () => resolve())
    })
  }

  async pump(feed: Feed, length: number): Promise<void> {
    for (let left = length; left > 0;) {
      const piece = await feed.next()
      if (!piece) throw new Error('a slice of the dump is shorter than its plan')
      left -= piece.bytes.length
      await this.write(piece.bytes)
      piece.done()
    }
  }

  async pumpRows(feed: Feed): Promise<void> {
    for (let piece = await feed.next(); piece; piece = await feed.next()) {
      // after an error the server wants no rows, but whoever feeds has to get rid of them
      if (!this.over && piece.bytes.length > 0) {
        this.stream.cork()
        this.stream.write(header(COPY_DATA, piece.bytes.length))
        const written = this.write(piece.bytes)
        this.stream.uncork()
        await written
      }
      piece.done()
    }
  }
}

/** One exchange with the server: what is written at once, without waiting for answers, and the one answer at its end. */
class Exchange implements Submittable {
  readonly result: Promise<void>
  private readonly send: (line: Line) => Promise<void>
  private readonly answer = Promise.withResolvers<void>()
  private readonly written = Promise.withResolvers<void>()
  private line: Line | null = null

  constructor(send: (line: Line) => Promise<void>) {
    this.send = send
    // Both sides must have ended before the next exchange begins; an answer that is an error counts more.
    this.result = Promise.allSettled([this.answer.promise, this.written.promise]).then(([answer, written]) => {
      if (answer.status === 'rejected') throw isRefusal(answer.reason) ? answer.reason : lost(answer.reason)
      if (written.status === 'rejected') throw written.reason
    })
  }

  submit(connection: Connection): void {
    this.line = new Line(connection.stream)
    this.send(this.line).then(this.written.resolve, this.written.reject)
  }

  handleReadyForQuery(): void {
    this.answer.resolve()
  }

  handleError(error: Error): void {
    if (this.line) this.line.over = true
    // it never came to be sent
    else this.written.resolve()
    this.answer.reject(error)
  }

  handleCommandComplete(): void {}
  handleCopyData(): void {}
  handleCopyInResponse(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleRowDescription(): void {}
}

function lost(cause: unknown): LifeboatFailure {
  return new LifeboatFailure('sandbox-lost', 'The sandbox has ended a session in the middle.', { cause })
}

/** Whether the server itself has refused something, and did not just go away. */
export function isRefusal(error: unknown): error is DatabaseError {
  if (!(error instanceof DatabaseError) || error.code === undefined) return false
  // no line of ours: the server could not reach another one
  if (/^0800[136]$/.test(error.code) && error.severity === 'ERROR') return true
  return !/^(57P0[123]|08)/.test(error.code)
}
