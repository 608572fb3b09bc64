import type { Check, CheckName } from '#shared/server.ts'

/**
 * The values that each check of the connection test puts into `facts`, for whoever words them. A check that failed or was
 * not done carries those that were learnt before. Bytes are bytes, times ISO 8601 in UTC.
 */
export type CheckFacts = {
  /** `server`: how its SSH introduces itself */
  reach: { host: string; port: number; server: string }
  /** `fingerprint`: `SHA256:…` */
  'host-key': { host: string; port: number; type: string; fingerprint: string }
  login: { user: string; cipher: string }
  /** `noiseBytes`: what the start files print for every command; 0 is as it should be */
  shell: { shell: string; system: string; home: string; noiseBytes: number }
  docker: {
    state: 'ready' | 'absent' | 'refused' | 'stopped' | 'broken'
    path: string
    version: string
    containers: number
  }
  /** `command`: as it is called, `/usr/bin/docker compose` */
  compose: { version: string; generation: number; command: string }
  /** `databases`: found and answering; `unanswered`, `stopped`: PostgreSQL that is there and was not asked; `names`: of those */
  postgres: { databases: number; servers: number; versions: string; unanswered: number; stopped: number; names: string }
  /** `versions`: of the servers' pg_dump, joined by `, `; `zstd`: how many of `databases` can be dumped with it */
  'pg-dump': { versions: string; databases: number; zstd: number; missing: number; tooOld: number }
  /** free bytes; `needed`: all databases found together, null when no size is known */
  disk: {
    serverFolder: string
    serverFree: number | null
    localFolder: string
    localFree: number
    needed: number | null
    largest: number | null
  }
  /** seconds that the server is ahead (negative: behind), and how far off that figure may be; `zone`: `+0800` */
  clock: { difference: number; accuracy: number; zone: string; serverTime: string }
  /** over all databases: folders found, files in them, the newest of them */
  backups: { folders: number; files: number; folder: string; newest: string; newestAt: string; newestBytes: number }
  /** `names`: file names joined by `, `, never their content */
  'env-files': { files: number; unreadable: number; names: string; unreadableNames: string }
}

type SomeFacts = { [N in CheckName]: Partial<CheckFacts[N]> }
export type Facts<N extends CheckName> = SomeFacts[N]

/** What a check comes to, before its time is added. */
export type Verdict = Pick<Check, 'outcome' | 'facts' | 'detail' | 'remedy'>

export function proven<N extends CheckName>(_name: N, facts: Facts<N>, detail: string): Verdict {
  return { outcome: 'proven', facts: values(facts), detail, remedy: null }
}

export function failed<N extends CheckName>(_name: N, facts: Facts<N>, detail: string, remedy: string): Verdict {
  return { outcome: 'failed', facts: values(facts), detail, remedy }
}

/** `detail` says why it was not checked; the remedy, where there is one, what would make it possible. */
export function notChecked<N extends CheckName>(
  _name: N,
  facts: Facts<N>,
  detail: string,
  remedy: string | null = null,
): Verdict {
  return { outcome: 'not-checked', facts: values(facts), detail, remedy }
}

function values(facts: SomeFacts[CheckName]): Verdict['facts'] {
  return { ...facts }
}
