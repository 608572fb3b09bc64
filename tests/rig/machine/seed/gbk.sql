-- For a database in UTF8 that is to be dumped with --encoding GBK: the second byte of some of these characters is a backslash
-- in that encoding (5C), of others the byte of a `|`, a `}` or a `~`.
CREATE TABLE gbk_traps (id integer PRIMARY KEY, t text NOT NULL, u text);
INSERT INTO gbk_traps SELECT n, (ARRAY['乗俓僜刓', '誠', '許功蓋', '齖', E'乗\t俓\\僜\n'])[1 + n % 5], CASE WHEN n % 3 > 0 THEN '乗' END
FROM generate_series(1, 500) n;
CREATE TABLE "乗俓" ("刓" text);
INSERT INTO "乗俓" VALUES ('乗'), (E'\\乗'), (E'乗\\'), (NULL);
