import { DatabaseError } from 'pg'
import type { Ask } from './session.ts'

/** What is known of the session that wrote the dump. */
export type DumpSettings = {
  /** Lifeboat took it, with every setting pinned; false: somebody else, with settings of their own */
  pinned: boolean
  /** the zone of the server that wrote it, as far as known */
  timeZone: string | null
  /** it came from the major version that the sandbox has */
  sameMajor: boolean
}

/** Settings that differ from the pinned ones. */
export type Settings = Record<string, string>

/** The settings under which every table is looked at first. */
export function firstSettings({ timeZone }: DumpSettings): Settings {
  return timeZone === null ? {} : { TimeZone: timeZone }
}

/** The same without a zone that this server does not know. */
export async function knownHere(ask: Ask, settings: DumpSettings): Promise<DumpSettings> {
  const zone = settings.timeZone?.replaceAll("'", "''")
  if (zone === undefined) return settings
  try {
    await ask(`SELECT pg_catalog.now() AT TIME ZONE '${zone}'`)
    return settings
  } catch (error) {
    if (error instanceof DatabaseError) return { ...settings, timeZone: null }
    throw error
  }
}
