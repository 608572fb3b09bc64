import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  rig,
  rigAvailable,
  rigDatabase,
  type RigDatabase,
  type RigKey,
  type RigSshServer,
  type RigUser,
} from './machine/rig.ts'
import { descriptionFile } from './machine/where.ts'

let scratch = ''
beforeAll(() => void (scratch = mkdtempSync(join(tmpdir(), 'lifeboat-rig-test-'))))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

interface Login {
  server?: RigSshServer
  key?: RigKey | null
  /** What is typed at every prompt. */
  answer?: string | null
  through?: boolean
}

/** Runs a command over OpenSSH's own client, with the host keys of the description and no other. */
function ssh(user: RigUser, command: string, login: Login = {}) {
  const { server = rig().ssh, key = rig().keys.ed25519, answer = user.password, through = false } = login
  const knownHosts = join(scratch, 'known_hosts')
  const lines = [rig().ssh, rig().inner].flatMap((one) =>
    one.hostKeys.map(({ publicKey }) => `[${one.host}]:${one.port} ${publicKey}`),
  )
  writeFileSync(knownHosts, `${lines.join('\n')}\n`)
  const askpass = join(scratch, 'askpass')
  writeFileSync(askpass, '#!/bin/sh\nprintf "%s\\n" "$RIG_ANSWER"\n', { mode: 0o700 })

  const common = [
    '-F',
    'none',
    '-o',
    'StrictHostKeyChecking=yes',
    '-o',
    `UserKnownHostsFile=${knownHosts}`,
    '-o',
    'IdentitiesOnly=yes',
    '-o',
    'NumberOfPasswordPrompts=1',
  ]
  const identity = key === null ? [] : ['-i', key.path]
  const { operator } = rig().users
  const hop = [
    'ssh',
    ...common,
    '-i',
    rig().keys.ed25519.path,
    '-p',
    String(rig().ssh.port),
    '-W',
    '%h:%p',
    `${operator.name}@${rig().ssh.host}`,
  ]
  const jump = through ? ['-o', `ProxyCommand=${hop.join(' ')}`] : []
  const target = ['-p', String(server.port), `${user.name}@${server.host}`, command]
  return spawnSync('ssh', [...common, ...identity, ...jump, ...target], {
    env: {
      ...process.env,
      SSH_ASKPASS: askpass,
      SSH_ASKPASS_REQUIRE: 'force',
      RIG_ANSWER: answer ?? 'wrong',
      SSH_AUTH_SOCK: '',
    },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 60_000,
  })
}

/** The command that dumps a database on the server it is on. */
function dumpCommand({ place, dbname, user }: RigDatabase): string {
  const dump = `pg_dump -U ${user}`
  return place.kind === 'host'
    ? `${dump} -h ${place.socketDir} -p ${place.port} ${dbname}`
    : `docker exec ${place.container} ${dump} ${dbname}`
}

