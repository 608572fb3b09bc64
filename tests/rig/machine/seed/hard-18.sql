-- What only PostgreSQL 18 has.
CREATE TABLE hard.computed_on_reading (a integer, doubled integer GENERATED ALWAYS AS (a * 2) VIRTUAL, b text);
INSERT INTO hard.computed_on_reading (a, b) SELECT n, 'v' || n FROM generate_series(1, 40) n;
CREATE TABLE hard.without_overlaps (id integer, valid daterange, PRIMARY KEY (id, valid WITHOUT OVERLAPS));
INSERT INTO hard.without_overlaps VALUES (1, '[2024-01-01,2025-01-01)'), (1, '[2025-01-01,)');
CREATE TABLE hard.named_not_null (a integer CONSTRAINT "must ""be"" there" NOT NULL, b integer CHECK (b > 0) NOT ENFORCED);
INSERT INTO hard.named_not_null VALUES (1, 1), (2, -2);
