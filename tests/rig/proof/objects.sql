-- Objects of every kind that a dump may create, to be changed one by one. For PostgreSQL 15 and newer.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'proof_app') THEN CREATE ROLE proof_app NOLOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'proof "odd" role') THEN CREATE ROLE "proof ""odd"" role" NOLOGIN; END IF;
END $$;
DROP EXTENSION plpgsql;
CREATE EXTENSION plpgsql;
CREATE SCHEMA app;
CREATE SCHEMA "Odd ""schema""";
CREATE EXTENSION citext;
CREATE TYPE app.state AS ENUM ('new', 'it''s paid', 'sent');
CREATE TYPE app.nothing AS ENUM ();
CREATE TYPE app.pair AS (a integer, "B b" text COLLATE "C");
CREATE TYPE app.span AS RANGE (subtype = numeric);
CREATE DOMAIN app.code AS varchar(10) DEFAULT 'x' NOT NULL CONSTRAINT short CHECK (length(VALUE) < 8 AND VALUE IN ('x', 'y', 'zz'));

CREATE TABLE app.customers (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email citext UNIQUE, name varchar(40) NOT NULL DEFAULT 'nobody',
  kind varchar(8) DEFAULT 'a', code app.code, tags text[] DEFAULT '{}', full_name text GENERATED ALWAYS AS (name || ' !') STORED,
  note text COLLATE "C", created timestamp(3) with time zone DEFAULT now(), "Odd ""col""" double precision DEFAULT 1.5,
  -- written out and read again, these look different: the cast moves into the list
  CONSTRAINT kinds CHECK (kind IN ('a', 'b', 'c')), CONSTRAINT named CHECK (name <> '' AND length(name::text) > 0)
);
CREATE TABLE app.orders (
  id serial PRIMARY KEY, customer integer NOT NULL REFERENCES app.customers (id) ON DELETE CASCADE, state app.state DEFAULT 'new',
  total numeric(10, 2), placed date, during tstzrange, EXCLUDE USING gist (during WITH &&) WHERE (state <> 'sent')
);
ALTER TABLE app.orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;
CREATE INDEX orders_by_state ON app.orders (state, lower(total::text) DESC) WHERE state IN ('new', 'sent');
CREATE INDEX customers_by_name ON app.customers (lower(name), kind COLLATE "C" varchar_pattern_ops) INCLUDE (note) WHERE kind IN ('a', 'b');
CREATE UNIQUE INDEX "odd; index" ON app.customers ("Odd ""col""") NULLS NOT DISTINCT WITH (fillfactor = 70);
INSERT INTO app.customers (email, name, "Odd ""col""") SELECT 'c' || i || '@x', 'n' || i, i FROM generate_series(1, 20) i;
INSERT INTO app.orders (customer, total, placed) SELECT i, i * 1.5, date '2024-01-01' + i FROM generate_series(1, 20) i;
CREATE SEQUENCE app.numbers INCREMENT 5 MINVALUE -100 MAXVALUE 1000 CACHE 3 CYCLE;
SELECT nextval('app.numbers');
CREATE SEQUENCE app.fresh START 7;
CREATE SEQUENCE app.down INCREMENT -1;

CREATE TABLE app.events (at date NOT NULL, what text, n integer) PARTITION BY RANGE (at);
CREATE TABLE app.events_23 PARTITION OF app.events FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE app.events_rest PARTITION OF app.events DEFAULT;
CREATE INDEX events_by_at ON app.events (at);
CREATE TABLE app.base (id integer, t text);
CREATE TABLE app.heir (extra integer) INHERITS (app.base);
CREATE TABLE app.typed OF app.pair;

CREATE VIEW app.big AS SELECT id, total, CASE WHEN state IN ('new', 'sent') THEN 'open' END AS "o O" FROM app.orders WHERE total > 10;
CREATE VIEW app.checked WITH (security_barrier) AS SELECT * FROM app.base WHERE id > 0 WITH CASCADED CHECK OPTION;
CREATE VIEW app.varchars AS SELECT id FROM app.customers WHERE kind IN ('a', 'b') OR name IN ('x', 'y');
CREATE RECURSIVE VIEW app.counting (n) AS SELECT 1 UNION ALL SELECT n + 1 FROM counting WHERE n < 5;
CREATE MATERIALIZED VIEW app.totals AS SELECT customer, sum(total) AS s FROM app.orders GROUP BY customer;
CREATE UNIQUE INDEX totals_key ON app.totals (customer);
CREATE MATERIALIZED VIEW app.unfilled AS SELECT 1 AS one WITH NO DATA;
-- two views that need each other's shape: one is first made without its query
CREATE VIEW app.grouped AS SELECT id, name FROM app.customers GROUP BY id;

