import type { DumpPlan } from '../dump/plan.ts'
import { nameAfter, newOwner, quoteName } from './names.ts'
import type { Session } from './session.ts'

/**
 * Makes the roles that a dump names and those that it creates itself: without login and password, since nobody is to
 * come in by them. Those that own something become superusers, where `superusers` allows: event triggers need one, and
 * what a view reads is read by its owner, whose own power and memberships are not in the dump.
 * @returns the roles that were not there before
 */
export async function makeRoles(admin: Session, plan: DumpPlan, superusers: boolean): Promise<string[]> {
  const owners = new Set<string>()
  const wanted = new Set(plan.report.roles)
  for (const step of plan.steps) {
    if (step.step !== 'statement') continue
    const created = step.kind === 'CREATE ROLE' ? nameAfter('CREATE ROLE', step.text) : null
    if (created !== null) wanted.add(created)
    const owner = superusers && step.kind.startsWith('ALTER ') ? newOwner(step.text) : null
    if (owner !== null) owners.add(owner)
  }
  const made: string[] = []
  for (const role of wanted) {
    // of those that PostgreSQL brings along there is nothing to make
    if (role.startsWith('pg_')) continue
    const power = owners.has(role) ? ' SUPERUSER' : ''
    if (await exists(admin, role)) {
      if (power) await admin.run(Buffer.from(`ALTER ROLE ${quoteName(role)}${power}`))
      continue
    }
    await admin.run(Buffer.from(`CREATE ROLE ${quoteName(role)} NOLOGIN${power}`))
    made.push(role)
  }
  return made
}

async function exists(admin: Session, role: string): Promise<boolean> {
  const { rows } = await admin.client.query('SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = $1', [role])
  return rows.length > 0
}
