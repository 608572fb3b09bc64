import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { chooseCompression, dumpName } from '#engine/postgres/dump-command.ts'
import { parseDumpVersion, zstdInDump } from '#engine/postgres/dump-tool.ts'
import { loginArguments } from '#engine/postgres/login.ts'
import { parseRows, remotePostgres } from '#engine/postgres/remote.ts'

const login = { dbname: 'shop', dbuser: 'keeper' }
const silent = async () => ({ code: 0, stdout: '', stderr: '' })
const postgres = remotePostgres(
  silent,
  (argv, env = {}) => [...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...argv],
  login,
)
const tool = (major: number, zstd: boolean) => ({ version: `${major}.1`, major, zstd })

describe('the command that dumps', () => {
  it('pins what changes the text of values, and can not hang on a password or a lock', () => {
    const argv = postgres.dumpCommand({ compression: 'zstd', tool: tool(18, true), applicationName: 'lifeboat-dump-1' })
    expect(argv).toEqual(
      expect.arrayContaining([
        'PGTZ=UTC',
        'PGOPTIONS=-c bytea_output=hex',
        'PGAPPNAME=lifeboat-dump-1',
        'pg_dump',
        '--no-password',
        '--lock-wait-timeout=90s',
        '--compress=zstd:3',
        '--username=keeper',
        "--dbname=dbname='shop' host='' hostaddr=''",
      ]),
    )
  })

  it.each([
    [18, 'gzip', '--compress=gzip:6'],
    [16, 'gzip', '--compress=gzip:6'],
    [15, 'gzip', '--compress=6'],
    [13, 'gzip', '--compress=6'],
  ] as const)('asks pg_dump %s for %s as it understands it', (major, compression, word) => {
    expect(postgres.dumpCommand({ compression, tool: tool(major, false), applicationName: 'x' })).toContain(word)
  })

  it('takes zstd only where it can be had and is not declined', () => {
    expect(chooseCompression('auto', tool(18, true))).toBe('zstd')
    expect(chooseCompression('zstd', tool(18, true))).toBe('zstd')
    expect(chooseCompression('gzip', tool(18, true))).toBe('gzip')
    expect(chooseCompression('auto', tool(15, false))).toBe('gzip')
    expect(chooseCompression('zstd', tool(16, false))).toBe('gzip')
  })

  it('bears a name that PostgreSQL keeps whole', () => {
    expect(dumpName('0123456789ab')).toBe('lifeboat-dump-0123456789ab')
    for (const id of ['ä', "x'; drop", 'x'.repeat(60), 'a b']) expect(() => dumpName(id)).toThrow(TypeError)
  })
})

/** Reads our connection string as libpq does (conninfo_parse: a backslash escapes the next character). */
function dbnameIn(conninfo: string): string | null {
  const quoted = /^dbname='((?:[^'\\]|\\[\s\S])*)' host='' hostaddr=''$/.exec(conninfo)?.[1]
  return quoted === undefined ? null : quoted.replace(/\\([\s\S])/g, '$1')
}

describe('a database name', () => {
  it('can not lead elsewhere: it is one quoted setting', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (dbname) => {
        const word =
          loginArguments({ dbname, dbuser: 'u' })
            .find((one) => one.startsWith('--dbname='))
            ?.slice(9) ?? ''
        expect(dbnameIn(word)).toBe(dbname)
      }),
    )
    expect(loginArguments({ dbname: 'postgres://evil/x', dbuser: '-h' })).toEqual([
      '--username=-h',
      "--dbname=dbname='postgres://evil/x' host='' hostaddr=''",
    ])
    expect(loginArguments({ ...login, host: 'localhost' })).toContain(
      "--dbname=dbname='shop' host='localhost' hostaddr=''",
    )
  })
})

describe("pg_dump's own words", () => {
  it.each([
    ['pg_dump (PostgreSQL) 18.1 (Debian 18.1-1.pgdg13+2)\n', { version: '18.1', major: 18 }],
    ['pg_dump (PostgreSQL) 17beta2', { version: '17beta2', major: 17 }],
    ['pg_dump (PostgreSQL) 9.6.24', { version: '9.6.24', major: 9 }],
  ])('%j', (text, version) => {
    expect(parseDumpVersion(text)).toEqual(version)
  })

  it('without a version are a failure', () => {
    expect(() => parseDumpVersion('pg_dump: command not found')).toThrow()
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          return Number.isInteger(parseDumpVersion(text).major)
        } catch (error) {
          return error instanceof Error && 'kind' in error
        }
      }),
    )
  })

  it.each([
    [
      'pg_dump: error: connection to server on socket "/nonexistent/.s.PGSQL.5432" failed: No such file or directory',
      1,
      true,
    ],
    ['pg_dump: error: this build does not support compression with zstd', 1, false],
    ['pg_dump: error: invalid compression specification: unrecognized compression option', 1, false],
    ['something in another language', 1, false],
    ['', 0, false],
  ])('about zstd: %j', (stderr, code, can) => {
    expect(zstdInDump({ code, stdout: '', stderr })).toBe(can)
  })
})

describe('rows', () => {
  const row = z.object({ name: z.string() })
  it('come back as they are, with every character', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (names) => {
        const output = names.map((name) => `${JSON.stringify({ name })}\n`).join('')
        expect(parseRows(output, row)).toEqual(names.map((name) => ({ name })))
      }),
    )
  })

  it('that are something else are a failure, not a guess', () => {
    for (const output of ['{"name":1}', 'psql: warning', '[]', '{"name":"a"}\nnoise']) {
      expect(() => parseRows(output, row)).toThrow('makes no sense')
    }
  })
})
