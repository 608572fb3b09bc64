import { createHash, randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  closeSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { onTestFinished } from 'vitest'
import { rig } from '../../rig/machine/rig.ts'
import { copyBlock, dumpOf, rowText } from '../../support/dump-text.ts'
import { slowFingerprint } from '../../support/lookup3.ts'
import type { Truth } from './truth.ts'

/** The night in which the server's cron has made its backups. */
const night = new Date('2025-03-01T03:00:04.000Z')

export type Backup = { name: string; path: string; content: Buffer; sha256: string; truth: Truth }

export type BackupsFolder = {
  readonly path: string
  /** puts a whole dump there, as of a night long ago */
  add(name: string, dump?: Made): Backup
  /** writes a file there and gives it this time */
  put(name: string, content: Buffer, at?: Date): string
}

export type Made = { content: Buffer; truth: Truth }

/** A dump that nothing makes smaller, of so many rows of so many characters. */
export function madeDump(rows: number, width: number): Made {
  const values = Array.from({ length: rows }, (_, n) => [`${n}`, randomBytes(width / 2).toString('hex')])
  const table = { schema: 'public', name: 'noise', columns: ['id', 'text'], rows: values }
  const truth = new Map([['public.noise', `${rows}:${slowFingerprint(values.map(rowText))}`]])
  const ddl = 'CREATE TABLE public.noise (id integer NOT NULL, text text);\n'
  return { content: Buffer.from(dumpOf(ddl + copyBlock(table))), truth }
}

/** The folder in which a server's cron keeps its backups; goes with the test. */
export function backupsFolder(): BackupsFolder {
  const path = mkdtempSync(join(tmpdir(), 'lifeboat-faults-cron-'))
  chmodSync(path, 0o755)
  const { home } = rig().users.operator
  const owner = statSync(home)
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  const put = (name: string, content: Buffer, at = night): string => {
    const file = join(path, name)
    writeFileSync(file, content)
    chownSync(file, owner.uid, owner.gid)
    utimesSync(file, at, at)
    return file
  }
  return {
    path,
    put,
    add(name, made = madeDump(3000, 300)) {
      const content = name.endsWith('.gz') ? gzipSync(made.content, { level: 1 }) : made.content
      const sha256 = createHash('sha256').update(content).digest('hex')
      return { name, path: put(name, content), content, sha256, truth: made.truth }
    },
  }
}

/** Changes bytes of a file where it lies, and leaves it the time that it had. */
export function changeUnseen(path: string, at: readonly number[]): void {
  const before = statSync(path)
  const handle = openSync(path, 'r+')
  for (const place of at) writeSync(handle, 'Z', place)
  closeSync(handle)
  utimesSync(path, before.atime, before.mtime)
}
