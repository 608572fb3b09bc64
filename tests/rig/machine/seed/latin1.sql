-- For a database in LATIN1.
CREATE TABLE letters (n integer PRIMARY KEY, t text NOT NULL);
INSERT INTO letters SELECT n, chr(n) || 'x' || chr(n) FROM generate_series(160, 255) n;
CREATE TABLE "Straße" ("größe" text);
INSERT INTO "Straße" VALUES ('naïve'), ('Müller & Söhne'), (E'tab\tß\\');
