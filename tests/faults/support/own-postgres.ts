import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { afterAll, vi } from 'vitest'
import type { NewDatabase } from '#shared/database.ts'
import { standBeside, type Beside } from './server-side.ts'

/** What the server's pg_dump does instead of its work. */
export type Trick =
  | { does: 'dumps' }
  /** so many bytes of the dump, and exit code 0 */
  | { does: 'cuts'; bytes: number }
  /** the whole dump, and then a code that is not 0 */
  | { does: 'fails'; code: number }
  | { does: 'warns' }
  /** so many bytes on the error stream, before and behind the dump */
  | { does: 'shouts'; bytes: number }
  /** nothing at all, until it is told to do something else */
  | { does: 'waits' }

export type OwnPostgres = {
  readonly container: string
  readonly beside: Beside
  readonly database: Omit<NewDatabase, 'server'>
  /** a second, small database in it, for what needs no middle */
  readonly small: { beside: Beside; database: Omit<NewDatabase, 'server'> }
  play(trick: Trick): void
  /** one more connection to one of its databases */
  another(dbname: string): Promise<Beside>
}

const image = 'postgres:18-alpine'
const user = 'postgres'

/** Text that no compression makes small: the dump has a middle, long enough that no buffer on the way holds all of it. */
const bigTable = `create table noise (id integer primary key, a text not null, b bytea);
  insert into noise select n, md5(random()::text) || md5(random()::text) || md5(random()::text) || md5(random()::text),
    sha512(random()::text::bytea) from generate_series(1, 110000) n;`
const smallTables = `create schema "odd name"; create table people (id integer primary key, name text, note jsonb);
  insert into people select n, '人 ' || n, jsonb_build_object('n', n, 'tab', E'\\t') from generate_series(1, 3000) n;
  create table "odd name"."T ""x""" (at timestamptz, bytes bytea);
  insert into "odd name"."T ""x""" select now(), sha256(n::text::bytea) from generate_series(1, 500) n;`

const pgDump = `#!/bin/sh
real=REAL
case "$*" in *--version*|*nonexistent*) exec "$real" "$@" ;; esac
while grep -q waits /tmp/trick; do sleep 0.05; done
read -r does number </tmp/trick || does=dumps
case "$does" in
  cuts) "$real" "$@" 2>/dev/null | head -c "$number"; exit 0 ;;
  fails) "$real" "$@"; echo 'pg_dump: error: something went wrong at the very end' >&2; exit "$number" ;;
  warns) echo 'pg_dump: warning: there are circular foreign-key constraints on this table:' >&2; exec "$real" "$@" ;;
  shouts) head -c "$number" /dev/zero | tr '\\0' 'x' >&2; "$real" "$@"; code=$?
    head -c "$number" /dev/zero | tr '\\0' '\\n' >&2; exit "$code" ;;
  *) exec "$real" "$@" ;;
esac
`

const containers: string[] = []
afterAll(() => {
  for (const container of containers) execFileSync('docker', ['rm', '-f', '-v', container])
})

/** A PostgreSQL for one file of tests, with a pg_dump that does as it is told. It goes with the file. */
export async function ownPostgres(): Promise<OwnPostgres> {
  const container = `lifeboat-faults-${randomBytes(4).toString('hex')}`
  const docker = (...args: string[]): string => execFileSync('docker', args, { encoding: 'utf8' })
  docker(
    'run',
    '-d',
    '--name',
    container,
    '-e',
    'POSTGRES_HOST_AUTH_METHOD=trust',
    image,
    'postgres',
    '-c',
    'fsync=off',
  )
  containers.push(container)
  const ready = (): string => docker('exec', container, 'pg_isready', '-q', '-h', '127.0.0.1')
  await vi.waitFor(ready, { timeout: 120_000, interval: 200 })
  const write = (path: string, text: string, mode: string): void => {
    const script = 'cat >"$1" && chmod "$2" "$1"'
    execFileSync('docker', ['exec', '-i', container, 'sh', '-c', script, 'sh', path, mode], { input: text })
  }
  // before the real one in the PATH of the image
  const path = docker('exec', container, 'sh', '-c', 'command -v pg_dump').trim()
  docker('exec', container, 'createdb', '-U', user, 'small')
  const of = async (dbname: string, tables: string) => {
    const beside = await standBeside({ container, dbname, user, password: null })
    await beside.query(tables)
    const place = { kind: 'container' as const, container }
    return { beside, database: { label: dbname === 'small' ? 'small' : 'big', place, dbname, dbuser: user } }
  }
  const big = await of('postgres', bigTable)
  const small = await of('small', smallTables)
  docker('exec', container, 'mv', path, `${path}.real`)
  write(path, pgDump.replace('REAL', `${path}.real`), '755')
  const play = (trick: Trick): void => {
    const number = 'bytes' in trick ? trick.bytes : 'code' in trick ? trick.code : 0
    write('/tmp/trick', `${trick.does} ${number}\n`, '644')
  }
  play({ does: 'dumps' })
  const another = (dbname: string): Promise<Beside> => standBeside({ container, dbname, user, password: null })
  return { container, ...big, small, play, another }
}
