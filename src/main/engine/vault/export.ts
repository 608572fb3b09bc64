import { stringify } from 'csv-stringify/sync'
import type { ExportFormat } from '#shared/vault.ts'
import { valuesOf } from '#engine/env/keys.ts'
import type { TarFile } from '#engine/tar/file.ts'
import { partsOf } from './contents.ts'

/** one secure note of Bitwarden takes so many bytes, before it encrypts them */
const longestNote = 7000

type Names = { readonly server: string; readonly label: string }
type Exported = {
  readonly text: string
  readonly ending: 'json' | 'csv'
  readonly entries: number
  /** names of the files that are not in it, or not whole */
  readonly notWhole: string[]
}

/** Files as a password manager imports them, IN CLEAR: one entry for each file, with its keys in it. */
export function exportText(format: ExportFormat, files: readonly TarFile[], names: Names): Exported {
  const missing = (isWhole: (file: TarFile) => boolean) =>
    files.filter((file) => !isWhole(file)).map(({ name }) => name)
  switch (format) {
    case 'bitwarden': {
      const notWhole = missing((file) => noteOf(file) !== null)
      return { text: bitwarden(files, names), ending: 'json', entries: files.length, notWhole }
    }
    case '1password': {
      const rows = files.flatMap((file) => rowsOf(file, names))
      const text = stringify([onePasswordColumns, ...rows])
      return { text, ending: 'csv', entries: rows.length, notWhole: missing(holdsKeysOnly) }
    }
  }
}

/** Bitwarden's own JSON: a secure note for each file, its keys as hidden fields, the file itself where it fits. */
function bitwarden(files: readonly TarFile[], { server, label }: Names): string {
  const items = files.map((file) => ({
    type: 2,
    name: titleOf(file, { server, label }),
    notes: noteOf(file),
    favorite: false,
    secureNote: { type: 0 },
    fields: entriesOf(file).map(([name, value]) => ({ name, value, type: 1 })),
  }))
  return `${JSON.stringify({ encrypted: false, folders: [], items }, null, 2)}\n`
}

/** A file as a note. Null where it is too long for one, or no text that a note could give back. */
function noteOf({ content }: TarFile): string | null {
  if (content.byteLength > longestNote || partsOf(content) === null) return null
  const text = Buffer.from(content).toString('utf8')
  return Buffer.compare(Buffer.from(text), content) === 0 ? text : null
}

/** Whether the keys of a file and their values are all that it says. */
function holdsKeysOnly({ content }: TarFile): boolean {
  return partsOf(content)?.every(({ kind }) => kind !== 'other') ?? false
}

/** The columns that 1Password itself exports and takes back. */
const onePasswordColumns = 'Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes'.split(',')

/** A row for each key: 1Password's CSV knows no fields of one's own. */
function rowsOf(file: TarFile, names: Names): string[][] {
  const title = titleOf(file, names)
  return entriesOf(file).map(([key, value]) => [`${title} ${key}`, '', key, value, '', 'false', 'false', 'env', title])
}

function entriesOf({ content }: TarFile): [key: string, value: string][] {
  return [...valuesOf(partsOf(content) ?? [])].map(([key, { value }]) => [key, value])
}

function titleOf({ name }: TarFile, { server, label }: Names): string {
  return `${server}/${label} ${name}`
}
