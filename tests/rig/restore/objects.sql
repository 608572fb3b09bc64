-- Objects of every kind that the rig's own hard databases do not have, so that a restore can be compared with psql's.
CREATE ROLE obj_owner;
CREATE ROLE "obj ""odd"" role";
CREATE SCHEMA obj AUTHORIZATION obj_owner;
CREATE SCHEMA "odd; schema";
COMMENT ON SCHEMA obj IS 'it''s a schema; -- no \. end';
CREATE EXTENSION pg_trgm WITH SCHEMA obj;
CREATE EXTENSION btree_gist WITH SCHEMA public;

CREATE DOMAIN obj.positive AS integer DEFAULT 1 CONSTRAINT is_positive CHECK (VALUE > 0);
COMMENT ON CONSTRAINT is_positive ON DOMAIN obj.positive IS 'a domain''s constraint';
CREATE TYPE obj.mood AS ENUM ('sad', 'it''s ok', 'tab	in it');
CREATE TYPE obj.pair AS (a integer, b text COLLATE "C");
CREATE FUNCTION obj.span(a double precision, b double precision) RETURNS double precision IMMUTABLE LANGUAGE sql RETURN a - b;
CREATE TYPE obj.float_span AS RANGE (subtype = float8, subtype_diff = obj.span, multirange_type_name = obj.float_spans);
CREATE COLLATION obj.numeric_order (provider = icu, locale = 'en-u-kn-true', deterministic = false);

CREATE FUNCTION obj.int_before(integer, integer) RETURNS integer IMMUTABLE STRICT LANGUAGE sql AS 'SELECT $2 - $1';
CREATE FUNCTION obj.after(integer, integer) RETURNS boolean IMMUTABLE STRICT LANGUAGE sql AS 'SELECT $1 > $2';
CREATE FUNCTION obj.before(integer, integer) RETURNS boolean IMMUTABLE STRICT LANGUAGE sql AS 'SELECT $1 < $2';
CREATE OPERATOR obj.<<< (LEFTARG = integer, RIGHTARG = integer, FUNCTION = obj.before, COMMUTATOR = OPERATOR(obj.>>>));
CREATE OPERATOR obj.>>> (LEFTARG = integer, RIGHTARG = integer, FUNCTION = obj.after, COMMUTATOR = OPERATOR(obj.<<<));
CREATE OPERATOR FAMILY obj.backwards USING btree;
CREATE OPERATOR CLASS obj.backwards_int FOR TYPE integer USING btree FAMILY obj.backwards AS
  OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 obj.int_before(integer, integer);
