import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { ownProcess } from '#engine/disk/owner.ts'
import { demoDatabases, demoHome, demoMark, demoProject } from './facts.ts'
import { startSshServer } from './ssh-server.ts'
import { startDatabases } from './start-databases.ts'

/** How the demo server is reached. */
export type DemoAddress = { host: string; port: number; user: string; keyFile: string; hostKey: string }
export type DemoWorld = DemoAddress & { stop(): Promise<void> }

/**
 * Builds the demo server in a folder of its own, which is emptied first: a home with the project of a small application,
 * its `.env` files and old backups, the programs that such a server has, and the SSH server before it all.
 */
export async function buildWorld(folder: string, now: Date): Promise<DemoWorld> {
  emptyFolder(folder)
  const home = demoHome(folder)
  const projectDir = demoProject(folder)
  mkdirSync(projectDir, { recursive: true, mode: 0o700 })
  for (const label of ['prod', 'test'] as const) {
    writeFileSync(join(projectDir, `docker-compose.${label}.yml`), composeFile(label))
    writeFileSync(join(projectDir, `.env.${label}`), envFile(label), { mode: 0o600 })
  }
  const databases = await startDatabases(folder, now)
  const ssh = await startSshServer({
    keyFolder: folder,
    home,
    env: {
      HOME: home,
      USER: 'operator',
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      PATH: `${databases.bin}:/usr/local/bin:/usr/bin:/bin`,
    },
  })
  return {
    host: '127.0.0.1',
    port: ssh.port,
    user: ssh.user,
    keyFile: ssh.keyFile,
    hostKey: ssh.hostKey,
    async stop() {
      await ssh.stop()
      await databases.stop()
    },
  }
}

/** The mark comes first and stays: a folder that was emptied half is known as well. It names who runs the server. */
function emptyFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, demoMark), JSON.stringify(ownProcess()))
  for (const name of readdirSync(folder)) if (name !== demoMark) rmSync(join(folder, name), { recursive: true })
}

function composeFile(label: 'prod' | 'test'): string {
  const { dbname, dbuser } = demoDatabases[label]
  return `services:
  db:
    image: postgres:18-alpine
    environment:
      POSTGRES_DB: ${dbname}
      POSTGRES_USER: ${dbuser}
    env_file: .env.${label}
`
}

function envFile(label: 'prod' | 'test'): string {
  const secret = (): string => randomBytes(18).toString('base64url')
  return `# demo server, ${label}: these secrets open nothing
DJANGO_SECRET_KEY=${secret()}
POSTGRES_PASSWORD=${secret()}
`
}
