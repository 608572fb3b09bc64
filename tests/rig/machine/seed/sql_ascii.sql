-- For a database in SQL_ASCII, which takes any bytes: GBK, LATIN1 and UTF-8 stand side by side, as old databases have them.
CREATE TABLE bytes_of_all_kinds (id integer PRIMARY KEY, kind text NOT NULL, t text NOT NULL);
INSERT INTO bytes_of_all_kinds VALUES
  (1, 'gbk', E'\xC4\xE3\xBA\xC3'), (2, 'gbk with a backslash as second byte', E'\x81\x5C\x81\x5C'), (3, 'latin1', E'caf\xE9'),
  (4, 'utf-8', E'\xE4\xBD\xA0'), (5, 'nothing known', E'\xFF\xFE\x80\x81'), (6, 'escapes', E'a\tb\nc\\d'), (7, 'cut utf-8', E'\xE4\xBD');
INSERT INTO bytes_of_all_kinds SELECT 1000 + n, 'ascii', md5(n::text) FROM generate_series(1, 300) n;
