/** Who asks which database. Passwords are never part of it: PostgreSQL's own files on the server hold them. */
export type Login = {
  readonly dbname: string
  readonly dbuser: string
  /** `localhost` where the socket refuses the user; absent: the socket */
  readonly host?: string
}

/** Options that psql and pg_dump share. */
export function loginArguments({ dbname, dbuser, host }: Login): string[] {
  return [
    ...(host === undefined ? [] : [`--host=${host}`]),
    `--username=${dbuser}`,
    `--dbname=${connectionString(dbname)}`,
  ]
}

/**
 * libpq takes a database name that holds `=` or begins like a URI for a whole connection string, with which a hostile
 * name could lead elsewhere. Such a name is therefore given as a connection string of our own, quoted.
 */
function connectionString(dbname: string): string {
  if (/^[\w.-]+$/.test(dbname)) return dbname
  return `dbname='${dbname.replace(/[\\']/g, '\\$&')}'`
}
