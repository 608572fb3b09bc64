import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Key } from './keys.ts'
import { canaries, envFile } from './project.ts'
import { rig, type Rig, type RigBackup, type RigDatabase, type RigUser } from './rig.ts'
import type { Sshd } from './sshd.ts'
import { accounts, homeOf, passwordOf } from './users.ts'
import { descriptionFile, dockerSocket, projectDir, rigDir } from './where.ts'

export interface Parts {
  dockerPid: number | null
  ssh: Sshd
  inner: Sshd
  keys: Record<'ed25519' | 'encrypted' | 'rsa' | 'ecdsa' | 'stranger', Key>
  databases: RigDatabase[]
  backups: RigBackup[]
}

/** Writes `rig.json`, whole or not at all, and reads it back through the schema that the tests use. */
export function describeRig(parts: Parts): void {
  const description: Rig = {
    version: 1,
    dir: rigDir,
    docker: { socket: dockerSocket, startedByRig: parts.dockerPid },
    ssh: parts.ssh,
    inner: parts.inner,
    users: {
      operator: userNamed('operator'),
      password: userNamed('rig-password'),
      prompts: userNamed('rig-prompts'),
      twoSteps: userNamed('rig-two-steps'),
      noisy: userNamed('rig-noisy'),
      noDocker: userNamed('rig-no-docker'),
      dash: userNamed('rig-dash'),
    },
    keys: parts.keys,
    projectDir,
    databases: parts.databases,
    backups: parts.backups,
    envFiles: (['prod', 'test'] as const).map((label) => ({ label, path: envFile(label), canaries: canaries(label) })),
  }
  writeDescription(description)
}

/** Writes the description whole or not at all. */
export function writeDescription(description: Rig): void {
  writeFileSync(`${descriptionFile}.part`, `${JSON.stringify(description, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${descriptionFile}.part`, descriptionFile)
  rig()
}

function userNamed(name: string): RigUser {
  const account = accounts.find((one) => one.name === name)
  if (account === undefined) throw new Error(`the rig has no account ${name}`)
  const { shell, docker, login } = account
  return { name, home: homeOf(account), shell, docker, login, password: passwordOf(account) }
}

/** The description of an environment's database in Compose. */
export function composeDatabase(label: 'prod' | 'test'): RigDatabase {
  const project = `agent-source-db-${label}`
  return {
    label,
    place: {
      kind: 'compose',
      project,
      dir: projectDir,
      file: join(projectDir, `docker-compose.${label}.yml`),
      service: 'db',
      container: `${project}-db-1`,
    },
    dbname: `agentcard_${label}`,
    user: `${label}user`,
    password: canaries(label).POSTGRES_PASSWORD ?? null,
    major: 18,
    encoding: 'UTF8',
    backups: join(projectDir, 'backups', label),
    envFiles: [envFile(label)],
  }
}
