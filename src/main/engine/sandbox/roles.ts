import { randomBytes } from 'node:crypto'
import type { Client } from 'pg'
import { roleNames } from './sandbox.ts'
import type { Passwords } from './session.ts'

/** Passwords that only this process knows. Letters and digits: they pass files, lines and SQL as they are. */
export function freshPasswords(): Passwords {
  const one = (): string => randomBytes(24).toString('hex')
  return { admin: one(), loader: one(), reader: one() }
}

/**
 * Makes the loader and the reader. The reader may read all, whatever the dump's policies say, and nothing else.
 * @param superuser whether the loader is one; else it owns nothing at first, and admin makes roles and databases for it
 */
export async function makeRoles(admin: Client, passwords: Passwords, superuser: boolean): Promise<void> {
  const power = superuser ? 'SUPERUSER' : 'NOSUPERUSER NOCREATEDB NOCREATEROLE'
  await admin.query(
    `CREATE ROLE ${roleNames.loader} LOGIN ${power} BYPASSRLS PASSWORD '${passwords.loader}';
     CREATE ROLE ${roleNames.reader} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION BYPASSRLS PASSWORD '${passwords.reader}';
     ALTER ROLE ${roleNames.reader} SET default_transaction_read_only = on`,
  )
  const { rows } = await admin.query(`SELECT FROM pg_catalog.pg_roles WHERE rolname = 'pg_read_all_data'`)
  if (rows.length > 0) await admin.query(`GRANT pg_read_all_data TO ${roleNames.reader}`)
}
