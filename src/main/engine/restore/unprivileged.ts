import type { PlannedStatement } from '../dump/plan.ts'
import { roleNames } from '../sandbox/sandbox.ts'
import { disableEventTrigger, nameAfter, newOwner, quoteName } from './names.ts'
import type { Decision } from './rules.ts'
import type { Session } from './session.ts'

/** Extensions of PostgreSQL itself that give nobody a way out of the server. */
const harmless = new Set(
  (
    'amcheck bloom btree_gin btree_gist citext cube dict_int dict_xsyn earthdistance fuzzystrmatch hstore intagg intarray ' +
    'isn lo ltree pg_trgm pgcrypto seg tablefunc tcn tsm_system_rows tsm_system_time unaccent uuid-ossp xml2'
  ).split(' '),
)

/** `CREATE EVENT TRIGGER name ON event [WHEN TAG IN ('…', …)] EXECUTE FUNCTION schema.name();` and nothing else. */
const eventTrigger =
  /^CREATE EVENT TRIGGER ("(?:[^"]|"")+"|\w+) ON \w+\s+(?:WHEN TAG IN \((?:'[A-Z ]+'(?:, )?)+\)\s+)?EXECUTE (?:FUNCTION|PROCEDURE) (?:"(?:[^"]|"")+"|\w+)\.(?:"(?:[^"]|"")+"|\w+)\(\);$/

/**
 * Does for the loader of one database what it may not do itself where it is no superuser. Nothing of the dump's own text
 * is run by the superuser, but for the one strict form above.
 */
export class Unprivileged {
  private readonly admin: Session
  private readonly database: string
  private readonly owners: readonly string[]
  private readonly schemas: string[] = []

  /** `owners`: the roles that the dump gives its objects to. */
  constructor(admin: Session, database: string, owners: readonly string[]) {
    this.admin = admin
    this.database = database
    this.owners = owners
  }

  /** To give an object to a role, the role must be allowed to make one there. */
  async prepare(): Promise<void> {
    const to = this.owners.map(quoteName).join(', ')
    const loader = quoteName(roleNames.loader)
    const database = quoteName(this.database)
    await this.run(`ALTER DATABASE ${database} OWNER TO ${loader}`)
    if (this.owners.length === 0) return
    await this.run(`GRANT ${to} TO ${loader}; GRANT CREATE ON DATABASE ${database} TO ${to}`)
    // most owners were superusers, whose views and indexes read what they like
    await this.run(`GRANT pg_read_all_data TO ${to}`)
    await this.run(this.allow('public'))
  }

  /** Takes back what was allowed in the schemas: from here on the dump says itself who may do what. */
  async takeBack(): Promise<void> {
    const from = this.owners.map(quoteName).join(', ')
    for (const schema of this.schemas.splice(0)) {
      await this.run(`REVOKE CREATE ON SCHEMA ${quoteName(schema)} FROM ${from}`).catch(() => {})
    }
  }

  decide(step: PlannedStatement): Decision | null {
    const { kind, text } = step
    switch (kind) {
      case 'CREATE SCHEMA': {
        const schema = nameAfter('CREATE SCHEMA(?: IF NOT EXISTS)?', text)
        if (schema === null || this.owners.length === 0) return null
        return { do: 'send', bytes: Buffer.from(`${text}\n${this.allow(schema)};`), alone: false }
      }
      case 'CREATE EXTENSION':
        return this.extension(text)
      case 'CREATE EVENT TRIGGER':
      case 'ALTER EVENT TRIGGER':
        return this.aboutEventTrigger(text)
      case 'GRANT':
      case 'REVOKE':
        if (this.schemas.length === 0 || !/ ON SCHEMA /.test(text)) return null
        return { do: 'send', bytes: Buffer.from(text), alone: false, first: () => this.takeBack() }
    }
    return null
  }

  private extension(text: string): Decision {
    const name = nameAfter('CREATE EXTENSION(?: IF NOT EXISTS)?', text) ?? ''
    const schema = nameAfter('.* WITH SCHEMA', text)
    if (name === 'plpgsql') return { do: 'nothing' }
    if (!harmless.has(name)) {
      const why = `the embedded PostgreSQL does not take the extension ${name}: use Docker with an image that has it`
      return { do: 'leave out', why, missing: `the extension ${name}` }
    }
    const where = schema === null ? '' : ` WITH SCHEMA ${quoteName(schema)}`
    return {
      do: 'other work',
      work: () => this.run(`CREATE EXTENSION IF NOT EXISTS ${quoteName(name)}${where}`),
    }
  }

  private aboutEventTrigger(text: string): Decision {
    const created = eventTrigger.exec(text)?.[1]
    if (created !== undefined) {
      return {
        do: 'other work',
        work: async () => {
          // the extended protocol takes one statement, whatever the text holds
          await this.admin.client.query({ text, values: [] })
          await this.run(disableEventTrigger(nameAfter('CREATE EVENT TRIGGER', text) ?? ''))
        },
      }
    }
    const name = nameAfter('ALTER EVENT TRIGGER', text)
    const owner = newOwner(text)
    if (name === null || owner === null || !this.owners.includes(owner)) {
      return { do: 'leave out', why: 'event triggers stay off in a sandbox' }
    }
    const role = quoteName(owner)
    const give = `ALTER EVENT TRIGGER ${quoteName(name)} OWNER TO ${role}`
    return {
      do: 'other work',
      work: () => this.run(`ALTER ROLE ${role} SUPERUSER; ${give}; ALTER ROLE ${role} NOSUPERUSER`),
    }
  }

  private allow(schema: string): string {
    this.schemas.push(schema)
    return `GRANT CREATE ON SCHEMA ${quoteName(schema)} TO ${this.owners.map(quoteName).join(', ')}`
  }

  private run(sql: string): Promise<void> {
    return this.admin.run(Buffer.from(sql))
  }
}