CREATE FUNCTION obj.mood_of(integer) RETURNS obj.mood IMMUTABLE LANGUAGE sql AS $$ SELECT CASE WHEN $1 > 0 THEN 'sad'::obj.mood END $$;
CREATE CAST (integer AS obj.mood) WITH FUNCTION obj.mood_of(integer) AS ASSIGNMENT;
CREATE FUNCTION obj.longer(text, text) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT CASE WHEN length($1) > length($2) THEN $1 ELSE $2 END $$;
CREATE AGGREGATE obj.longest(text) (SFUNC = obj.longer, STYPE = text, INITCOND = '');
CREATE PROCEDURE obj.nothing(IN a integer, INOUT b text DEFAULT ';') LANGUAGE plpgsql AS $body$ BEGIN b := $x$; $$ $x$; END $body$;
CREATE TEXT SEARCH DICTIONARY obj.words (TEMPLATE = simple, stopwords = english);
CREATE TEXT SEARCH CONFIGURATION obj.search (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION obj.search ALTER MAPPING FOR asciiword WITH obj.words;

CREATE TABLE obj.people (
  id integer GENERATED ALWAYS AS IDENTITY (START 5 INCREMENT 3), name text NOT NULL COLLATE obj.numeric_order,
  age obj.positive, mood obj.mood, spot obj.pair, span obj.float_span, boss integer,
  doubled integer GENERATED ALWAYS AS (age * 2) STORED, words tsvector
);
INSERT INTO obj.people (name, age, mood, spot, span, boss, words)
  SELECT 'person ' || i, i, (enum_range(NULL::obj.mood))[1 + i % 3], ROW(i, repeat('é\\', i % 4))::obj.pair, obj.float_span(i, i + 0.5),
    5 + 3 * (i % 20), to_tsvector('english', 'some words ' || i) FROM generate_series(1, 3000) AS i;
ALTER TABLE obj.people ADD PRIMARY KEY (id), ADD CONSTRAINT people_name UNIQUE NULLS NOT DISTINCT (name, mood);
ALTER TABLE obj.people ADD FOREIGN KEY (boss) REFERENCES obj.people (id) DEFERRABLE INITIALLY DEFERRED;
CREATE FUNCTION obj.count_people() RETURNS bigint STABLE LANGUAGE sql AS 'SELECT count(*) FROM obj.people';
CREATE INDEX people_trgm ON obj.people USING gin (name obj.gin_trgm_ops);
CREATE INDEX people_lower ON obj.people (lower(name COLLATE "C") text_pattern_ops) INCLUDE (age) WHERE age > 10;
CREATE INDEX people_backwards ON obj.people (age obj.backwards_int) WITH (fillfactor = 70);
CREATE UNIQUE INDEX people_identity ON obj.people (id, name);
ALTER TABLE obj.people REPLICA IDENTITY USING INDEX people_identity;
ALTER TABLE obj.people CLUSTER ON people_backwards;
ALTER TABLE obj.people ALTER age SET STATISTICS 500, ALTER name SET STORAGE EXTERNAL, ALTER age SET (n_distinct = -0.5);
CREATE STATISTICS obj.people_stats (ndistinct, mcv) ON age, mood, (age % 7) FROM obj.people;
COMMENT ON INDEX obj.people_trgm IS 'an index';
COMMENT ON COLUMN obj.people.name IS 'a "column"';
COMMENT ON STATISTICS obj.people_stats IS 'statistics';

CREATE TABLE obj.early (n integer);
CREATE TABLE obj.later (n integer PRIMARY KEY);
CREATE FUNCTION obj.known(integer) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT EXISTS (SELECT FROM obj.later WHERE n = $1)';
INSERT INTO obj.later SELECT generate_series(1, 50);
INSERT INTO obj.early SELECT generate_series(1, 100);
-- reads a table that comes later in the dump
CREATE INDEX early_known ON obj.early (obj.known(n));

CREATE TABLE obj.rooms (room integer, during tstzrange, EXCLUDE USING gist (room WITH =, during WITH &&));
INSERT INTO obj.rooms SELECT i % 10, tstzrange('2026-01-01'::timestamptz + i * interval '1 h', '2026-01-01'::timestamptz + (i + 1) * interval '1 h') FROM generate_series(1, 500) i;

CREATE TABLE obj.parts (id bigint NOT NULL, at date NOT NULL, kind text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE obj.parts_old PARTITION OF obj.parts FOR VALUES FROM (MINVALUE) TO ('2026-01-01') PARTITION BY HASH (id);
CREATE TABLE obj.parts_old_a PARTITION OF obj.parts_old FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE obj.parts_old_b PARTITION OF obj.parts_old FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE obj.parts_new PARTITION OF obj.parts FOR VALUES FROM ('2026-01-01') TO (MAXVALUE);
CREATE INDEX parts_kind ON obj.parts (kind);
INSERT INTO obj.parts SELECT i, '2025-06-01'::date + i % 400, (ARRAY['a', 'b', NULL])[1 + i % 3] FROM generate_series(1, 2000) i;
CREATE TABLE obj.refers (part bigint, at date, FOREIGN KEY (part, at) REFERENCES obj.parts (id, at) ON DELETE CASCADE);
INSERT INTO obj.refers SELECT id, at FROM obj.parts WHERE id % 5 = 0;
ALTER TABLE obj.refers ADD CONSTRAINT unchecked CHECK (part < 9000) NOT VALID;

CREATE TABLE obj.a (id integer PRIMARY KEY, b integer);
CREATE TABLE obj.b (id integer PRIMARY KEY, a integer REFERENCES obj.a (id));
INSERT INTO obj.a SELECT i, i FROM generate_series(1, 100) i;
INSERT INTO obj.b SELECT i, i FROM generate_series(1, 100) i;
ALTER TABLE obj.a ADD FOREIGN KEY (b) REFERENCES obj.b (id);

CREATE FUNCTION obj.on_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER a_change BEFORE INSERT OR UPDATE OF b ON obj.a FOR EACH ROW EXECUTE FUNCTION obj.on_change('it''s', '\');
CREATE CONSTRAINT TRIGGER a_late AFTER INSERT ON obj.a DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION obj.on_change();
ALTER TABLE obj.a DISABLE TRIGGER a_change;
CREATE RULE a_quiet AS ON INSERT TO obj.b WHERE NEW.id < 0 DO INSTEAD NOTHING;
ALTER TABLE obj.b ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY b_mine ON obj.b AS RESTRICTIVE FOR UPDATE TO obj_owner, PUBLIC USING (id > 0) WITH CHECK (a IS NOT NULL);

CREATE MATERIALIZED VIEW obj.first AS SELECT mood, count(*) AS n FROM obj.people GROUP BY mood;
CREATE MATERIALIZED VIEW obj.second AS SELECT sum(n) AS all_of_them, obj.count_people() AS again FROM obj.first;
CREATE UNIQUE INDEX first_mood ON obj.first (mood);
CREATE VIEW obj.seen WITH (security_invoker) AS SELECT id, name FROM obj.people WITH LOCAL CHECK OPTION;
-- read by an owner that has no right of its own to the table
CREATE ROLE obj_reporter;
CREATE VIEW obj.reported AS SELECT n FROM obj.later;
CREATE MATERIALIZED VIEW obj.report AS SELECT sum(n) FROM obj.reported;
ALTER VIEW obj.reported OWNER TO obj_reporter;
ALTER MATERIALIZED VIEW obj.report OWNER TO obj_reporter;
CREATE SEQUENCE obj.counter AS smallint START 7 MAXVALUE 99 CYCLE OWNED BY obj.early.n;
SELECT nextval('obj.counter'), nextval('obj.counter');

CREATE TABLE obj.no_columns ();
INSERT INTO obj.no_columns SELECT FROM generate_series(1, 7);
SELECT format('CREATE TABLE obj.wide (%s)', string_agg(format('c%s smallint', i), ', ')) FROM generate_series(1, 1600) i \gexec
SELECT format('INSERT INTO obj.wide SELECT %s FROM generate_series(1, 3) n', string_agg(format('(n * %s %% 9)::smallint', i), ', ')) FROM generate_series(1, 1600) i \gexec
CREATE TABLE "odd; schema"."odd "".table -- it''s" ("odd, column" text, "select" json);
INSERT INTO "odd; schema"."odd "".table -- it''s" VALUES (E'\\.\n\t\b', '{"a": [1, "\\u00e9"]}');
CREATE UNIQUE INDEX "odd index; on nothing" ON "odd; schema"."odd "".table -- it''s" ("odd, column");

SELECT lo_from_bytea(700000 + i, convert_to(repeat('large ' || i, i * 3000), 'UTF8')) FROM generate_series(1, 30) i;
ALTER LARGE OBJECT 700001 OWNER TO obj_owner;
GRANT SELECT ON LARGE OBJECT 700002 TO "obj ""odd"" role";
COMMENT ON LARGE OBJECT 700003 IS 'a large object';

CREATE PUBLICATION obj_some FOR TABLE obj.people (id, name) WHERE (id > 5), obj.a WITH (publish = 'insert');
CREATE PUBLICATION obj_all FOR ALL TABLES;
CREATE SUBSCRIPTION obj_sub CONNECTION 'host=127.0.0.1 port=1 dbname=nowhere' PUBLICATION obj_some WITH (connect = false, slot_name = NONE, enabled = false);
CREATE FUNCTION obj.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no DDL here'; END $$;
CREATE FOREIGN DATA WRAPPER obj_wrapper OPTIONS (debug 'true');
CREATE SERVER obj_server TYPE 'x' VERSION '1' FOREIGN DATA WRAPPER obj_wrapper OPTIONS (host 'it''s; nowhere');
CREATE USER MAPPING FOR PUBLIC SERVER obj_server OPTIONS (password 'x');
CREATE FOREIGN TABLE obj.far (a integer OPTIONS (x 'y')) SERVER obj_server;

ALTER TABLE obj.people OWNER TO obj_owner;
ALTER TABLE obj.parts OWNER TO obj_owner;
ALTER FUNCTION obj.on_change() OWNER TO obj_owner;
ALTER TYPE obj.mood OWNER TO obj_owner;
ALTER MATERIALIZED VIEW obj.first OWNER TO obj_owner;
ALTER PUBLICATION obj_all OWNER TO obj_owner;
GRANT SELECT (name), UPDATE (age) ON obj.people TO "obj ""odd"" role" WITH GRANT OPTION;
GRANT USAGE ON SCHEMA obj TO PUBLIC;
GRANT ALL ON SEQUENCE obj.counter TO "obj ""odd"" role";
REVOKE EXECUTE ON FUNCTION obj.on_change() FROM PUBLIC;
GRANT USAGE ON TYPE obj.mood TO "obj ""odd"" role";
GRANT USAGE ON FOREIGN SERVER obj_server TO obj_owner;
ALTER DEFAULT PRIVILEGES FOR ROLE obj_owner IN SCHEMA obj GRANT SELECT ON TABLES TO "obj ""odd"" role";
ALTER DEFAULT PRIVILEGES FOR ROLE obj_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
COMMENT ON FUNCTION obj.on_change() IS 'a function';
COMMENT ON EXTENSION pg_trgm IS 'another comment';
CREATE EVENT TRIGGER obj_no_ddl ON ddl_command_start WHEN TAG IN ('CREATE INDEX', 'REFRESH MATERIALIZED VIEW', 'GRANT') EXECUTE FUNCTION obj.on_ddl();
COMMENT ON EVENT TRIGGER obj_no_ddl IS 'an event trigger';