describe.skipIf(!rigAvailable())('the rig', () => {
  it('keeps its description, which holds passwords, to root', () => {
    expect(statSync(descriptionFile).mode & 0o777).toBe(0o600)
  })

  it.each(['operator', 'password', 'prompts', 'twoSteps', 'noisy', 'noDocker', 'dash'] as const)(
    'lets the %s user in',
    (kind) => {
      const user = rig().users[kind]
      const key = user.login.includes('publickey') ? rig().keys.ed25519 : null
      const result = ssh(user, 'echo; id -un; docker ps -q >/dev/null 2>&1 && echo docker', { key })
      const [first, second] = result.stdout
        .trim()
        .split('\n')
        .slice(user.docker ? -2 : -1)
      expect(first, result.stderr).toBe(user.name)
      expect(second === 'docker').toBe(user.docker)
    },
  )

  it('refuses a wrong password, a missing second step and a key that nobody knows', () => {
    const { password, prompts, twoSteps, operator } = rig().users
    for (const user of [password, prompts]) expect(ssh(user, 'true', { key: null, answer: 'wrong' }).status).toBe(255)
    expect(ssh(twoSteps, 'true', { answer: 'wrong' }).status).toBe(255)
    expect(ssh(operator, 'true', { key: rig().keys.stranger }).status).toBe(255)
  })

  it('takes RSA, ECDSA and encrypted keys', () => {
    const { rsa, ecdsa, encrypted } = rig().keys
    for (const key of [rsa, ecdsa, encrypted])
      expect(ssh(rig().users.operator, 'true', { key, answer: key.passphrase }).status).toBe(0)
    expect(ssh(rig().users.operator, 'true', { key: encrypted, answer: 'wrong' }).status).toBe(255)
  })

  it('has a noisy user whose every command prints junk first, and one whose shell is dash', () => {
    expect(ssh(rig().users.noisy, 'echo word').stdout).toMatch(/^\*\*\* Welcome[^]+\nword\n$/)
    expect(ssh(rig().users.noisy, 'true').stderr).toContain('setlocale')
    expect(ssh(rig().users.dash, 'readlink -f /proc/$$/exe').stdout.trim()).toBe('/usr/bin/dash')
  })

  it('has an inner server behind the first, with host keys and a time zone of its own', () => {
    const { operator } = rig().users
    const result = ssh(operator, 'echo $SSH_CONNECTION; date +%z', { server: rig().inner, through: true })
    expect(result.stdout, result.stderr).toMatch(new RegExp(` ${rig().inner.host} ${rig().inner.port}\n\\+0800\n$`))
    const outerKeys = rig().ssh.hostKeys.map(({ fingerprint }) => fingerprint)
    for (const { fingerprint } of rig().inner.hostKeys) expect(outerKeys).not.toContain(fingerprint)
  })

  it('lists both Compose projects of the operator', () => {
    const result = ssh(rig().users.operator, 'docker compose ls --format json && docker-compose version --short')
    for (const { place } of [rigDatabase('prod'), rigDatabase('test')]) {
      if (place.kind !== 'compose') throw new Error('prod and test run in Compose')
      expect(result.stdout, result.stderr).toContain(`"Name":"${place.project}"`)
      expect(result.stdout).toContain(place.file)
    }
  })

  it.each(['prod', 'test', 'pg17', 'pg15', 'host', 'latin1', 'euc_cn', 'sql_ascii', 'gbk'])(
    'dumps the database %s',
    (label) => {
      const database = rigDatabase(label)
      const result = ssh(rig().users.operator, dumpCommand(database))
      expect(result.status, result.stderr).toBe(0)
      expect(result.stdout).toContain(`-- Dumped by pg_dump version ${database.major}.`)
      expect(result.stdout).toContain(`SET client_encoding = '${database.encoding}';`)
      expect(result.stdout).toContain('\n-- PostgreSQL database dump complete\n')
    },
  )

  it('holds the hard things: escapes, odd names, large objects, a table without columns, a false end marker', () => {
    for (const label of ['prod', 'pg17', 'pg15']) {
      const dump = ssh(rig().users.operator, dumpCommand(rigDatabase(label))).stdout
      const fragments = [
        '7\ta\\tb\\nc\\rd\\be\\ff\\vg\\\\h\t\\r\\n\t\\n\\r\n',
        '4\t\\\\N\t\\N\tN\n5\t\\\\.\t',
        'COPY hard."t\nCOPY hard.nowhere (a) FROM stdin;\n\\.\n" (a) FROM stdin;\n7\n\\.\n',
        'COPY hard.no_columns  FROM stdin;\n\n\n\n\\.\n',
        'SELECT pg_catalog.lowrite(0,',
      ]
      for (const fragment of fragments) expect(dump.includes(fragment), `${label}: ${fragment}`).toBe(true)
      expect(dump.split('-- PostgreSQL database dump complete').length).toBeGreaterThan(3)
    }
  })

  it('describes each old backup truly', () => {
    for (const { path, state, bytes, sha256 } of rig().backups) {
      const content = readFileSync(path)
      expect([content.length, createHash('sha256').update(content).digest('hex')], path).toEqual([bytes, sha256])
      if (state === 'cut') {
        expect(() => gunzipSync(content), path).toThrow(/unexpected end/)
        continue
      }
      const dump = gunzipSync(content).toString()
      const ended = dump.includes('\n--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict ')
      expect(ended, path).toBe(state === 'healthy' || state === 'trailing')
      if (state === 'died') expect(dump.lastIndexOf('\nCOPY ')).toBeGreaterThan(dump.lastIndexOf('\n\\.\n'))
      if (state === 'empty') expect([bytes, dump]).toEqual([20, ''])
      if (state === 'trailing') expect(content.subarray(-4096).every((byte) => byte === 0)).toBe(true)
    }
    expect(new Set(rig().backups.map(({ state }) => state)).size).toBe(5)
  })

  it('keeps every canary in its .env file and nowhere else in the project', () => {
    for (const { path, canaries } of rig().envFiles) {
      const text = readFileSync(path, 'utf8')
      const { SECRET_KEY = '?', POSTGRES_PASSWORD = '?' } = canaries
      for (const value of [SECRET_KEY, POSTGRES_PASSWORD]) {
        expect(text).toContain(value)
        const found = spawnSync('grep', ['-rlF', value, rig().projectDir], { encoding: 'utf8' }).stdout.trim()
        expect(found).toBe(path)
      }
    }
  })
})
