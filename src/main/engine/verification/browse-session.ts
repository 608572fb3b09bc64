import { DatabaseError, type Client } from 'pg'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Sandbox } from '#engine/sandbox/sandbox.ts'

/** Rows as PostgreSQL's own text. */
export type TextRow = (string | null)[]

/** One session that can do nothing but read, inside of one transaction that sees one state of the data. */
export type ReaderSession = {
  /** @throws LifeboatFailure query-slow, query-refused, reading-closed or sandbox-lost */
  query(text: string, values?: readonly string[]): Promise<TextRow[]>
  /** Like `query`; when it fails, what was opened before stays open. */
  attempt(text: string, values?: readonly string[]): Promise<TextRow[]>
  end(): Promise<void>
  /** resolves when it is over, whoever has ended it */
  readonly ended: Promise<void>
}

export type SessionLimits = {
  /** how long PostgreSQL may work on one page, milliseconds */
  statementMs: number
  /** how long a session may wait for its next question before PostgreSQL ends it, milliseconds */
  idleMs: number
}

/**
 * Opens a session as `reader`. A view may call any function that the dump has brought, so nothing here trusts the other
 * side: the transaction is read-only before the first row is read, PostgreSQL ends what takes too long, and so do we.
 */
export async function readerSession(sandbox: Sandbox, database: string, limits: SessionLimits): Promise<ReaderSession> {
  const client = await sandbox.connect('reader', database)
  let gone: Error | null = null
  const ended = Promise.withResolvers<void>()
  const over = (error: Error): void => {
    gone ??= error
    ended.resolve()
  }
  client.on('error', over)
  client.on('end', () => over(new Error('The session has ended.')))

  const ask = async (text: string, values?: readonly string[]): Promise<TextRow[]> => {
    if (gone) throw sessionFailure(gone)
    try {
      return await answered(client, text, values, limits.statementMs * 1.5)
    } catch (error) {
      throw sessionFailure(error instanceof LifeboatFailure ? error : (gone ?? error))
    }
  }
  const session: ReaderSession = {
    query: ask,
    async attempt(text, values) {
      await ask('savepoint attempt')
      try {
        const rows = await ask(text, values)
        await ask('release savepoint attempt')
        return rows
      } catch (error) {
        if (!gone) await ask('rollback to savepoint attempt')
        throw error
      }
    },
    // it waits for nothing: a question that is still being answered is given up
    end: async () => client.end().catch(() => undefined),
    ended: ended.promise,
  }
  try {
    for (const statement of beginReading(limits, sandbox.major)) await ask(statement)
    return session
  } catch (error) {
    await session.end()
    throw error
  }
}

function beginReading({ statementMs, idleMs }: SessionLimits, major: number): string[] {
  const settings = {
    statement_timeout: String(statementMs),
    lock_timeout: '3000',
    idle_in_transaction_session_timeout: String(idleMs),
    // the first page is what somebody waits for: an index that has the order beats sorting everything
    cursor_tuple_fraction: '0',
    // the same question finds the rows in the same order
    synchronize_seqscans: 'off',
    work_mem: '32MB',
    jit: 'off',
    // functions of views are written for this one; everything that is asked here is named in full
    search_path: 'public',
    // a query of a session that was given up ends by itself
    ...(major >= 14 ? { client_connection_check_interval: '1000' } : {}),
  }
  return [
    [
      'begin isolation level repeatable read read only',
      ...Object.entries(settings).map(([name, value]) => `set local ${name} = '${value}'`),
    ].join('; '),
    // takes the snapshot: from here on nothing can make this transaction a writing one
    'select 1',
  ]
}

async function answered(
  client: Client,
  text: string,
  values: readonly string[] | undefined,
  patienceMs: number,
): Promise<TextRow[]> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    // a function of the dump can take the time limit off the session; this one it can not reach
    timer = setTimeout(() => {
      reject(new LifeboatFailure('query-slow', 'PostgreSQL did not answer in time, and was given up.'))
      void client.end().catch(() => undefined)
    }, patienceMs)
  })
  try {
    const query = client.query<TextRow>({
      text,
      ...(values ? { values: [...values] } : {}),
      rowMode: 'array',
      types: { getTypeParser: () => (value: string) => value },
    })
    // when it was given up its own end is of no interest
    query.catch(() => undefined)
    return (await Promise.race([query, late])).rows
  } finally {
    clearTimeout(timer)
  }
}

/** What PostgreSQL or the line to it has said, as a failure of ours. */
function sessionFailure(error: unknown): LifeboatFailure {
  if (error instanceof LifeboatFailure) return error
  if (!(error instanceof DatabaseError)) {
    return new LifeboatFailure('sandbox-lost', 'The sandbox is no longer there.', { cause: error })
  }
  const detail = `${error.message} (${error.code ?? '?'})`
  switch (error.code) {
    case '57014':
      return new LifeboatFailure('query-slow', 'PostgreSQL took too long for this and was stopped.', { detail })
    case '25P03':
      return new LifeboatFailure('reading-closed', 'The table was closed because nobody looked at it.', { detail })
    case '57P01':
    case '57P02':
    case '57P03':
      return new LifeboatFailure('sandbox-lost', 'The sandbox is no longer there.', { detail })
    case '55000':
      return new LifeboatFailure('query-refused', 'Something that this needs holds no data yet.', { detail })
    default:
      return new LifeboatFailure('query-refused', 'PostgreSQL could not read this.', { detail, cause: error })
  }
}
