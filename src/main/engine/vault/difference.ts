import type { Difference, FileDifference } from '#shared/vault.ts'
import { valuesOf } from '#engine/env/keys.ts'
import type { TarFile } from '#engine/tar/file.ts'
import { partsOf } from './contents.ts'

/** A file as it is compared: what stands for each value, and for the whole of it. */
export type FileView = { readonly name: string; readonly whole: string; readonly keys: ReadonlyMap<string, string> }

/** What stands for a value: itself in memory, a keyed fingerprint where it is kept. */
export type Print = (bytes: Uint8Array) => string

const itself: Print = (bytes) => Buffer.from(bytes).toString('latin1')

export function viewOf({ name, content }: TarFile, print: Print = itself): FileView {
  const values = valuesOf(partsOf(content) ?? [])
  const keys = new Map([...values].map(([key, { value }]) => [key, print(Buffer.from(value))]))
  return { name, whole: print(content), keys }
}

/** Two sets of files beside each other, key by key. Tells names of keys, never a value. */
export function differenceOf(left: readonly FileView[], right: readonly FileView[]): Difference {
  const names = [...new Set([...left, ...right].map(({ name }) => name))].sort()
  const files = names.map((name) => {
    const [before, after] = [left, right].map((side) => side.find((file) => file.name === name))
    return fileDifference(name, before, after)
  })
  return { files, equal: files.every(isEqual) }
}

function isEqual(file: FileDifference): boolean {
  const keys = file.added.length + file.removed.length + file.changed.length
  return file.in === 'both' && keys === 0 && !file.otherwise
}

const none: ReadonlyMap<string, string> = new Map()

function fileDifference(name: string, left: FileView | undefined, right: FileView | undefined): FileDifference {
  const before = left?.keys ?? none
  const after = right?.keys ?? none
  const added = [...after.keys()].filter((key) => !before.has(key))
  const removed = [...before.keys()].filter((key) => !after.has(key))
  const both = [...before.keys()].filter((key) => after.has(key))
  const changed = both.filter((key) => before.get(key) !== after.get(key))
  const keys = added.length + removed.length + changed.length
  return {
    name,
    in: left && right ? 'both' : left ? 'left' : 'right',
    added,
    removed,
    changed,
    same: both.length - changed.length,
    otherwise: !!left && !!right && keys === 0 && left.whole !== right.whole,
  }
}
