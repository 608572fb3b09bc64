import { expect, test } from 'vitest'
import { heavyWork, nameAfter } from '#engine/restore/names.ts'
import { Rules } from '#engine/restore/rules.ts'
import { Settings } from '#engine/restore/settings.ts'

const statement = (kind: string, text: string) =>
  ({ step: 'statement', kind, text, raw: false, database: null, place: { line: 1, byte: 0 } }) as const
const rules = () => new Rules(new Settings(), new Set(['shop']), null)

test.each([
  ['ALTER ROLE', `ALTER ROLE postgres WITH SUPERUSER LOGIN PASSWORD 'x';`],
  ['GRANT', 'GRANT pg_execute_server_program TO shop_owner;'],
  ['CREATE TABLESPACE', `CREATE TABLESPACE fast LOCATION '/mnt/fast';`],
  ['ALTER other', `ALTER SYSTEM SET archive_command = 'rm';`],
  [
    'CREATE SUBSCRIPTION',
    `CREATE SUBSCRIPTION s CONNECTION 'host=x' PUBLICATION p WITH (slot_name = 'a connect = false b');`,
  ],
  ['ALTER SUBSCRIPTION', 'ALTER SUBSCRIPTION s ENABLE;'],
  ['ALTER DATABASE', `ALTER DATABASE shop SET session_preload_libraries TO 'x';`],
  ['ALTER DATABASE', 'ALTER DATABASE postgres OWNER TO x;'],
  ['COMMENT', `COMMENT ON DATABASE postgres IS 'default';`],
  ['COMMENT', `COMMENT ON TABLESPACE fast IS 'the new disk';`],
  ['SECURITY', `SECURITY LABEL FOR anon ON TABLESPACE fast IS 'x';`],
  ['GRANT', 'GRANT CONNECT ON DATABASE other TO x;'],
  ['SET', 'SET default_tablespace = fast;'],
])('%s is left out: %s', (kind, text) => {
  expect(rules().decide(statement(kind, text)).do).toBe('leave out')
})

test.each([
  [
    'CREATE SUBSCRIPTION',
    `CREATE SUBSCRIPTION s CONNECTION 'host=x' PUBLICATION p WITH (connect = false, slot_name = 's');`,
  ],
  ['ALTER DATABASE', 'ALTER DATABASE shop OWNER TO x;'],
  ['COMMENT', `COMMENT ON DATABASE shop IS 'it''s ours';`],
  ['COMMENT', `COMMENT ON TABLE public.t IS ' ON TABLESPACE ';`],
  ['GRANT', 'GRANT ALL ON SCHEMA public TO x;'],
  ['SET', `SET default_tablespace = '';`],
])('%s is sent as it stands: %s', (kind, text) => {
  expect(rules().decide(statement(kind, text))).toMatchObject({ do: 'send', bytes: Buffer.from(text) })
})

test('TimescaleDB is missing rather than half loaded, and another extension is not', () => {
  const decide = (name: string) =>
    rules().decide(statement('CREATE EXTENSION', `CREATE EXTENSION IF NOT EXISTS ${name} WITH SCHEMA public;`))
  expect(decide('timescaledb')).toMatchObject({ do: 'leave out', missing: 'the extension timescaledb' })
  expect(decide('timescaledb_toolkit').do).toBe('send')
})

test('a further session is told the settings of the first, and what its bytes are after the reader has converted them', () => {
  const settings = new Settings()
  const texts = [
    `SET client_encoding = 'LATIN1';`,
    `SET check_function_bodies = false;`,
    `SELECT pg_catalog.set_config('search_path', '', false);`,
    `SET row_security = on;`,
    `SET row_security = off;`,
  ]
  for (const text of texts) settings.bytesOf(statement('SET', text))
  expect(settings.replay().toString()).toBe(
    `SET client_encoding = 'UTF8';\nSET check_function_bodies = false;\nSELECT pg_catalog.set_config('search_path', '', false);\nSET row_security = off;\n`,
  )
})

test('which tables an index or a constraint locks', () => {
  expect(heavyWork('CREATE INDEX', 'CREATE UNIQUE INDEX "odd ON x" ON ONLY "S ""q"".é"."T" USING btree (a);')).toEqual({
    work: 'index',
    table: JSON.stringify(['S "q".é', 'T']),
  })
  const key =
    'ALTER TABLE ONLY public.a\n    ADD CONSTRAINT k FOREIGN KEY (b) REFERENCES public."B"(id) ON DELETE CASCADE;'
  expect(heavyWork('ALTER TABLE', key)).toEqual({
    work: 'foreign key',
    table: JSON.stringify(['public', 'a']),
    referenced: JSON.stringify(['public', 'B']),
  })
  expect(heavyWork('ALTER TABLE', 'ALTER TABLE ONLY public.a ADD CONSTRAINT c CHECK (x) NOT VALID;')).toBeNull()
  expect(heavyWork('ALTER TABLE', 'ALTER TABLE public.a OWNER TO x;')).toBeNull()
  expect(nameAfter('CREATE DATABASE', 'CREATE DATABASE "a ""b""" WITH TEMPLATE = template0;')).toBe('a "b"')
})
