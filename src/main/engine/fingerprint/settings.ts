/**
 * The settings that change how PostgreSQL writes a value, as every side pins them before it counts: the sandbox, the
 * source, and `pg_dump` when Lifeboat runs it.
 */
export const fingerprintSettings: Readonly<Record<string, string>> = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  extra_float_digits: '3',
  bytea_output: 'hex',
  // decides how the name of a table looks in a column of type regclass
  quote_all_identifiers: 'off',
  search_path: '',
  // else a policy could hide rows; with `off` a session that may not see them all gets an error
  row_security: 'off',
}

/** Statements that pin these settings for a session, or with `local` for its transaction. */
export function pinSettings(settings = fingerprintSettings, scope: 'session' | 'local' = 'session'): string {
  const set = scope === 'local' ? 'SET LOCAL' : 'SET'
  return Object.entries(settings)
    .map(([name, value]) => `${set} ${name} = '${value.replaceAll("'", "''")}';`)
    .join(' ')
}
