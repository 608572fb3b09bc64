import { copyBlock } from '../../support/dump-text.ts'

/** Lines that pg_dump never writes, and by which psql or the server would do something outside of the database. */
export function refusedLines(witness: string): string[] {
  const words = [
    '! touch W',
    'o |touch W',
    'o W',
    'g |touch W',
    'w |touch W',
    "copy t to program 'touch W'",
    "copy t from program 'touch W'",
    'copy t to W',
    'i W',
    'ir W',
    'e W',
    's W',
    'setenv PAGER W',
    'set x `touch W`',
    'echo `touch W`',
    'if `touch W`',
    'connect `touch W`',
    'restrict `touch W`',
    'gexec',
    'lo_import W',
    'lo_export 1 W',
  ]
  const statements = [
    "COPY t TO PROGRAM 'touch W';",
    "COPY t FROM PROGRAM 'touch W';",
    "COPY t TO 'W';",
    "COPY t FROM 'W';",
    "copy (select 1) to /* a comment */ program 'touch W';",
    'COPY t FROM stdin; \\! touch W',
    'SELECT 1 \\g |touch W',
  ]
  return [...words.map((word) => `\\${word}`), ...statements].map((line) => line.replace('W', witness))
}

/** One attempt of a dump that is loaded. */
export type Attempt = {
  name: string
  /** stands before the data: tables, functions */
  before: string
  /** the tables' data */
  rows?: string
  /** stands behind the data */
  after?: string
  /** tables whose rows are not the dump's any more when it is done: they must end as damaged */
  changes?: string[]
  /** in a container, where a dump has a superuser's power over a PostgreSQL of its own, its code runs */
  runs?: boolean
}

const two = (table: string, values = ['1', '2'], column = 'a') =>
  copyBlock({ schema: 'public', name: table, columns: [column], rows: values.map((value) => [value]) })
const fn = (name: string, args: string, returns: string, body: string, how = 'VOLATILE') =>
  `CREATE FUNCTION public.${name}(${args}) RETURNS ${returns} LANGUAGE plpgsql ${how} AS $_$ BEGIN ${body} END $_$;\n`
/** PostgreSQL lets nothing that says it is IMMUTABLE write anything, but lets it call what is not. */
const quiet = (name: string, args: string, returns: string, value: string, called = `f_${name}`) =>
  fn(called, args, returns, `PERFORM public.reach('${name}'); RETURN ${value};`, 'IMMUTABLE')
const trigger = (name: string, body: string) => fn(`f_${name}`, '', 'trigger', body)
const table = (name: string, columns = 'a integer') => `CREATE TABLE public.${name} (${columns});\n`

/** What every attempt calls where it can: it tries three ways out of the server, and complains about none. */
export function reach(witnesses: readonly string[]): string {
  const ways = [
    "EXECUTE pg_catalog.format('COPY (SELECT 1) TO PROGRAM %L', 'touch ' || place || '-' || who);",
    "EXECUTE pg_catalog.format('COPY (SELECT 1) TO %L', place || '-file-' || who);",
    "PERFORM pg_catalog.lo_export(pg_catalog.lo_from_bytea(0, 'x'), place || '-object-' || who);",
  ]
  const places = witnesses.map((witness) => `'${witness}'`).join(', ')
  const tried = ways.map((way) => `BEGIN ${way} EXCEPTION WHEN OTHERS THEN NULL; END;`).join('\n')
  return `CREATE FUNCTION public.reach(who text) RETURNS boolean LANGUAGE plpgsql AS $_$ DECLARE place text; BEGIN
    FOREACH place IN ARRAY ARRAY[${places}] LOOP ${tried} END LOOP; RETURN true; END $_$;\n`
}

/** Attempts that do not disturb each other: all of them are one dump. */
export function attempts(witness: string): Attempt[] {
  return [...inExpressions, ...whileRowsCome, ...shadows, ...inStatements(witness), ...outOfTheServer(witness), names]
}