CREATE FUNCTION app.add(a integer, b integer DEFAULT 2) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS 'SELECT a + b';
CREATE FUNCTION app.add(a text, b text) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER AS $f$ BEGIN RETURN a || ';' || b; END $f$;
CREATE FUNCTION app.atomic(a integer) RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN a IN (1, 2) THEN 1 ELSE 2 END; END;
CREATE FUNCTION app.short() RETURNS integer LANGUAGE sql RETURN 1 + 1;
CREATE PROCEDURE app.touch(INOUT x integer) LANGUAGE plpgsql AS 'BEGIN x := x + 1; END';
CREATE AGGREGATE app.product(numeric) (SFUNC = numeric_mul, STYPE = numeric);
CREATE FUNCTION app.stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := 'x'; RETURN NEW; END $$;
CREATE TRIGGER stamp BEFORE UPDATE OF name ON app.customers FOR EACH ROW WHEN (NEW.kind IN ('a', 'b')) EXECUTE FUNCTION app.stamp();
CREATE TRIGGER off BEFORE INSERT ON app.customers FOR EACH ROW EXECUTE FUNCTION app.stamp();
ALTER TABLE app.customers DISABLE TRIGGER off;
CREATE CONSTRAINT TRIGGER later AFTER INSERT ON app.orders DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE RULE quiet AS ON DELETE TO app.base WHERE OLD.id IN (1, 2) DO INSTEAD NOTHING;
ALTER TABLE app.customers ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.orders FORCE ROW LEVEL SECURITY;
CREATE POLICY mine ON app.customers FOR UPDATE TO proof_app, "proof ""odd"" role" USING (kind IN ('a', 'b')) WITH CHECK (note = current_user);
CREATE POLICY all_of_it ON app.orders AS RESTRICTIVE USING (true);
CREATE STATISTICS app.stats (ndistinct, dependencies) ON customer, state FROM app.orders;
CREATE OPERATOR app.=== (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq);
CREATE OPERATOR FAMILY app.fam USING btree;
CREATE OPERATOR CLASS app.ops FOR TYPE app.pair USING btree FAMILY app.fam AS STORAGE app.pair;
CREATE CAST (app.pair AS text) WITH INOUT;
CREATE COLLATION app.bytes (provider = libc, locale = 'C');
CREATE CONVERSION app.conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE TEXT SEARCH CONFIGURATION app.search (COPY = simple);
CREATE TEXT SEARCH DICTIONARY app.dict (TEMPLATE = simple);
CREATE FOREIGN DATA WRAPPER wrapper;
CREATE SERVER away FOREIGN DATA WRAPPER wrapper;
CREATE FOREIGN TABLE app.remote (id integer NOT NULL, t text DEFAULT 'r') SERVER away;
CREATE PUBLICATION changes FOR TABLE app.base, app.orders WHERE (id > 5);
CREATE PUBLICATION whole FOR TABLES IN SCHEMA "Odd ""schema""";
CREATE FUNCTION app.watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN NULL; END';
CREATE EVENT TRIGGER proof_watch ON ddl_command_end WHEN TAG IN ('CREATE SERVER') EXECUTE FUNCTION app.watch();
ALTER EVENT TRIGGER proof_watch DISABLE;
CREATE TABLE "Odd ""schema"""."Table; --" ("a.b" integer PRIMARY KEY, "c""d" serial);

GRANT USAGE ON SCHEMA app TO proof_app;
GRANT SELECT, INSERT ON app.orders TO proof_app, "proof ""odd"" role";
GRANT SELECT ON app.customers TO proof_app WITH GRANT OPTION;
GRANT UPDATE (name), SELECT (note) ON app.customers TO PUBLIC;
GRANT ALL ON app.base TO proof_app;
GRANT USAGE ON SEQUENCE app.numbers TO proof_app;
REVOKE ALL ON FUNCTION app.add(integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.add(integer, integer) TO proof_app;
GRANT USAGE ON TYPE app.state TO proof_app;
GRANT USAGE ON FOREIGN SERVER away TO proof_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO proof_app;
ALTER DEFAULT PRIVILEGES GRANT ALL ON FUNCTIONS TO "proof ""odd"" role";
-- as in a database that was once restored with --clean
COMMENT ON EXTENSION plpgsql IS 'ours';
COMMENT ON SCHEMA public IS 'ours too';
COMMENT ON TABLE app.orders IS 'it''s; a "comment"';
COMMENT ON COLUMN app.orders.total IS 'money';
COMMENT ON CONSTRAINT kinds ON app.customers IS 'IS';
SELECT lo_from_bytea(0, 'x'), lo_from_bytea(0, '');
DO $$ DECLARE lo oid; BEGIN lo := lo_from_bytea(0, 'y'); EXECUTE format('GRANT SELECT ON LARGE OBJECT %s TO proof_app', lo); END $$;
