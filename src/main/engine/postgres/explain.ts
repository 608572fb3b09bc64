import { LifeboatFailure, type FailureKind } from '#shared/failure.ts'
import type { Login } from './login.ts'
import type { Answer } from './run.ts'

/** Why psql gave no answer. Exit code 2 is psql's own word for a connection that failed or broke. */
export function explainPsql(answer: Answer, login: Login): LifeboatFailure {
  const [kind, message] = connectionTrouble(answer, login) ?? otherTrouble(answer, login)
  return new LifeboatFailure(kind, message, { detail: tail(answer.stderr) })
}

/** Why pg_dump ended without a whole dump: its exit code and the tail of what it said. Never called after a clean end. */
export function explainDump(answer: Answer, login: Login): LifeboatFailure {
  const [kind, message] = connectionTrouble(answer, login) ?? dumpTrouble(answer, login)
  return new LifeboatFailure(kind, message, { detail: tail(answer.stderr) })
}

type Explanation = [FailureKind, string]

/** The server words these in its own language where it is not English; then the exit code alone decides. */
function connectionTrouble(answer: Answer, login: Login): Explanation | null {
  const said = answer.stderr
  const { dbname, dbuser } = login
  if (/No such container|container \S+ is not running|is paused/i.test(said))
    return ['database-not-found', 'The container of the database is gone or not running.']
  if (missingProgram(answer)) return ['tool-missing', 'Where the database runs there is no psql or no pg_dump.']
  if (/permission denied.*docker|docker.*permission denied/is.test(said))
    return ['docker-refused', 'Docker does not let this user in.']
  if (/Peer authentication failed/i.test(said))
    return [
      'database-refused',
      `PostgreSQL lets only the system user ${dbuser} in as ${dbuser}. Log in as that user, or put a line for ${dbuser} into ~/.pgpass on the server.`,
    ]
  if (/no password supplied|password authentication failed|SCRAM/i.test(said))
    return [
      'database-refused',
      `PostgreSQL asks for the password of ${dbuser}. Put it into ~/.pgpass on the server, readable for its owner only; Lifeboat does not keep database passwords.`,
    ]
  if (/no pg_hba\.conf entry/i.test(said))
    return ['database-refused', `The rules of PostgreSQL (pg_hba.conf) do not let ${dbuser} into ${dbname} from there.`]
  if (/FATAL:\s+role .* does not exist/i.test(said)) return ['database-refused', `PostgreSQL has no user ${dbuser}.`]
  if (/FATAL:\s+database .* does not exist/i.test(said))
    return ['database-not-found', `PostgreSQL has no database ${dbname}.`]
  if (/starting up|shutting down|in recovery mode/i.test(said))
    return ['database-not-found', 'PostgreSQL is just starting or stopping. Try again in a moment.']
  if (/too many clients|remaining connection slots|too many connections/i.test(said))
    return ['database-refused', 'PostgreSQL has no connection left for this backup.']
  if (/(?:Connection refused|No such file or directory)[\s\S]*(?:server running|accepting)/i.test(said))
    return ['database-not-found', 'PostgreSQL does not answer where it should run.']
  return null
}

function otherTrouble(answer: Answer, login: Login): Explanation {
  if (/permission denied/i.test(answer.stderr))
    return ['database-refused', `${login.dbuser} may not read what is needed in ${login.dbname}.`]
  if (answer.code === 2) return ['database-refused', `PostgreSQL did not let ${login.dbuser} into ${login.dbname}.`]
  return ['remote-command', 'psql on the server could not answer a question.']
}

function dumpTrouble(answer: Answer, login: Login): Explanation {
  const said = answer.stderr
  if (/server version mismatch/i.test(said))
    return ['dump-failed', "The server's pg_dump is older than its PostgreSQL and refuses to dump it."]
  if (/permission denied/i.test(said))
    return [
      'database-refused',
      `${login.dbuser} may not read everything in ${login.dbname}, so a dump would not be whole.`,
    ]
  if (/lock timeout|could not obtain lock/i.test(said))
    return ['dump-failed', 'Something in the database held a table locked for too long, a migration perhaps.']
  if (/No space left on device/i.test(said)) return ['remote-disk-full', "The server's disk is full."]
  if (/terminating connection due to administrator command/i.test(said))
    return ['dump-failed', 'PostgreSQL ended the dump at the word of its administrator.']
  if (/server closed the connection unexpectedly|connection to server was lost/i.test(said))
    return ['dump-failed', 'PostgreSQL broke off the dump.']
  if (answer.code === null || answer.code === 137 || answer.code === 143)
    return ['dump-failed', 'pg_dump was killed on the server.']
  return ['dump-failed', `pg_dump ended with code ${answer.code}.`]
}

function missingProgram(answer: Answer): boolean {
  // docker exec: 126 or 127, with its sentence on either stream, depending on its version
  return (
    answer.code === 126 ||
    answer.code === 127 ||
    /executable file not found|no such file or directory: unknown/i.test(answer.stderr)
  )
}

function tail(text: string): string {
  return text.trim().slice(-2000)
}