/** Functions in definitions: they run while rows are loaded and indexes are built, or whenever a query is planned. */
const inExpressions: Attempt[] = [
  {
    name: 'index',
    before: quiet('index', 'a integer', 'integer', 'a') + table('in_index'),
    rows: two('in_index'),
    after: 'CREATE INDEX i1 ON public.in_index USING btree (public.f_index(a));\n',
    runs: true,
  },
  {
    name: 'condition',
    before: quiet('condition', '', 'boolean', 'true') + table('in_condition'),
    rows: two('in_condition'),
    after: 'CREATE INDEX i2 ON public.in_condition USING btree (a) WHERE public.f_condition();\n',
    runs: true,
  },
  {
    name: 'statistics',
    before: quiet('statistics', '', 'integer', '1') + table('in_statistics'),
    rows: two('in_statistics'),
    after: 'CREATE STATISTICS public.s1 ON ((a + public.f_statistics())), a FROM public.in_statistics;\n',
    runs: true,
  },
  {
    name: 'partition',
    before:
      quiet('partition', '', 'integer', '0') +
      'CREATE TABLE public.in_parts (a integer) PARTITION BY RANGE (((a + public.f_partition())));\n' +
      'CREATE TABLE public.in_parts_1 (a integer);\n' +
      'ALTER TABLE ONLY public.in_parts ATTACH PARTITION public.in_parts_1 FOR VALUES FROM (0) TO (9);\n',
    rows: two('in_parts'),
    runs: true,
  },
  {
    name: 'check',
    before:
      quiet('check', 'a integer', 'boolean', 'true') +
      table('in_check', 'a integer, CONSTRAINT c CHECK (public.f_check(a))'),
    rows: two('in_check'),
    runs: true,
  },
  {
    name: 'domain',
    before:
      quiet('domain', 'a integer', 'boolean', 'true') +
      'CREATE DOMAIN public.d AS integer CONSTRAINT c CHECK (public.f_domain(VALUE));\n' +
      table('in_domain', 'a public.d'),
    rows: two('in_domain'),
    runs: true,
  },
  {
    name: 'default',
    before: table('in_default', "a integer, b boolean DEFAULT public.reach('default')"),
    rows: two('in_default'),
    runs: true,
  },
  {
    name: 'generated',
    before:
      quiet('generated', 'a integer', 'integer', 'a') +
      table('in_generated', 'a integer, b integer GENERATED ALWAYS AS (public.f_generated(a)) STORED'),
    rows: two('in_generated'),
    runs: true,
  },
  {
    name: 'view',
    before: "CREATE VIEW public.in_view AS SELECT public.reach('view') AS a;\n",
    after:
      'CREATE MATERIALIZED VIEW public.in_matview AS SELECT a FROM public.in_view WITH NO DATA;\n' +
      'REFRESH MATERIALIZED VIEW public.in_matview;\n',
    runs: true,
  },
  {
    name: 'policy',
    before:
      table('in_policy') +
      "CREATE POLICY p ON public.in_policy USING (public.reach('policy') AND a > 1);\n" +
      'ALTER TABLE public.in_policy ENABLE ROW LEVEL SECURITY;\nALTER TABLE ONLY public.in_policy FORCE ROW LEVEL SECURITY;\n',
    rows: two('in_policy'),
  },
]

