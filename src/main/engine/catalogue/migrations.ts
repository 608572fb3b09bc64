import type Sqlite from 'better-sqlite3'
import { LifeboatFailure } from '#shared/failure.ts'

/**
 * One entry for each version of the tables, oldest first. An entry that was released is never changed.
 * STRICT and CHECK are not decoration: they are how a flipped byte is told from a value.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE servers (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    server TEXT NOT NULL CHECK (json_valid(server))
  ) STRICT;
  CREATE TABLE databases (
    id TEXT PRIMARY KEY,
    server_id TEXT NOT NULL REFERENCES servers (id) ON DELETE CASCADE,
    label TEXT NOT NULL,
    database TEXT NOT NULL CHECK (json_valid(database)),
    UNIQUE (server_id, label)
  ) STRICT;
  CREATE TABLE pins (
    host TEXT NOT NULL,
    port INTEGER NOT NULL,
    type TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    added_at TEXT NOT NULL,
    PRIMARY KEY (host, port, type)
  ) STRICT;
  CREATE TABLE renames (
    seq INTEGER PRIMARY KEY,
    server TEXT NOT NULL,
    label TEXT,
    new_name TEXT NOT NULL,
    at TEXT NOT NULL
  ) STRICT;
  CREATE TABLE settings (one INTEGER PRIMARY KEY CHECK (one = 1), settings TEXT NOT NULL CHECK (json_valid(settings))) STRICT;
  CREATE TABLE server_tests (
    server_id TEXT PRIMARY KEY REFERENCES servers (id) ON DELETE CASCADE,
    test TEXT NOT NULL CHECK (json_valid(test))
  ) STRICT;
  CREATE TABLE jobs (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled', 'interrupted')),
    subject TEXT NOT NULL,
    seconds REAL,
    pid INTEGER NOT NULL,
    start_token TEXT NOT NULL,
    job TEXT NOT NULL CHECK (json_valid(job))
  ) STRICT;
  CREATE INDEX jobs_by_subject ON jobs (kind, subject, seq);
  CREATE INDEX jobs_by_state ON jobs (state);
  CREATE TABLE job_log (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    at TEXT NOT NULL,
    text TEXT NOT NULL
  ) STRICT;
  CREATE INDEX job_log_by_job ON job_log (job_id, seq);
  CREATE TABLE copies (
    id TEXT PRIMARY KEY,
    server TEXT NOT NULL,
    label TEXT NOT NULL,
    file TEXT NOT NULL,
    manifest_file TEXT NOT NULL UNIQUE,
    folder TEXT NOT NULL,
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    taken_at TEXT NOT NULL,
    stored_at TEXT NOT NULL,
    origin TEXT NOT NULL CHECK (origin IN ('dump', 'backup')),
    source_path TEXT,
    source_modified_at TEXT,
    compression TEXT NOT NULL,
    format TEXT NOT NULL,
    server_version TEXT,
    dump_version TEXT,
    table_count INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    needs TEXT NOT NULL CHECK (json_valid(needs)),
    proofs TEXT NOT NULL CHECK (json_valid(proofs)),
    last_proof_at TEXT,
    look TEXT NOT NULL CHECK (look IN ('same', 'missing', 'changed', 'unsure')),
    look_detail TEXT NOT NULL,
    looked_at TEXT NOT NULL,
    seen_modified_ms REAL NOT NULL,
    rung TEXT CHECK (rung IN ('stored', 'readable', 'restored', 'exact', 'rehearsed')),
    rung_order INTEGER NOT NULL,
    face TEXT NOT NULL CHECK (face IN ('proven', 'damaged', 'not-checked')),
    words TEXT NOT NULL,
    checksum INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX copies_by_time ON copies (taken_at, stored_at, id);
  CREATE INDEX copies_by_database ON copies (server, label, taken_at);
  CREATE INDEX copies_by_source ON copies (server, label, source_path);
  CREATE INDEX copies_by_content ON copies (sha256);
  CREATE INDEX copies_by_folder ON copies (folder);
  `,
  `
  CREATE TABLE drifts (
    database_id TEXT PRIMARY KEY REFERENCES databases (id) ON DELETE CASCADE,
    drift TEXT NOT NULL CHECK (json_valid(drift))
  ) STRICT;
  `,
  `
  CREATE TABLE manifest_times (
    copy_id TEXT PRIMARY KEY,
    modified_ms REAL NOT NULL
  ) STRICT;
  `,
  // of the pins that are there nobody kept the way: that stays NULL, which is not the empty one of a direct connection
  `
  ALTER TABLE pins RENAME TO pins_without_way;
  CREATE TABLE pins (
    host TEXT NOT NULL,
    port INTEGER NOT NULL,
    way TEXT,
    type TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    added_at TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX pins_by_place ON pins (host, port, ifnull(way, ''), type);
  INSERT INTO pins SELECT host, port, NULL, type, key, fingerprint, added_at FROM pins_without_way;
  DROP TABLE pins_without_way;
  `,
]

export const newestVersion = migrations.length

/** Tables of a catalogue that is not up to date are brought there in one step; one that is newer than us is left alone. */
export function migrate(database: Sqlite.Database): void {
  const version = (): number => Number(database.pragma('user_version', { simple: true }))
  if (version() === newestVersion) return
  database
    .transaction(() => {
      // another process may have done it while we waited
      const from = version()
      if (from > newestVersion) throw newerOrFlipped(database, from)
      for (const step of migrations.slice(from)) database.exec(step)
      database.pragma(`user_version = ${newestVersion}`)
      // a second place for the same number: a flipped byte can not change both
      database.prepare(`INSERT OR REPLACE INTO meta VALUES ('version', ?)`).run(String(newestVersion))
    })
    .immediate()
}

function newerOrFlipped(database: Sqlite.Database, version: number): LifeboatFailure {
  const second = database.prepare(`SELECT value FROM meta WHERE key = 'version'`).pluck().get()
  if (second !== String(version)) return new LifeboatFailure('catalogue-corrupt', 'it does not know its own version')
  return new LifeboatFailure(
    'invalid-input',
    `This catalogue was written by a newer Lifeboat (version ${version} of its tables, this one knows ${newestVersion}). Update Lifeboat.`,
  )
}
