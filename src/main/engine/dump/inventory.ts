import {
  createdExtension,
  createdRole,
  databaseTimeZone,
  readSetting,
  rolesIn,
  statementKind,
  type Token,
} from './statement.ts'

/** Statements that give to a role what PostgreSQL lets none but a superuser own. */
const superuserOwned = new Set(['ALTER EVENT TRIGGER', 'ALTER FOREIGN DATA WRAPPER'])

/** What the statements of a dump say beside the rows: how many of each kind, and what they need. */
export class Inventory {
  largeObjects = 0
  /** The zone that the dump gives to its database or session. */
  timeZone: string | null = null
  /** Where a table without a schema lies. */
  schema = 'public'
  private readonly statements = new Map<string, number>()
  private readonly roles = new Set<string>()
  private readonly superusers = new Set<string>()
  private readonly ownRoles = new Set<string>()
  private readonly extensions = new Set<string>()

  /** Takes a whole statement into account and says of which kind it is. */
  take(tokens: readonly Token[]): string {
    const kind = statementKind(tokens)
    this.count(kind)
    for (const role of rolesIn(kind, tokens)) {
      this.roles.add(role)
      if (superuserOwned.has(kind)) this.superusers.add(role)
    }
    if (kind === 'SELECT lo_create') this.largeObjects++
    else if (kind === 'CREATE ROLE') this.ownRoles.add(createdRole(tokens) ?? '')
    else if (kind === 'CREATE EXTENSION') this.extensions.add(createdExtension(tokens) ?? '')
    else if (kind === 'ALTER DATABASE') this.timeZone ??= databaseTimeZone(tokens)
    else if (kind === 'SET') this.set(tokens)
    return kind
  }

  count(kind: string): void {
    this.statements.set(kind, (this.statements.get(kind) ?? 0) + 1)
  }

  report() {
    return {
      timeZone: this.timeZone,
      statements: Object.fromEntries([...this.statements].sort(([a], [b]) => (a < b ? -1 : 1))),
      largeObjects: this.largeObjects,
      roles: [...this.roles].filter((role) => !this.ownRoles.has(role)).sort(),
      superusers: [...this.superusers].sort(),
      extensions: [...this.extensions].sort(),
    }
  }

  private set(tokens: readonly Token[]): void {
    const setting = readSetting(tokens)
    if (setting?.name === 'timezone') this.timeZone ??= setting.value
    else if (setting?.name === 'search_path' && setting.value !== '') this.schema = setting.value
  }
}
