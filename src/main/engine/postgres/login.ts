/** Who asks which database. Passwords are never part of it: PostgreSQL's own files on the server hold them. */
export type Login = {
  readonly dbname: string
  readonly dbuser: string
  /** `localhost` where the socket refuses the user; absent: the socket */
  readonly host?: string
}

/** Options that psql and pg_dump share. */
export function loginArguments({ dbname, dbuser, host }: Login): string[] {
  return [`--username=${dbuser}`, `--dbname=${connectionString(dbname, host ?? '')}`]
}

/**
 * The database and the way to it, all said: PGHOST, PGHOSTADDR and PGSERVICE, as an application's `.env` brings them into
 * its container, would lead to another server without a word, and only what stands in a connection string outweighs each
 * of them. An empty host is the socket. PGPORT stays, which the server of the same container obeys too. The quotes keep a
 * hostile name of a database from being a connection string of its own.
 */
export function connectionString(dbname: string, host: string): string {
  const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`
  return `dbname=${quoted(dbname)} host=${quoted(host)} hostaddr=''`
}
