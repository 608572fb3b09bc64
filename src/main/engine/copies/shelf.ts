import type { CopyRow, Manifest, Needs } from '#shared/copy.ts'
import type { Job } from '#shared/job.ts'
import type { Settings } from '#shared/settings.ts'

/** What the store of copies asks of the catalogue; `Catalogue` fits. Rows stand beside each other and know no more. */
export type CopyShelf = {
  copies: {
    get(id: string): CopyRow | undefined
    /** the newest sound one of the same database that was taken before */
    before(id: string): CopyRow | undefined
    /** `modifiedMs`: of the manifest, when it was read; without it, as it is now */
    put(manifest: Manifest, manifestFile: string, modifiedMs?: number): CopyRow
    /** the manifest that the row was made from was written then */
    noteManifest(id: string, modifiedMs: number): void
    remove(id: string): void
    files(id?: string): ShelvedFile[]
    saw(id: string, seen: Seen): CopyRow | undefined
    inFolder(folder: string): { file: string; sha256: string }[]
    guide(): Guide[]
  }
  /** Runs `work` while no other process can write into the catalogue. */
  exclusively<T>(work: () => T): T
  settings: { get(): Pick<Settings, 'formerCopiesDirs'> }
  now(): Date
}

export type Look = 'same' | 'missing' | 'changed' | 'unsure'
export type Seen = { look: Look; detail: string; at: string; modifiedMs?: number }
export type ShelvedFile = {
  id: string
  file: string
  manifestFile: string
  folder: string
  bytes: number
  sha256: string
  look: Look
  /** when the file was last written, as it was last read whole; below 0: as it was last seen to be another one */
  seenModifiedMs: number
  /** null: not known */
  manifestModifiedMs: number | null
}
export type GuideRow = { copy: CopyRow; needs: Needs; compression: string; format: string }
export type Guide = { server: string; label: string; newest: GuideRow; good: GuideRow | null }

/** What starting over after a crash asks in addition. */
export type StartShelf = CopyShelf & {
  jobs: {
    get(id: string): Job | undefined
    update(job: Job): void
    appendLog(id: string, at: string, text: string): void
    orphans(isAlive: (owner: { pid: number; startToken: string }) => boolean): Job[]
  }
  rebuildPending(): boolean
  rebuildDone(): void
}
