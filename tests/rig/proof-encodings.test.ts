import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { planDumpFile } from '#engine/dump/reader-thread.ts'
import { proveExact } from '#engine/proof/exact.ts'
import { proveRestored } from '#engine/proof/restored.ts'
import { restore } from '#engine/restore/restore.ts'
import { rigAvailable } from './machine/rig.ts'
import { proofServer, type ProofServer } from './proof/server.ts'

const never = new AbortController().signal

/** Encodings in which the last byte of a character can be a backslash. */
const endsWithBackslash = ['GBK', 'BIG5', 'SJIS', 'JOHAB']

/** All characters that an encoding has, each alone and beside what COPY and SQL escape. */
const everyCharacter = (encoding: string) => `
  CREATE FUNCTION pg_temp.has(c text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
    RETURN convert_from(convert_to(c, '${encoding}'), '${encoding}') = c; EXCEPTION WHEN others THEN RETURN false; END $$;
  CREATE TABLE public.characters AS SELECT i AS id, chr(i) AS c, chr(i) || E'\\\\\\t' || chr(i) || E'\\n''' AS t
    FROM generate_series(161, 65532) i WHERE i NOT BETWEEN 55296 AND 57343 AND pg_temp.has(chr(i));
  SELECT format('COMMENT ON TABLE public.characters IS %L', string_agg(c, '')) FROM
    (SELECT c FROM public.characters WHERE get_byte(convert_to(c, '${encoding}'), length(convert_to(c, '${encoding}')) - 1) = 92 LIMIT 50) x
    HAVING count(*) > 0 \\gexec`

describe.runIf(rigAvailable())('a dump in another encoding, with each of its characters', () => {
  let server: ProofServer
  const folder = mkdtempSync(join(tmpdir(), 'lifeboat-encodings-'))
  beforeAll(async () => {
    server = await proofServer(18)
  })
  afterAll(async () => {
    await server?.stop()
    rmSync(folder, { recursive: true })
  })

  /** The bytes of pg_dump as they are, in a file. */
  async function dumpIn(encoding: string, options: string[] = []): Promise<string> {
    const database = `chars_${encoding.toLowerCase()}`
    await server.sql('postgres', `DROP DATABASE IF EXISTS ${database}`)
    await server.sql('postgres', `CREATE DATABASE ${database} TEMPLATE template0 ENCODING 'UTF8'`)
    await server.sql(database, everyCharacter(encoding))
    const path = join(folder, `${encoding}.sql.gz`)
    const command = ['exec', '-e', 'PGTZ=UTC', server.container, 'pg_dump', '-U', 'postgres', '-Z1', '-E', encoding]
    await writeFile(path, execFileSync('docker', [...command, ...options, database], { maxBuffer: 2 ** 28 }))
    return path
  }

  async function proven(path: string) {
    await server.sql('postgres', 'DROP DATABASE IF EXISTS lifeboat')
    const { plan } = await planDumpFile(path)
    const { databases, errors } = await restore(plan, path, server.sandbox, { signal: never, report: () => {} })
    const objects = await proveRestored({ plan, databases, errors, sandbox: server.sandbox }, { signal: never })
    const settings = { pinned: true, timeZone: 'UTC', sameMajor: true }
    const exact = await proveExact(
      { tables: plan.report.tables, databases, sandbox: server.sandbox, settings },
      { signal: never, report: () => {} },
    )
    const [table] = exact.tables
    return {
      errors,
      said: [...objects.findings, ...exact.findings].map((one) => one.class),
      match: table?.match,
      rows: table?.restoredRows ?? 0,
    }
  }

  test.each(['GBK', 'BIG5', 'SJIS', 'JOHAB', 'UHC', 'EUC_JP', 'EUC_KR', 'EUC_CN', 'KOI8R', 'WIN1252'])(
    '%s comes back exact',
    async (encoding) => {
      const forms = endsWithBackslash.includes(encoding) ? [[], ['--inserts']] : [[]]
      for (const options of forms) {
        const proof = await proven(await dumpIn(encoding, options))
        expect(proof).toMatchObject({ errors: [], said: [], match: true })
        expect(proof.rows).toBeGreaterThan(60)
      }
    },
  )

  test.each(['EUC_TW', 'EUC_JIS_2004'])(
    '%s, which only PostgreSQL converts, comes back and is not compared',
    async (encoding) => {
      const proof = await proven(await dumpIn(encoding))
      expect(proof).toMatchObject({ errors: [], said: ['unchecked'], match: null })
      expect(proof.rows).toBeGreaterThan(5000)
      // it is what was dumped, all the same
      const all = `SELECT count(*), md5(string_agg(c || t, '' ORDER BY id)) FROM public.characters`
      expect(await server.sql('lifeboat', all)).toBe(await server.sql(`chars_${encoding.toLowerCase()}`, all))
    },
  )

  test.each(['GB18030', 'SHIFT_JIS_2004'])('%s is loaded nowhere, and not called damaged', async (encoding) => {
    const path = await dumpIn(encoding)
    const { plan, result } = await planDumpFile(path)
    expect(result).toMatchObject({ outcome: 'not-checked', tables: [{ fingerprint: null }] })
    const untouched = { ...server.sandbox, connect: () => Promise.reject(new Error('it was asked')) }
    const restoring = restore(plan, path, untouched, { signal: never, report: () => {} })
    await expect(restoring).rejects.toMatchObject({
      kind: 'not-checkable',
      message: expect.stringContaining(encoding) as string,
    })
  })
})
