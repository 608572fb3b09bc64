-- A large database of text as applications have it. Variable: mb, about its size in megabytes; a plain dump of it has a fifth less.
SET synchronous_commit = off;
SELECT setseed(0.7);
CREATE TEMPORARY TABLE paragraph AS
  SELECT k, (SELECT string_agg((ARRAY['the', 'agent', 'answers', 'from', 'its', 'sources', '用户', '的问题', 'and', 'cites', '引用', 'where', 'it',
    'found', 'them', 'never', 'guesses', '根据', 'policy', 'section', 'contract', 'amount', '合同', 'of', 'a', 'to', 'in', 'with'])[1 + floor(random() * 28)::int], ' ')
    FROM generate_series(1, 60 + k % 40)) AS t
  FROM generate_series(0, 999) k;
ANALYZE paragraph;

CREATE TABLE document (
  id bigint NOT NULL, uuid uuid NOT NULL, title text NOT NULL, body text NOT NULL, spec jsonb NOT NULL, score double precision,
  created_at timestamptz NOT NULL
);
INSERT INTO document
SELECT n, md5(n::text)::uuid, 'Document №' || n, a.t || E'\n' || md5((n * 3)::text) || ' ' || b.t,
       jsonb_build_object('version', n % 17, 'checksum', md5((n * 5)::text), '标签', jsonb_build_array(n % 7, 'x' || n % 11)),
       random() * 100, timestamptz '2022-01-01' + n * interval '41 seconds'
FROM generate_series(1, :mb * 650) n JOIN paragraph a ON a.k = n % 1000 JOIN paragraph b ON b.k = (n * 7919::bigint) % 1000;
ALTER TABLE document ADD PRIMARY KEY (id);

CREATE TABLE event (id bigint NOT NULL, at timestamptz NOT NULL, kind text NOT NULL, value numeric(12, 3), payload bytea);
INSERT INTO event
SELECT n, timestamptz '2022-01-01' + n * interval '7.31 seconds', (ARRAY['view', 'edit', 'search', '导出'])[1 + n % 4], (random() * 1e6)::numeric(12, 3),
       CASE WHEN n % 4 = 0 THEN decode(md5(n::text), 'hex') END
FROM generate_series(1, :mb * 2000) n;
ALTER TABLE event ADD PRIMARY KEY (id);
CREATE INDEX event_at ON event (at);
