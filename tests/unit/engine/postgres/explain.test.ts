import { describe, expect, it } from 'vitest'
import { explainDump, explainPsql } from '#engine/postgres/explain.ts'

const login = { dbname: 'shop', dbuser: 'keeper' }
const answer = (stderr: string, code: number | null = 2) => ({ code, stdout: '', stderr })

describe('why psql gave no answer', () => {
  it.each([
    [
      'psql: error: connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed: FATAL:  Peer authentication failed for user "keeper"',
      'database-refused',
      '.pgpass',
    ],
    [
      'psql: error: connection to server at "localhost" (::1), port 5432 failed: fe_sendauth: no password supplied',
      'database-refused',
      '.pgpass',
    ],
    [
      'psql: error: connection to server failed: FATAL:  password authentication failed for user "keeper"',
      'database-refused',
      '.pgpass',
    ],
    [
      'FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "keeper", database "shop", no encryption',
      'database-refused',
      'pg_hba.conf',
    ],
    ['FATAL:  role "keeper" does not exist', 'database-refused', 'no user keeper'],
    ['FATAL:  database "shop" does not exist', 'database-not-found', 'no database shop'],
    ['FATAL:  the database system is starting up', 'database-not-found', 'Try again'],
    ['FATAL:  sorry, too many clients already', 'database-refused', 'no connection left'],
    [
      'connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed: No such file or directory\n\tIs the server running locally and accepting connections on that socket?',
      'database-not-found',
      'does not answer',
    ],
    [
      'could not connect to server: Connection refused\n\tIs the server running on host "localhost" (127.0.0.1) and accepting\n\tTCP/IP connections on port 5432?',
      'database-not-found',
      'does not answer',
    ],
    ['Error: No such container: abc', 'database-not-found', 'gone or not running'],
    ['Error response from daemon: container abc is not running', 'database-not-found', 'gone or not running'],
    ['psql: Fehler: Verbindung zum Server fehlgeschlagen', 'database-refused', 'did not let keeper into shop'],
  ])('%j', (stderr, kind, words) => {
    const failure = explainPsql(answer(stderr), login)
    expect(failure.kind).toBe(kind)
    expect(failure.message).toContain(words)
    expect(failure.detail).toBe(stderr)
  })

  it('tells a missing program by the code of shell and docker, whatever is said', () => {
    for (const code of [126, 127]) expect(explainPsql(answer('', code), login).kind).toBe('tool-missing')
  })

  it('keeps a short tail of endless words', () => {
    expect(explainPsql(answer('x'.repeat(1e6)), login).detail).toHaveLength(2000)
  })
})

describe('why pg_dump made no dump', () => {
  it.each([
    [
      'pg_dump: error: aborting because of server version mismatch\npg_dump: detail: server version: 18.1; pg_dump version: 15.4',
      1,
      'dump-failed',
      'older',
    ],
    [
      'pg_dump: error: query failed: ERROR:  permission denied for table secrets',
      1,
      'database-refused',
      'would not be whole',
    ],
    ['pg_dump: error: query failed: ERROR:  canceling statement due to lock timeout', 1, 'dump-failed', 'locked'],
    [
      'pg_dump: error: Dumping the contents of table "t" failed: FATAL:  terminating connection due to administrator command',
      1,
      'dump-failed',
      'administrator',
    ],
    ['pg_dump: error: could not write to output file: No space left on device', 1, 'remote-disk-full', 'disk is full'],
    [
      'pg_dump: error: connection to server failed: FATAL:  database "shop" does not exist',
      1,
      'database-not-found',
      'no database shop',
    ],
    ['', 137, 'dump-failed', 'killed'],
    ['', null, 'dump-failed', 'killed'],
    ['something new', 3, 'dump-failed', 'code 3'],
  ])('%j (%s)', (stderr, code, kind, words) => {
    const failure = explainDump(answer(stderr, code), login)
    expect(failure.kind).toBe(kind)
    expect(failure.message).toContain(words)
  })
})
