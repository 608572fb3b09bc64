-- Values that are hard to carry: every escape of COPY, every built-in type with its odd ends. For PostgreSQL 15 and newer.
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS hstore;
CREATE EXTENSION IF NOT EXISTS ltree;
CREATE EXTENSION IF NOT EXISTS citext;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE SCHEMA hard;

CREATE TABLE hard.copy_escapes (id integer PRIMARY KEY, first text, second text, third text);
INSERT INTO hard.copy_escapes VALUES
  (1, E'\b', E'\f', E'\n'), (2, E'\r', E'\t', E'\x0b'), (3, E'\\', E'\\\\', E'\\\\\\'),
  (4, E'\\N', NULL, 'N'), (5, E'\\.', E'\n\\.\n', E'\\.\n'), (6, '', NULL, ''),
  (7, E'a\tb\nc\rd\be\ff\x0bg\\h', E'\r\n', E'\n\r'), (8, E'\\t', E'\\n', E'\\x41\\101'),
  (9, E'\x01', E'\x01N', E'\x7f'), (10, E'\t\t\t', E'\n\n\n', E'trailing space '),
  (11, E'COPY hard.copy_escapes (id) FROM stdin;', E'--\n-- PostgreSQL database dump complete\n--', E'\\connect other'),
  (12, E'$$', E'$body$', E'''"`'), (13, E'end\\', E'\\', E'x\\\t'), (14, 'NULL', 'null', E'\\\\N');
-- Every control character that a text may hold, between two letters.
INSERT INTO hard.copy_escapes SELECT 100 + n, 'a' || chr(n) || 'b', chr(n), chr(n) || chr(n) FROM generate_series(1, 31) n;

-- One column: an empty line is an empty string here, and `\N` alone is NULL.
CREATE TABLE hard.one_column (t text);
INSERT INTO hard.one_column VALUES (''), (NULL), (E'\\N'), (E'\\.'), (''), (E'\\'), (' '), (E'\n');

CREATE TABLE hard.unicode (n integer PRIMARY KEY, t text NOT NULL);
INSERT INTO hard.unicode VALUES
  (1, '汉字𠮷野家'), (2, '👩‍👩‍👧‍👦 🏳️‍🌈'), (3, U&'\0080\0085\2028\2029\FEFF'), (4, U&'e\0301 \00e9'), (5, U&'\202Eright to left\202C'),
  (6, 'مرحبا שלום'), (7, U&'\+10FFFF\+01F600'), (8, 'ﬀ ß İ ı ﷽'), (9, U&'\200B\200D\00AD'), (10, U&'\FFFD\FFFE\FFFF');
INSERT INTO hard.unicode SELECT n, chr(n) FROM generate_series(160, 1200) n;

CREATE TYPE hard.mood AS ENUM ('sad', 'so so', 'it''s "ok"', '开心', 'tab	in it');
CREATE DOMAIN hard.percent AS numeric(5, 2) CHECK (VALUE BETWEEN 0 AND 100) DEFAULT 50;
CREATE TYPE hard.pair AS (label text, amount numeric, flags boolean[]);
CREATE TYPE hard.span AS RANGE (subtype = float8, subtype_diff = float8mi);

CREATE TABLE hard.types (
  id integer PRIMARY KEY, small smallint, large bigint, exact numeric, single real, double double precision, cash money,
  fixed char(5), tiny "char", ident name, raw bytea, stamp timestamp, instant timestamptz, day date, clock time, zoned timetz,
  gap interval, flag boolean, mood hard.mood, percent hard.percent, pair hard.pair, span hard.span, spans hard.span_multirange,
  days daterange, numbers int4multirange, at point, edge line, part lseg, frame box, way path, shape polygon, ring circle,
  address inet, net cidr, mac macaddr, mac8 macaddr8, bits bit(7), many_bits bit varying, words tsvector, query tsquery,
  uid uuid, doc xml, js json, jsb jsonb, jp jsonpath, kv hstore, tree ltree, ci citext, rel regclass, lsn pg_lsn,
  ints integer[], grid integer[][], texts text[], moods hard.mood[], pairs hard.pair[], blobs bytea[], docs jsonb[]
);
INSERT INTO hard.types VALUES
  (1, -32768, -9223372036854775808, 'NaN', 'NaN', 'NaN', '-$92,233,720,368,547,758.08', 'ab', 'x', 'name', '\x00ff5c0a09', 'infinity',
   'infinity', 'infinity', '24:00', '24:00:00+15:59', '-178000000 years', true, 'it''s "ok"', 0, ROW ('a,b"c\', 1.10, '{t,NULL,f}'), '[1,2)',
   '{[1,2),[3,)}', 'empty', '{}', '(NaN,Infinity)', '{1,2,3}', '[(0,0),(1,1)]', '(1,1),(0,0)', '[(0,0),(1,1),(2,0)]', '((0,0),(1,1),(2,0))',
   '<(0,0),5>', '192.168.0.1/24', '10.0.0.0/8', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05', B'1010101', B'', 'a:1A b''c:2 ''d e'':3',
   '''a b'' & !c <-> d', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '<a b="1">&lt;文<!-- x --></a>', '{"a" : 1, "a":2 }', '{"b": [1, 2.50, null, "\\u0041\n"]}',
   '$."a"[*] ? (@ > 1)', '"a b"=>"c\"d", n=>NULL, ""=>""', 'top.middle.leaf', 'MiXed', 'pg_class', '16/B374D848', '{1,NULL,-3}',
   '[0:1][-1:0]={{1,2},{3,4}}', ARRAY['', 'NULL', 'null', 'a,b', '{x}', E'tab\t', E'nl\n', 'q"q', E'b\\b', NULL], '{sad,开心}',
   ARRAY[ROW ('x', NULL, NULL)::hard.pair], ARRAY['\x00'::bytea, '\x5c'], ARRAY['{"k": "v\"w"}'::jsonb, 'null', '"s"']),
  (2, 32767, 9223372036854775807, '12345678901234567890.123456789012345678901234567890', '-0', '-0', '0.01', 'ab   ', '', '', '',
   '-infinity', '-infinity', '-infinity', '00:00', '00:00-15:59', '1 year 2 mons -3 days 04:05:06.789', false, 'tab	in it', 100,
   ROW (NULL, NULL, NULL), 'empty', '{}', '[2024-01-01,)', '{[1,2),[5,7)}', '(0,0)', '{0,1,0}', '[(1e-300,1e300),(0,0)]', '(0,0),(0,0)', '((0,0),(1,1))',
   '((0,0))', '<(1e10,1e-10),0>', '::1', '2001:db8::/32', 'ff:ff:ff:ff:ff:ff', 'ff:ff:ff:ff:ff:ff:ff:ff', B'0000000', B'101', '', '',
   '00000000-0000-0000-0000-000000000000', 'text only', '[]', '{}', '$', '', '', '', '0', '0/0', '{}', '{}', '{}', '{}', '{}', '{}', '{}'),
  (3, 0, 0, '-Infinity', '3.4028235e38', '1.7976931348623157e308', '0', '', E'\\', 'x', '\x5c4e', '0001-01-01 BC', '4713-01-01 00:00:00+00 BC',
   '4713-01-01 BC', '23:59:59.999999', '12:00+05:30', '0', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
   NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO hard.types (id, single, double, instant, stamp, exact)
SELECT 10 + n, (random() * 10 ^ (n % 70 - 35))::real, random() * (10::float8) ^ (n % 600 - 300), to_timestamp(n * 86400.123457),
       timestamp '1883-11-18 12:03:58' + n * interval '97 days 1.000001 seconds', (random() * 1e6)::numeric(30, 12)
FROM generate_series(1, 800) n;

-- More columns than a function takes arguments.
DO $$ BEGIN
  EXECUTE 'CREATE TABLE hard.wide (' || (SELECT string_agg(format('c%s %s', n, CASE n % 3 WHEN 0 THEN 'integer' WHEN 1 THEN 'text' ELSE 'boolean NOT NULL DEFAULT true' END), ', ')
    FROM generate_series(1, 260) n) || ')';
  FOR i IN 1..20 LOOP
    EXECUTE 'INSERT INTO hard.wide VALUES (' || (SELECT string_agg(CASE n % 3 WHEN 0 THEN (n * i)::text WHEN 1 THEN CASE WHEN n % 2 = i % 2 THEN 'NULL' ELSE quote_literal('v' || n || E'\t' || i) END ELSE ((n + i) % 4 = 0)::text END, ', ')
      FROM generate_series(1, 260) n) || ')';
  END LOOP;
END $$;

-- A row of two million bytes, and one that is all backslashes.
CREATE TABLE hard.long_rows (id integer, t text);
INSERT INTO hard.long_rows VALUES (1, (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 62500) n)), (2, repeat(E'\\', 100000)), (3, repeat('长', 50000));
