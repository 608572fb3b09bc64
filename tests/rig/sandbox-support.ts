import { execFile } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Sandbox, SandboxRole, SandboxWish } from '#engine/sandbox/sandbox.ts'
import { startSandbox } from '#engine/sandbox/start.ts'

const run = promisify(execFile)

export async function docker(...argv: string[]): Promise<string> {
  return (await run('docker', argv)).stdout.trim()
}

export const smallWish: SandboxWish = {
  engine: 'docker',
  image: null,
  major: 18,
  sqlBytes: 1_000_000,
  jobId: 'job',
  copyId: null,
  subject: 'shop/prod',
}

/** A folder for sandboxes, and the way to start one in it. */
export async function scratch(): Promise<{
  dir: string
  start: (wish: Partial<SandboxWish>, signal?: AbortSignal) => Promise<Sandbox>
  remove: () => Promise<void>
}> {
  const dir = await mkdtemp(join(tmpdir(), 'lifeboat-test-'))
  const report = { step: () => {}, log: () => {} }
  return {
    dir,
    start: async (wish, signal = new AbortController().signal) =>
      startSandbox({ ...smallWish, ...wish }, { scratchDir: dir, now: () => new Date(), signal, report }),
    remove: async () => rm(dir, { recursive: true, force: true }),
  }
}

/** First column of what a role is answered in a session of its own. */
export async function ask(from: Sandbox, role: SandboxRole, sql: string, database = 'postgres'): Promise<unknown[]> {
  const client = await from.connect(role, database)
  try {
    const answer: unknown = await client.query(sql)
    // several statements have several answers
    const last = (Array.isArray(answer) ? answer.at(-1) : answer) as { rows: Record<string, unknown>[] }
    return last.rows.map((row) => Object.values(row)[0])
  } finally {
    await client.end()
  }
}

/** Containers and volumes of a process's sandboxes; other processes may have theirs at the same time. */
export async function inDocker(pid = process.pid): Promise<string[]> {
  const rest = ['--filter', 'label=app.lifeboat.sandbox', '--format']
  const owner = '{{.Label "app.lifeboat.owner"}}'
  const found = [
    await docker('ps', '--all', ...rest, `{{.Names}} ${owner}`),
    await docker('volume', 'ls', ...rest, `{{.Name}} ${owner}`),
  ]
  return found
    .join('\n')
    .split('\n')
    .filter((line) => line.includes(`"pid":${pid},`))
}

/** Folders of a process's sandboxes, in the places where they may lie. */
export async function folders(pid = process.pid, bases = [tmpdir(), '/var/tmp']): Promise<string[]> {
  const found: string[] = []
  for (const base of bases)
    for (const name of (await readdir(base)).filter((one) => one.startsWith('lifeboat-sandbox-'))) {
      const owner = await readFile(join(base, name, 'owner.json'), 'utf8').catch(() => '')
      if (owner.includes(`"pid":${pid},`)) found.push(join(base, name))
    }
  return found
}

/** The same daemon by TCP, as if it were on another computer: no folder and no socket is shared with it. */
export async function distantDocker(): Promise<{ host: string; cut: () => void; close: () => Promise<void> }> {
  const lines = new Set<Socket>()
  const server: Server = createServer((near) => {
    const far = connect('/var/run/docker.sock')
    for (const end of [near, far]) {
      lines.add(end)
      end.on('error', () => {})
      end.on('close', () => [near, far].forEach((one) => one.destroy()))
    }
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.address() as AddressInfo
  const cut = (): void => lines.forEach((line) => line.destroy())
  return {
    host: `tcp://127.0.0.1:${port}`,
    cut,
    close: async () => {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Does something with another DOCKER_HOST. */
export async function withDockerHost<T>(host: string, work: () => Promise<T>): Promise<T> {
  const before = process.env['DOCKER_HOST']
  process.env['DOCKER_HOST'] = host
  try {
    return await work()
  } finally {
    if (before === undefined) delete process.env['DOCKER_HOST']
    else process.env['DOCKER_HOST'] = before
  }
}

/** Programs of PostgreSQL that run in one of these folders. */
export async function processesOf(inFolders: string[]): Promise<string[]> {
  const { stdout } = await run('ps', ['-axo', 'pid=,args='])
  return stdout.split('\n').filter((line) => inFolders.some((folder) => line.includes(`${folder}/data`)))
}
