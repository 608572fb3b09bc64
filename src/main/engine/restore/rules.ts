import type { PlannedStatement } from '../dump/plan.ts'
import { nameAfter } from './names.ts'
import type { Settings } from './settings.ts'
import type { Unprivileged } from './unprivileged.ts'

/** What is done with a statement of the dump. */
export type Decision =
  /** it is sent; `alone`: not together with others; `first`: what has to be done before it */
  | { do: 'send'; bytes: Buffer; alone: boolean; first?: () => Promise<void> }
  /** it is not sent, because of this; `missing`: what this sandbox can't have */
  | { do: 'leave out'; why: string; missing?: string }
  /** its work is done in another way */
  | { do: 'other work'; work: () => Promise<void> }
  /** its work was done already */
  | { do: 'nothing' }

/** They may not run beside others, or have a meaning of their own there. */
const alone = /^(BEGIN|COMMIT|ROLLBACK|VACUUM|(CREATE|ALTER|DROP) SUBSCRIPTION)$/
const onDatabase = /^(?:ALTER|COMMENT ON|(?:GRANT|REVOKE) .* ON|SECURITY LABEL (?:FOR .* )?ON) DATABASE /
const wholeServer = 'it is about the whole server, and a sandbox has only what the data needs'

/** Decides for each statement of one database what is done with it: a dump never gets more than a sandbox may give. */
export class Rules {
  readonly settings: Settings
  private readonly ownNames: ReadonlySet<string>
  private readonly unprivileged: Unprivileged | null

  /**
   * `ownNames`: databases that are called in the sandbox as in the dump. `unprivileged`: does what the loader may not,
   * where it is no superuser.
   */
  constructor(settings: Settings, ownNames: ReadonlySet<string>, unprivileged: Unprivileged | null) {
    this.settings = settings
    this.ownNames = ownNames
    this.unprivileged = unprivileged
  }

  decide(step: PlannedStatement): Decision {
    return this.whyNot(step) ?? this.unprivileged?.decide(step) ?? this.send(step)
  }

  /** After everything else. */
  async finish(): Promise<void> {
    await this.unprivileged?.takeBack()
  }

  private send(step: PlannedStatement): Decision {
    const bytes = this.settings.bytesOf(step)
    if (bytes === null) return leave('a sandbox has no tablespaces of its own')
    return { do: 'send', bytes, alone: alone.test(step.kind) }
  }

  private whyNot({ kind, text }: PlannedStatement): Decision | null {
    switch (kind) {
      case 'CREATE EXTENSION':
        // from its first statement on it would refuse what the dump says of its own tables
        if (nameAfter('CREATE EXTENSION(?: IF NOT EXISTS)?', text) === 'timescaledb') {
          const why =
            'a dump of TimescaleDB is loaded between timescaledb_pre_restore() and timescaledb_post_restore() only'
          return { do: 'leave out', why: `${why}, which is not done here`, missing: 'the extension timescaledb' }
        }
        break
      case 'CREATE ROLE':
        return { do: 'nothing' }
      case 'ALTER ROLE':
      case 'DROP ROLE':
        return leave('roles are made here without login, password and powers')
      case 'CREATE DATABASE':
        return leave('the database is made here, with an encoding and a locale that the sandbox has')
      case 'DROP DATABASE':
      case 'CREATE TABLESPACE':
      case 'ALTER TABLESPACE':
      case 'DROP TABLESPACE':
        return leave(wholeServer)
      case 'ALTER other':
        if (text.startsWith('ALTER SYSTEM ')) return leave(wholeServer)
        break
      case 'GRANT':
      case 'REVOKE':
        if (/^(GRANT|REVOKE) [^']* ON (TABLESPACE|PARAMETER) /.test(text)) return leave(wholeServer)
        if (!/\sON\s/.test(text)) return leave('memberships of roles belong to the server, not to the database')
        break
      case 'COMMENT':
      case 'SECURITY':
        if (/^(COMMENT|SECURITY LABEL( FOR \S+)?) ON TABLESPACE /.test(text)) return leave(wholeServer)
        break
      case 'CREATE SUBSCRIPTION':
        if (!/[(,]\s*connect = (false|'false')[,)\s]/.test(text))
          return leave('a subscription that would reach out is not made')
        break
      case 'ALTER SUBSCRIPTION':
        if (!/ OWNER TO /.test(text)) return leave('a subscription does not reach out of a sandbox')
        break
      case 'ALTER DATABASE':
        if (!/^ALTER DATABASE \S+ OWNER TO /.test(text) || this.unprivileged)
          return leave('settings of a database are no part of its data')
        break
    }
    return this.otherDatabase(text)
  }

  /** A statement about a database that is called otherwise here. */
  private otherDatabase(text: string): Decision | null {
    const words = onDatabase.exec(text.slice(0, 500))
    if (!words) return null
    const name = nameAfter('', ` ${text.slice(words[0].length)}`)
    return name !== null && this.ownNames.has(name) ? null : leave('the database is called otherwise in the sandbox')
  }
}

function leave(why: string): Decision {
  return { do: 'leave out', why }
}

/** Statements about event triggers come last: they are to see nothing of the restore. */
export function isAboutEventTriggers({ kind, text }: PlannedStatement): boolean {
  return /^(CREATE|ALTER) EVENT TRIGGER$/.test(kind) || text.startsWith('COMMENT ON EVENT TRIGGER ')
}