/** Code that runs with each row, and changes what is stored: nobody may call that exact. */
const whileRowsCome: Attempt[] = [
  {
    name: 'trigger',
    before:
      trigger('trigger', "PERFORM public.reach('trigger'); NEW.a := 7; RETURN NEW;") +
      table('by_trigger') +
      'CREATE TRIGGER x BEFORE INSERT ON public.by_trigger FOR EACH ROW EXECUTE FUNCTION public.f_trigger();\n',
    rows: two('by_trigger'),
    changes: ['by_trigger'],
    runs: true,
  },
  {
    name: 'swallow',
    before:
      trigger('swallow', 'RETURN NULL;') +
      table('swallowed') +
      'CREATE TRIGGER x BEFORE INSERT ON public.swallowed FOR EACH ROW EXECUTE FUNCTION public.f_swallow();\n',
    rows: two('swallowed'),
    changes: ['swallowed'],
  },
  {
    name: 'hide',
    // what is too much is hidden by a policy: who may see all of it must look
    before:
      trigger('hide', 'INSERT INTO public.hidden VALUES (9); RETURN NULL;') +
      table('hidden') +
      'CREATE TRIGGER x AFTER INSERT ON public.hidden FOR EACH ROW WHEN (NEW.a <> 9) EXECUTE FUNCTION public.f_hide();\n' +
      'CREATE POLICY p ON public.hidden USING (a <> 9);\n' +
      'ALTER TABLE public.hidden ENABLE ROW LEVEL SECURITY;\nALTER TABLE ONLY public.hidden FORCE ROW LEVEL SECURITY;\n',
    rows: two('hidden'),
    changes: ['hidden'],
  },
  {
    name: 'heir',
    // the rows are still seen in the table, and are another one's
    before:
      trigger('heir', 'INSERT INTO public.heir VALUES (NEW.a); RETURN NULL;') +
      table('parent') +
      'CREATE TABLE public.heir () INHERITS (public.parent);\n' +
      'CREATE TRIGGER x BEFORE INSERT ON public.parent FOR EACH ROW EXECUTE FUNCTION public.f_heir();\n',
    rows: two('parent'),
    changes: ['parent'],
  },
  {
    name: 'instead',
    before:
      trigger('instead', "PERFORM public.reach('instead'); RETURN NEW;") +
      'CREATE VIEW public.no_table AS SELECT 1 AS a UNION ALL SELECT 2;\n' +
      'CREATE TRIGGER x INSTEAD OF INSERT ON public.no_table FOR EACH ROW EXECUTE FUNCTION public.f_instead();\n',
    rows: two('no_table'),
    changes: ['no_table'],
    runs: true,
  },
  {
    name: 'rule',
    before: table('ruled') + "CREATE RULE r AS ON INSERT TO public.ruled DO INSTEAD SELECT public.reach('rule');\n",
    rows: 'INSERT INTO public.ruled VALUES (1);\nINSERT INTO public.ruled VALUES (2);\n',
    changes: ['ruled'],
    runs: true,
  },
  {
    name: 'constraint-trigger',
    before:
      trigger('late', "PERFORM public.reach('constraint-trigger'); DELETE FROM public.late WHERE a = 2; RETURN NULL;") +
      table('late') +
      'CREATE CONSTRAINT TRIGGER x AFTER INSERT ON public.late DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.f_late();\n',
    rows: two('late'),
    changes: ['late'],
    runs: true,
  },
  {
    name: 'other-table',
    before:
      fn('spoil', '', 'integer', 'DELETE FROM public.spoilt WHERE a = 1; RETURN 1;') +
      fn('f_other', 'a integer', 'integer', 'RETURN a + public.spoil();', 'IMMUTABLE') +
      table('spoilt') +
      table('spoils'),
    rows: two('spoilt') + two('spoils'),
    after: 'CREATE INDEX i3 ON public.spoils USING btree (public.f_other(a));\n',
    changes: ['spoilt'],
  },
]

/** Names by which the proof's own SQL could be led astray. */
const shadows: Attempt[] = [
  { name: 'hash', before: quiet('hash', 'a text, b bigint', 'bigint', '0', 'hashtextextended') },
  { name: 'concat', before: quiet('concat', 'a text', 'text', "''", 'concat') },
  { name: 'concat-ws', before: quiet('concat-ws', 'a text, b text, c text', 'text', "''", 'concat_ws') },
  {
    name: 'aggregate',
    before:
      quiet('aggregate', 'a bigint, b bigint', 'bigint', '0') +
      'CREATE AGGREGATE public.sum(bigint) (SFUNC = public.f_aggregate, STYPE = bigint);\n' +
      'CREATE AGGREGATE public.max(integer) (SFUNC = int4larger, STYPE = integer);\n',
  },
  {
    name: 'operator',
    before:
      quiet('operator', 'a text, b text', 'boolean', 'true') +
      'CREATE OPERATOR public.= (FUNCTION = public.f_operator, LEFTARG = text, RIGHTARG = text);\n',
  },
  {
    name: 'cast',
    before:
      'CREATE TYPE public.pair AS (a integer, b text);\n' +
      quiet('cast', 'a public.pair', 'text', "''") +
      'CREATE CAST (public.pair AS text) WITH FUNCTION public.f_cast(public.pair) AS IMPLICIT;\n' +
      table('in_cast', 'a public.pair'),
    rows: two('in_cast', ['(1,x)', '(2,y)']),
  },
]

