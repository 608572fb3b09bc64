import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync, chownSync, existsSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { run, say, bash } from './run.ts'
import type { Environment } from './project.ts'
import type { RigBackup } from './rig.ts'
import { projectDir } from './where.ts'

type State = RigBackup['state']

/** The old backups: which environment, which night (server's local time), and what has become of it. */
const wanted: { label: Environment; stamp: string; state: State }[] = [
  { label: 'prod', stamp: '20250103_030000', state: 'healthy' },
  { label: 'prod', stamp: '20250104_030000', state: 'healthy' },
  { label: 'prod', stamp: '20250105_030000', state: 'cut' },
  { label: 'prod', stamp: '20250106_030000', state: 'died' },
  { label: 'prod', stamp: '20250107_030000', state: 'empty' },
  { label: 'prod', stamp: '20250108_030000', state: 'trailing' },
  { label: 'prod', stamp: '20250109_030000', state: 'healthy' },
  { label: 'test', stamp: '20241222_020000', state: 'healthy' },
  { label: 'test', stamp: '20241229_020000', state: 'died' },
  { label: 'test', stamp: '20250105_020000', state: 'healthy' },
]

/** Makes the backups that are missing and describes them all. Backups that others put beside them are left alone. */
export async function makeBackups(): Promise<RigBackup[]> {
  for (const one of wanted) {
    const path = pathOf(one)
    if (existsSync(path)) continue
    say(`making ${one.label}'s backup of ${one.stamp} (${one.state})`)
    await takeAsTheScriptDoes(one.label, path)
    damage(path, one.state)
    await dress(one.label, path, one.stamp)
  }
  return wanted.map((one) => describe(one.label, pathOf(one), one.state))
}

function pathOf(one: { label: Environment; stamp: string }): string {
  return join(projectDir, 'backups', one.label, `backup_${one.label}_${one.stamp}.sql.gz`)
}

/** The very pipeline of the operator's script, under a name of the past. */
async function takeAsTheScriptDoes(label: Environment, path: string): Promise<void> {
  const pipeline = 'docker-compose -f "$1" exec -T db pg_dump -U "$2" "$3" | gzip >"$4"'
  const compose = join(projectDir, `docker-compose.${label}.yml`)
  await bash(pipeline, [compose, `${label}user`, `agentcard_${label}`, path], { cwd: projectDir })
}

function damage(path: string, state: State): void {
  const whole = readFileSync(path)
  switch (state) {
    case 'healthy':
      return
    case 'cut':
      return writeFileSync(path, whole.subarray(0, Math.floor(whole.length * 0.6)))
    case 'died':
      return writeGzipped(path, untilInsideCopy(gunzipSync(whole), path.includes('/test/')))
    case 'empty':
      return writeGzipped(path, Buffer.alloc(0))
    case 'trailing':
      return appendFileSync(path, Buffer.alloc(4096))
  }
}

/**
 * What is left when pg_dump dies in the middle of a table: the pipe ends there and gzip closes its file in good order.
 * At the end of a line is the worse case, since every row that is there is whole.
 */
function untilInsideCopy(dump: Buffer, atLineEnd: boolean): Buffer {
  const start = dump.indexOf('COPY public.documents_agentcard (')
  const end = dump.indexOf('\n\\.\n', start)
  if (start < 0 || end < 0) throw new Error('the dump holds no table documents_agentcard')
  const line = dump.indexOf('\n', Math.floor((start + end) / 2))
  return dump.subarray(0, atLineEnd ? line + 1 : line + 40)
}

/** gzip as the program writes it when it reads a pipe: no name, no time; 20 bytes for nothing. */
function writeGzipped(path: string, content: Buffer): void {
  const result = spawnSync('gzip', [], { input: content, maxBuffer: 256 * 1024 * 1024 })
  if (result.status !== 0) throw new Error('gzip failed')
  writeFileSync(path, result.stdout)
}

async function dress(label: Environment, path: string, stamp: string): Promise<void> {
  await run('chown', ['operator:users', path])
  const [, year, month, day, hour, minute] = /^(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)/.exec(stamp) ?? []
  // The script's stamp is the start; the file is last written some seconds later.
  const ended = new Date(`${year}-${month}-${day}T${hour}:${minute}:04`)
  utimesSync(path, ended, ended)
  const log = join(projectDir, 'logs', 'backup.log')
  appendFileSync(log, `[${year}-${month}-${day} ${hour}:${minute}:04] done: ${path} (agentcard_${label})\n`)
  const owner = statSync(path)
  chownSync(log, owner.uid, owner.gid)
}

function describe(label: Environment, path: string, state: State): RigBackup {
  const content = readFileSync(path)
  const sha256 = createHash('sha256').update(content).digest('hex')
  return { label, path, bytes: content.length, sha256, mtime: statSync(path).mtime.toISOString(), state }
}
