-- Names that break whoever builds or cuts SQL by hand. For PostgreSQL 15 and newer.
CREATE SCHEMA "odd.schema with ""quotes""";
CREATE SCHEMA "模式 🚀";
CREATE SCHEMA "select";

CREATE TABLE "odd.schema with ""quotes"""."a.b" ("c.d" integer, """" text, "line
break" text);
INSERT INTO "odd.schema with ""quotes"""."a.b" VALUES (1, 'quote', 'nl'), (2, NULL, E'\n');
CREATE TABLE "模式 🚀"."表 👩‍👩‍👧 名" ("列" serial, " leading and trailing " text, "tab	in it" text);
INSERT INTO "模式 🚀"."表 👩‍👩‍👧 名" (" leading and trailing ") VALUES ('值'), (''), (NULL);
CREATE TABLE "select"."table" ("from" integer, "where" text, "COPY" text);
INSERT INTO "select"."table" VALUES (1, 'x', 'y');

CREATE TABLE hard."UPPER" ("Mixed" integer);
CREATE TABLE hard."upper" ("mixed" integer);
INSERT INTO hard."UPPER" VALUES (1);
INSERT INTO hard."upper" VALUES (2), (3);
CREATE TABLE hard."back\slash\n" ("\." text, "\N" text);
INSERT INTO hard."back\slash\n" VALUES (E'\\.', E'\\N');
CREATE TABLE hard."semi;colon -- comment /* block" ("a;b" integer, "--" integer, "/*" integer, "$$" integer, "$tag$" integer);
INSERT INTO hard."semi;colon -- comment /* block" VALUES (1, 2, 3, 4, 5);
CREATE TABLE hard."(a, b) FROM stdin;" (") FROM stdin;" text);
INSERT INTO hard."(a, b) FROM stdin;" VALUES ('x'), ('y');
CREATE TABLE hard."t
COPY hard.nowhere (a) FROM stdin;
\.
" (a integer);
INSERT INTO hard."t
COPY hard.nowhere (a) FROM stdin;
\.
" VALUES (7);
CREATE TABLE hard."%s %I $(id) `id` ${HOME} ; rm -rf ~" (a integer);
INSERT INTO hard."%s %I $(id) `id` ${HOME} ; rm -rf ~" VALUES (1);
CREATE TABLE hard."../../etc/passwd" (a integer);
INSERT INTO hard."../../etc/passwd" VALUES (1);
CREATE TABLE hard."<script>alert(1)</script>" (a integer);
INSERT INTO hard."<script>alert(1)</script>" VALUES (1);
CREATE TABLE hard.sixty_three_bytes_long_name_sixty_tree_bytes_long_name_sixty_th (a integer);
INSERT INTO hard.sixty_three_bytes_long_name_sixty_tree_bytes_long_name_sixty_th VALUES (1);
CREATE TABLE hard."二十一个汉字恰好六十三个字节的表名不多不少" ("二十一个汉字恰好六十三个字节的列名不多不少" integer);
INSERT INTO hard."二十一个汉字恰好六十三个字节的表名不多不少" VALUES (1);
CREATE TABLE hard." " (" " integer, "  " integer);
INSERT INTO hard." " VALUES (1, 2);
DO $$ BEGIN
  -- A bidi override, a zero-width space and an escape character: what a list must not let through to a screen.
  EXECUTE format('CREATE TABLE hard.%I (%I integer)', U&'safe\202Egpj.exe\202C', E'\x1b[31mred');
  EXECUTE format('INSERT INTO hard.%I VALUES (1), (2)', U&'safe\202Egpj.exe\202C');
  EXECUTE format('CREATE TABLE hard.%I (a integer)', U&'zero\200Bwidth');
  EXECUTE format('CREATE TABLE hard.%I (a integer)', 'zerowidth');
END $$;