/** Statements that pg_dump does not write, which are only SQL. */
function inStatements(witness: string): Attempt[] {
  return [
    { name: 'select', before: "SELECT public.reach('select');\n", runs: true },
    { name: 'do', before: "DO $$ BEGIN PERFORM public.reach('do'); END $$;\n", runs: true },
    {
      name: 'call',
      before:
        "CREATE PROCEDURE public.p() LANGUAGE plpgsql AS $$ BEGIN PERFORM public.reach('call'); END $$;\nCALL public.p();\n",
      runs: true,
    },
    {
      name: 'update',
      before: table('updated'),
      rows: two('updated'),
      after: 'UPDATE public.updated SET a = 3 WHERE a = 1;\n',
      changes: ['updated'],
    },
    {
      name: 'alter-system',
      before: `ALTER SYSTEM SET archive_command = 'touch ${witness}-archive';\nALTER SYSTEM SET restart_after_crash = 'on';\n`,
    },
    {
      name: 'search-path',
      // the shadows above lie in public
      before: `ALTER DATABASE lifeboat SET search_path = public, pg_catalog;
DO $$ BEGIN EXECUTE pg_catalog.format('ALTER DATABASE %I SET search_path = public, pg_catalog', pg_catalog.current_database()); END $$;
DO $$ BEGIN EXECUTE pg_catalog.format('ALTER DATABASE %I SET row_security = on', pg_catalog.current_database()); END $$;
ALTER ROLE lifeboat_admin SET search_path = public, pg_catalog;\n`,
    },
    {
      name: 'event-trigger',
      before:
        fn('fired', '', 'event_trigger', "PERFORM public.reach('event-trigger');") +
        'CREATE EVENT TRIGGER e1 ON ddl_command_end\n   EXECUTE FUNCTION public.fired();\n' +
        'CREATE EVENT TRIGGER e2 ON sql_drop\n   EXECUTE FUNCTION public.fired();\n',
    },
    {
      name: 'login-trigger',
      before:
        fn('entered', '', 'event_trigger', "PERFORM public.reach('login-trigger');") +
        'CREATE EVENT TRIGGER e3 ON login\n   EXECUTE FUNCTION public.entered();\n',
    },
    {
      name: 'definer',
      before:
        "CREATE FUNCTION public.power() RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN RETURN public.reach('definer'); END $$;\n" +
        'ALTER FUNCTION public.power() OWNER TO postgres;\nSELECT public.power();\n',
    },
  ]
}

