import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { alive } from './alive.ts'
import { descriptionFile, dockerSocket } from './where.ts'

const key = z.object({
  path: z.string().describe('the private key; the public one is beside it with .pub'),
  passphrase: z.string().nullable(),
  publicKey: z.string(),
  fingerprint: z.string().startsWith('SHA256:'),
})

const sshServer = z.object({
  host: z.string(),
  port: z.number().int(),
  pid: z.number().int(),
  config: z.string(),
  log: z.string(),
  timeZone: z.string().describe("the zone of the server's clock, as `date` there says it"),
  hostKeys: z.array(key).min(1),
})

const user = z.object({
  name: z.string(),
  home: z.string(),
  shell: z.string(),
  docker: z.boolean(),
  login: z.enum(['publickey', 'password', 'keyboard-interactive', 'publickey,keyboard-interactive']),
  password: z.string().nullable(),
})

const place = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('compose'),
    project: z.string(),
    dir: z.string(),
    file: z.string(),
    service: z.string(),
    container: z.string().describe('the name of the container'),
  }),
  z.object({ kind: z.literal('container'), container: z.string() }),
  z.object({ kind: z.literal('host'), socketDir: z.string(), port: z.number().int() }),
])

const database = z.object({
  label: z.string(),
  place,
  dbname: z.string(),
  user: z.string(),
  password: z.string().nullable().describe("the superuser's; null where the login is by peer"),
  major: z.number().int(),
  encoding: z.string(),
  backups: z.string().nullable().describe("the folder of the server's own backups"),
  envFiles: z.array(z.string()),
})

const backup = z.object({
  label: z.string(),
  path: z.string(),
  bytes: z.number().int(),
  sha256: z.string().length(64),
  mtime: z.string(),
  state: z
    .enum(['healthy', 'cut', 'died', 'empty', 'trailing'])
    .describe(
      'cut: the gzip ends in its middle; died: a valid gzip whose dump ends inside a COPY block; ' +
        'empty: a gzip of nothing; trailing: whole, with junk behind the gzip',
    ),
})

const envFile = z.object({
  label: z.string(),
  path: z.string(),
  canaries: z.record(z.string(), z.string()).describe('values that must be seen nowhere else'),
})

const description = z.object({
  version: z.literal(1),
  dir: z.string(),
  docker: z.object({ socket: z.string(), startedByRig: z.number().int().nullable() }),
  ssh: sshServer,
  inner: sshServer.describe('meant to be reached through the first'),
  users: z.object({
    operator: user,
    password: user,
    prompts: user,
    twoSteps: user,
    noisy: user,
    noDocker: user,
    dash: user,
  }),
  keys: z.object({ ed25519: key, encrypted: key, rsa: key, ecdsa: key, stranger: key }),
  projectDir: z.string(),
  databases: z.array(database),
  backups: z.array(backup),
  envFiles: z.array(envFile),
})

export type Rig = z.infer<typeof description>
export type RigDatabase = z.infer<typeof database>
export type RigBackup = z.infer<typeof backup>
export type RigUser = z.infer<typeof user>
export type RigKey = z.infer<typeof key>
export type RigSshServer = z.infer<typeof sshServer>

/** What the rig on this machine is. Throws when it is not up, or when its description is not what this code expects. */
export function rig(): Rig {
  return description.parse(JSON.parse(readFileSync(descriptionFile, 'utf8')))
}

/** Why the rig can't be used, as a line for a person, or null when it stands. */
export function rigMissing(): string | null {
  const bringUp = 'bring it up with: node tests/rig/machine/up.ts'
  if (!existsSync(descriptionFile)) return `the rig is not up: ${bringUp}`
  try {
    const { ssh, inner } = rig()
    for (const server of [ssh, inner]) {
      if (!alive(server.pid)) return `the rig's sshd is gone: ${bringUp}`
    }
  } catch {
    return `the rig's description can't be read: ${bringUp}`
  }
  return existsSync(dockerSocket) ? null : `dockerd is gone: ${bringUp}`
}

/** True when the rig stands, as far as a quick look can tell. */
export function rigAvailable(): boolean {
  return rigMissing() === null
}

/** The database with this label: prod, test, pg15, pg17, latin1 … */
export function rigDatabase(label: string): RigDatabase {
  const found = rig().databases.find((one) => one.label === label)
  if (found === undefined) throw new Error(`the rig has no database "${label}"`)
  return found
}
