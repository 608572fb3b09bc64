/*
 * Clipboard managers leave out what carries their system's mark for secrets. The mark has to be written together with the
 * text: what is written after it takes its place.
 */

/** A text and its marks, by the names of their formats. */
type Marks = Readonly<Record<string, Uint8Array<ArrayBuffer>>>

const no = new Uint8Array(4)
const word = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text))

/** What says on this system that a text is a secret; nothing where no such word is known. */
export function marksOfSecrets(platform: string): Marks {
  switch (platform) {
    case 'win32':
      return {
        // one of these for the managers of others, the numbers for the history of Windows and its cloud
        ExcludeClipboardContentFromMonitorProcessing: no,
        CanIncludeInClipboardHistory: no,
        CanUploadToCloudClipboard: no,
      }
    case 'darwin':
      return { 'org.nspasteboard.ConcealedType': word('secret') }
    case 'linux':
      return { 'x-kde-passwordManagerHint': word('secret') }
    default:
      return {}
  }
}

/** What newer Electrons have; the older ones write one format at a time, and then the text is the one. */
export interface Writers {
  writeText(text: string): void | Promise<void>
  /** all formats at once, by MIME type; null where Electron has no such way */
  writeAll: ((items: Record<string, string | Blob>) => Promise<void>) | null
}

/** Writes a text with the marks, or without them where they can not be written: copying does not fail for them. */
export async function writeSecret(text: string, { writeText, writeAll }: Writers, platform: string): Promise<void> {
  const marks = Object.entries(marksOfSecrets(platform)).map(([name, bytes]): [string, Blob] => [
    `electron application/osclipboard;format="${name}"`,
    new Blob([bytes]),
  ])
  if (writeAll === null || marks.length === 0) return writeText(text)
  try {
    await writeAll({ 'text/plain': text, ...Object.fromEntries(marks) })
  } catch {
    await writeText(text)
  }
}