/** Doors that PostgreSQL itself has. */
function outOfTheServer(witness: string): Attempt[] {
  return [
    {
      name: 'python',
      before: `CREATE EXTENSION IF NOT EXISTS plpython3u WITH SCHEMA pg_catalog;
CREATE FUNCTION public.python() RETURNS void LANGUAGE plpython3u AS $$ open('${witness}-python', 'w') $$;
SELECT public.python();\n`,
    },
    {
      name: 'perl',
      before: `CREATE EXTENSION IF NOT EXISTS plperlu WITH SCHEMA pg_catalog;
CREATE FUNCTION public.perl() RETURNS void LANGUAGE plperlu AS $$ open(F, '>', '${witness}-perl') $$;
SELECT public.perl();\n`,
    },
    {
      name: 'c',
      before: `CREATE FUNCTION public.system(cstring) RETURNS integer LANGUAGE c STRICT AS '/lib/x86_64-linux-gnu/libc.so.6', 'system';
SELECT public.system('touch ${witness}-c');\n`,
    },
    {
      name: 'load',
      before:
        "LOAD 'libc.so.6';\nCREATE FUNCTION public.internal(text) RETURNS bytea LANGUAGE internal AS 'pg_read_binary_file_all';\n",
    },
    {
      name: 'read-file',
      before: `CREATE MATERIALIZED VIEW public.password AS SELECT pg_catalog.pg_read_file('${witness}-secret') AS a WITH NO DATA;
REFRESH MATERIALIZED VIEW public.password;\n`,
    },
    {
      name: 'large-object',
      before: `SELECT pg_catalog.lo_import('${witness}-secret');
SELECT pg_catalog.lo_export(pg_catalog.lo_import('${witness}-secret'), '${witness}-exported');\n`,
    },
    {
      name: 'file-fdw',
      before: `CREATE EXTENSION IF NOT EXISTS file_fdw WITH SCHEMA public;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE public.program (a text) SERVER files OPTIONS (program 'touch ${witness}-file-fdw');
CREATE MATERIALIZED VIEW public.of_program AS SELECT a FROM public.program WITH NO DATA;
REFRESH MATERIALIZED VIEW public.of_program;\n`,
    },
    {
      name: 'postgres-fdw',
      before: `CREATE EXTENSION IF NOT EXISTS postgres_fdw WITH SCHEMA public;
CREATE SERVER near FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', dbname 'postgres');
CREATE USER MAPPING FOR PUBLIC SERVER near OPTIONS (user 'lifeboat_admin');\n`,
    },
    {
      name: 'subscription',
      before: `CREATE SUBSCRIPTION reaches_out CONNECTION 'host=127.0.0.1 dbname=postgres' PUBLICATION p WITH (create_slot = false, slot_name = NONE);
CREATE SUBSCRIPTION stays CONNECTION 'host=127.0.0.1 dbname=postgres' PUBLICATION p WITH (connect = false, slot_name = 'stays');
ALTER SUBSCRIPTION stays ENABLE;\n`,
    },
    {
      name: 'role',
      before:
        "CREATE ROLE postgres;\nALTER ROLE postgres WITH SUPERUSER LOGIN PASSWORD 'x';\nGRANT pg_execute_server_program TO CURRENT_USER;\n",
    },
    {
      name: 'extension-schema',
      // an extension's script is run by the superuser, with its own schema in the path
      before: `CREATE SCHEMA evil;
CREATE FUNCTION evil.hash_any(text) RETURNS integer LANGUAGE sql AS $$ SELECT public.reach('extension-schema')::integer $$;
CREATE FUNCTION evil.concat(text) RETURNS text LANGUAGE sql AS $$ SELECT public.reach('extension-schema')::text $$;
CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA evil;\n`,
    },
  ]
}

const odd = String.raw`"""; DROP TABLE public.in_index; --"`
const broken = `"a\n\\! touch b\n"`

/** Names and values that would be code wherever somebody forgets to quote them. */
const names: Attempt = {
  name: 'names',
  before: `CREATE TABLE public.${odd} (${odd} text, ${broken} text);\n` + table('texts', 'a text'),
  rows:
    `COPY public.${odd} (${odd}, ${broken}) FROM stdin;\n'; DROP TABLE public.in_index; --\t1\n\\.\n\n` +
    two('texts', ['\\! touch b', '`touch b`', '$(touch b)', '\\.']),
  after: `CREATE INDEX ${broken} ON public.${odd} USING btree (${odd});\n`,
}

/** Dumps that take away what the proof needs: nothing can be said of them then, and surely not that they are damaged. */
export const lockouts: readonly [name: string, sql: string][] = [
  ['password', "DO $$ BEGIN EXECUTE 'ALTER ROLE CURRENT_USER PASSWORD ''x'''; END $$;"],
  ['connections', "DO $$ BEGIN EXECUTE 'ALTER DATABASE lifeboat CONNECTION LIMIT 0'; END $$;"],
  [
    'library',
    `DO $$ BEGIN EXECUTE 'ALTER DATABASE lifeboat SET session_preload_libraries = ''lifeboat_no_such''';
EXCEPTION WHEN insufficient_privilege THEN NULL; END $$;`,
  ],
  ['timeout', "DO $$ BEGIN EXECUTE 'ALTER DATABASE lifeboat SET statement_timeout = ''1ms'''; END $$;"],
  [
    'ended sessions',
    'SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE usename = CURRENT_USER;',
  ],
  [
    'dblink',
    `CREATE EXTENSION IF NOT EXISTS dblink WITH SCHEMA public;
SELECT public.dblink_exec('host=127.0.0.1 user=lifeboat_admin dbname=postgres', 'ALTER ROLE lifeboat_admin NOLOGIN');`,
  ],
]
