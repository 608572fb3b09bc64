import { pack } from 'tar-stream'
import type { TarFile } from './file.ts'

/** An archive as tar itself writes it, in memory. Nobody's user or group: they belong to another machine. */
export async function writeTar(files: readonly TarFile[]): Promise<Buffer> {
  const archive = pack()
  for (const { name, mode, modifiedAt, content } of files) {
    archive.entry({ name, mode, mtime: modifiedAt, size: content.byteLength, type: 'file' }, Buffer.from(content))
  }
  archive.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of archive) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
  return Buffer.concat(chunks)
}
