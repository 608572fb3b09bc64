/** What the server of a sandbox may use, in bytes. */
export type ServerRoom = { memory: number; cpus: number; dataInMemory: boolean }

const mb = 1024 * 1024
const inMb = (bytes: number): string => `${Math.floor(bytes / mb)}MB`
const between = (low: number, value: number, high: number): number => Math.max(low, Math.min(value, high))

/**
 * Settings of a server whose data nobody will miss: it never waits for a disk, and it keeps no WAL beyond what a
 * transaction needs. Every one of them exists since PostgreSQL 13.
 */
export function throwAwaySettings({ memory, cpus, dataInMemory }: ServerRoom): Record<string, string> {
  return {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    autovacuum: 'off',
    wal_level: 'minimal',
    max_wal_senders: '0',
    // WAL is kept until the next checkpoint, and in memory it would take the place of the data
    max_wal_size: dataInMemory ? '1GB' : '8GB',
    checkpoint_timeout: '1d',
    // few, and used over and over: the system's own cache has the data anyway, and in a large pool each page is new memory,
    // which costs more than all else that COPY does with it
    shared_buffers: '64MB',
    maintenance_work_mem: inMb(between(64 * mb, memory / 12, 1024 * mb)),
    work_mem: inMb(between(8 * mb, memory / 128, 64 * mb)),
    max_connections: '60',
    // a dump in one transaction locks each of its tables, indexes and TOAST tables: 20,000 tables are 100,000 locks
    max_locks_per_transaction: '4096',
    // twice as many as processors: two large tables are read at once, and whoever is left alone goes on with all of them
    max_parallel_workers: String(between(4, 2 * cpus, 8)),
    max_parallel_maintenance_workers: String(between(1, cpus, 4)),
    jit: 'off',
    // a server that died in the middle is lost: it must not come back as another one
    restart_after_crash: 'off',
    // its log would hold rows of the dump; only its own life is of interest
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
    lc_messages: 'C',
    password_encryption: 'scram-sha-256',
  }
}

/** Text that a server writes is compared with the dump's: everything that changes it is the same in each session. */
const sameText: Record<string, string> = {
  TimeZone: 'UTC',
  DateStyle: 'ISO,YMD',
  IntervalStyle: 'postgres',
  extra_float_digits: '3',
  bytea_output: 'hex',
  row_security: 'off',
  search_path: '',
}

/** What the code of a dump may have set for its database, and would end our own work in the middle. */
const undisturbed: Record<string, string> = {
  statement_timeout: '0',
  lock_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  default_transaction_read_only: 'off',
}

/** Settings of a session, as the startup packet's `options`; they outweigh what a dump sets for a role or a database. */
export function sessionOptions(more: Record<string, string>): string {
  const settings = { ...sameText, ...undisturbed, ...more }
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value.replaceAll(/[\\ ]/g, '\\$&')}`)
    .join(' ')
}
