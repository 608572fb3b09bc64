-- A database that holds what is hard to read in a dump. Needs the roles "reader owner" and "odd ""role""; --".
CREATE SCHEMA "Odd; Schema";
CREATE SCHEMA app;
CREATE EXTENSION hstore;

CREATE TABLE app.escapes (id int PRIMARY KEY, body text, more text);
INSERT INTO app.escapes SELECT i, chr(i), repeat(chr(i), 3) FROM generate_series(1, 127) i;
INSERT INTO app.escapes VALUES
  (200, NULL, ''), (201, '', NULL), (202, E'\\N', E'\\\\N'), (203, E'\\.', E'a\\'), (204, E'\\', E'\\\n\\'),
  (205, E'x\ty\nz\rw', E'\b\f\v'), (206, E'\\x41\\101', 'plain'), (207, 'it''s', '"quoted"'), (208, '中文 😀', 'é'),
  (209, repeat('long ', 60000), repeat(E'\\\n\t', 20000)), (210, E'--\n-- PostgreSQL database dump complete\n--', ';');

CREATE TABLE app.only_text (t text);
INSERT INTO app.only_text VALUES (''), (NULL), (E'\\.'), (E'\\N'), (E'\n'), (E'\\'), (E'\\connect x'), (E'\\! echo'), ('$$'), ('');

CREATE TABLE app.nothing ();
INSERT INTO app.nothing DEFAULT VALUES;
INSERT INTO app.nothing DEFAULT VALUES;
INSERT INTO app.nothing DEFAULT VALUES;
CREATE TABLE app.nothing_at_all ();

CREATE TABLE app.empty (a int, b text);

CREATE TYPE app.mood AS ENUM ('sad', 'so-so', 'it''s \ fine');
CREATE TYPE app.pair AS (x int, y text);
CREATE DOMAIN app.yes AS boolean CHECK (VALUE IS NOT NULL);
CREATE DOMAIN app.small AS int CHECK (VALUE < 1000);
CREATE TABLE app.types (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  b boolean, y app.yes NOT NULL DEFAULT true, i2 smallint, i4 int, sm app.small, o oid,
  f4 real, f8 double precision, n numeric, m money, c "char", bp char(5), vc varchar(20), nm name,
  ba bytea, bi bit(5), vb bit varying(9), d date, t time, ttz timetz, ts timestamp, tstz timestamptz, iv interval,
  u uuid, ip inet, ci cidr, ma macaddr, js json, jb jsonb, x xml, tv tsvector, tq tsquery, h hstore,
  ia int[], ta text[], ma2 app.mood[], mo app.mood, pa app.pair, r int4range, pt point, pg polygon,
  g int GENERATED ALWAYS AS (i4 * 2) STORED
);
INSERT INTO app.types (b, y, i2, i4, sm, o, f4, f8, n, m, c, bp, vc, nm, ba, bi, vb, d, t, ttz, ts, tstz, iv, u, ip, ci, ma, js, jb, x, tv, tq, h, ia, ta, ma2, mo, pa, r, pt, pg)
SELECT i % 2 = 0, i % 3 = 0, i - 5, -i, i, i, i / 3.0, 1e300 / i, i * 1.10, i, chr(64 + i)::"char", 'a' || i, 'v' || i, 'n' || i,
  decode(md5(i::text), 'hex'), (i % 32)::bit(5), (i % 4)::bit(2), date '2024-01-01' + i, time '12:34:56.789', timetz '12:00+02',
  timestamp '2024-02-29 12:00' + i * interval '1 hour', timestamptz '2024-02-29 12:00+03' + i * interval '1 s', make_interval(days => i, secs => i * 1.5),
  md5(i::text)::uuid, '10.0.0.1/8', '10.0.0.0/8', '08:00:2b:01:02:03', '{"a": "x\ty\u0001", "b": [1, 2]}', '{"k": "\\ ''quote''"}',
  '<a href="x">t &amp; u</a>', to_tsvector('a fat cat''s mat'), 'fat & (rat | cat)', 'a=>1, "b c"=>NULL, "d\"e"=>"f\\g"',
  ARRAY[i, NULL, -i], ARRAY['a,b', '{c}', '"d"', E'e\\f', NULL, ''], ARRAY['sad', 'it''s \ fine']::app.mood[], 'so-so', ROW(i, E'a"b\\c')::app.pair, int4range(i, i + 10),
  point(i, -i), '((0,0),(1,1),(1,0))'
FROM generate_series(1, 20) i;
INSERT INTO app.types (b, f4, f8, n) VALUES (NULL, 'NaN', '-Infinity', 'NaN'), (true, 'Infinity', 1e-300, -0.00000000000000000001), (false, '-0', 0, 123456789012345678901234567890);

CREATE TABLE app.generated_between (a int, b text GENERATED ALWAYS AS ('x' || a::text) STORED, c text);
CREATE TABLE app.generated_first (a text GENERATED ALWAYS AS (b || '!') STORED, b text);
INSERT INTO app.generated_between (a, c) VALUES (1, 'one'), (NULL, NULL), (3, 'a	tab');
INSERT INTO app.generated_first (b) VALUES ('one'), (NULL);
ALTER TABLE app.generated_between ADD COLUMN dropped int, ADD COLUMN last text DEFAULT 'l';
ALTER TABLE app.generated_between DROP COLUMN dropped;

CREATE TABLE app.parent (a int, b text);
CREATE TABLE app.child (c int) INHERITS (app.parent);
INSERT INTO app.parent VALUES (1, 'p'), (2, 'p');
INSERT INTO app.child VALUES (3, 'c', 3);

CREATE TABLE app.events (at date NOT NULL, what text) PARTITION BY RANGE (at);
CREATE TABLE app.events_2023 PARTITION OF app.events FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE app.events_2024 PARTITION OF app.events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE app.events_none PARTITION OF app.events DEFAULT;
INSERT INTO app.events SELECT date '2023-12-01' + i, 'event ' || i FROM generate_series(1, 60) i;

CREATE TABLE "Odd; Schema"."table ""with"" 'quotes'" ("a ""b""" int, "from stdin;" text, "中文列" text, "x,y)" text);
INSERT INTO "Odd; Schema"."table ""with"" 'quotes'" VALUES (1, 'a', 'b', 'c'), (2, NULL, '中', 'd');
CREATE TABLE "Odd; Schema"."表😀$1$" ("select" int, "$$" text);
INSERT INTO "Odd; Schema"."表😀$1$" VALUES (1, '$$'), (2, '$a$');
CREATE TABLE "Odd; Schema"."x; Type: TABLE DATA; Schema: y; Owner: z" (a int);
CREATE TABLE "Odd; Schema"."values" ("values" int, "default" text);
INSERT INTO "Odd; Schema"."values" VALUES (1, 'DEFAULT'), (2, 'NULL'), (3, 'true');
CREATE TABLE "Odd; Schema"."UPPER" ("A" int);
INSERT INTO "Odd; Schema"."UPPER" VALUES (1);
CREATE TABLE "Odd; Schema"."-- comment" ("/* a */" text, "--" text);
INSERT INTO "Odd; Schema"."-- comment" VALUES ('/* not closed', '-- not a comment');

DO $do$ BEGIN EXECUTE 'CREATE TABLE app.wide (' || (SELECT string_agg('c' || i || ' int', ', ') FROM generate_series(1, 250) i) || ')'; END $do$;
INSERT INTO app.wide (c1, c100, c250) SELECT i, i * 2, i * 3 FROM generate_series(1, 50) i;

CREATE FUNCTION app.dollar(a int) RETURNS text LANGUAGE plpgsql AS $body$
BEGIN
  -- ; 'not a quote
  EXECUTE $q$ COPY t FROM PROGRAM 'x'; $q$;
  RETURN E'\'; $$ \\! ';
END $body$;
CREATE FUNCTION app.atomic(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC
  SELECT 1;
  SELECT CASE WHEN a > 1 THEN 2 ELSE (CASE a WHEN 0 THEN 3 ELSE 4 END) END;
  INSERT INTO app.empty (a, b) VALUES (a, 'begin; end;');
  SELECT a AS "end";
END;
CREATE PROCEDURE app.atomic_procedure() LANGUAGE sql BEGIN ATOMIC
  DELETE FROM app.empty WHERE a IS NULL;
  INSERT INTO app.empty DEFAULT VALUES;
END;
CREATE OR REPLACE FUNCTION app.atomic_null() RETURNS int LANGUAGE sql RETURN 1;
CREATE VIEW app.seen AS SELECT id, body AS "body; --", CASE WHEN id > 1 THEN E'\\' ELSE '''' END AS c FROM app.escapes;
CREATE MATERIALIZED VIEW app.stored AS SELECT * FROM app.only_text;
CREATE RULE two AS ON UPDATE TO app.seen DO INSTEAD (INSERT INTO app.empty VALUES (1, ';'); DELETE FROM app.empty WHERE a = 2;);
CREATE INDEX by_body ON app.types (vc) WHERE i4 > 1;
CREATE UNIQUE INDEX ON app.types (i4);
CREATE FUNCTION app.trigger() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER before BEFORE INSERT ON app.empty FOR EACH ROW EXECUTE FUNCTION app.trigger();
ALTER TABLE app.empty ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON app.empty FOR SELECT TO "reader owner" USING (b = '; TO nobody');
CREATE STATISTICS app.stats ON i4, i2 FROM app.types;
CREATE AGGREGATE app.total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
CREATE OPERATOR app.=== (LEFTARG = int, RIGHTARG = int, PROCEDURE = int4eq);
CREATE TEXT SEARCH CONFIGURATION app.search (COPY = simple);
CREATE COLLATION app.german FROM "C";
CREATE SEQUENCE app.counter START 42;
SELECT nextval('app.counter');
COMMENT ON TABLE app.empty IS E'-- it''s; a \\comment\n\\! not a command\n\\.\n-- PostgreSQL database dump complete\n';
COMMENT ON COLUMN app.empty.a IS '中文 "';
GRANT SELECT ON app.empty TO "reader owner" WITH GRANT OPTION;
GRANT INSERT (a), UPDATE (b) ON app.empty TO "odd ""role""; --";
GRANT USAGE ON SCHEMA app TO PUBLIC;
ALTER TABLE app.parent OWNER TO "reader owner";
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO "reader owner";
SELECT lo_from_bytea(0, decode(repeat('00ff5c27', 5000), 'hex')), lo_from_bytea(0, ''), lo_create(0);
CREATE UNLOGGED TABLE app.unlogged AS SELECT i FROM generate_series(1, 3) i;
