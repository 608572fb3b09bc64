import { resolve } from 'node:path'
import type { FoundDatabase } from '#shared/database.ts'
import { printable } from '#shared/name.ts'
import { fingerprintSchema } from '#shared/server.ts'
import { wrongUsage, type Given } from '../arguments.ts'
import { exitCodes } from '../exit.ts'
import { findServer } from '../find.ts'
import type { Result, Tools, Word } from '../word.ts'

const add: Word = {
  usage:
    'server add NAME (--host H | --config-host ALIAS) [--port N] [--user U] [--key FILE | --agent | --password] [--jump NAME] [--host-key SHA256:…] [--sudo]',
  operands: [1, 1],
  options: {
    host: { type: 'string' },
    port: { type: 'string' },
    user: { type: 'string' },
    key: { type: 'string' },
    agent: { type: 'boolean' },
    password: { type: 'boolean' },
    jump: { type: 'string' },
    'host-key': { type: 'string' },
    'config-host': { type: 'string' },
    sudo: { type: 'boolean' },
  },
  async run(given, { call, say, cwd }) {
    const host = given.text('host') ?? given.text('config-host')
    if (host === undefined) throw wrongUsage(`--host is needed. Usage: lifeboat ${add.usage}`)
    const server = await call('server.add', {
      name: given.operands[0] ?? '',
      host,
      port: portOf(given.text('port')),
      user: given.text('user') ?? '',
      auth: authOf(given, cwd),
      jump: given.text('jump') ?? null,
      hostKey: hostKeyOf(given),
      configHost: given.text('config-host') ?? null,
      sudo: given.flag('sudo'),
    })
    return { json: { ok: true, server }, lines: [say.added(server.name)], exit: exitCodes.done }
  },
}

const list: Word = {
  usage: 'server list',
  asksNothing: true,
  operands: [0, 0],
  options: {},
  async run(_given, { call, say }) {
    const servers = await call('server.list', {})
    const lines = servers.map(
      (s) => `${printable(s.name)}\t${printable(s.user ? `${s.user}@` : '')}${printable(s.host)}:${s.port}`,
    )
    return { json: { ok: true, servers }, lines: lines.length > 0 ? lines : [say.noServers], exit: exitCodes.done }
  },
}

const test: Word = {
  usage: 'server test NAME',
  operands: [1, 1],
  options: {},
  async run(given, tools): Promise<Result> {
    const server = await findServer(given.operands[0] ?? '', tools)
    const { jobId } = await tools.call('server.test', { id: server.id })
    const job = await tools.follow(jobId)
    const result = await tools.call('server.lastTest', { id: server.id })
    const checks = result?.checks ?? []
    const found = result?.found ?? []
    const failed = checks.some((check) => check.outcome === 'failed')
    const keyRefused = checks.some((check) => check.name === 'host-key' && check.outcome === 'failed')
    return {
      json: { ok: true, checks, found, seconds: secondsOf(job.startedAt, job.endedAt) },
      lines: [
        ...checks.flatMap((check) => [
          `${tools.say.check[check.outcome].padEnd(12)}${check.name.padEnd(12)}${printable(check.detail)}`,
          ...(check.remedy ? [`${' '.repeat(24)}→ ${printable(tools.say.remedy(check.remedy))}`] : []),
        ]),
        ...foundLines(server.name, found, tools),
      ],
      exit: keyRefused ? exitCodes.refused : failed ? exitCodes.failed : exitCodes.done,
    }
  },
}

const remove: Word = {
  usage: 'server remove NAME',
  asksNothing: true,
  operands: [1, 1],
  options: {},
  async run(given, tools) {
    const server = await findServer(given.operands[0] ?? '', tools)
    await tools.call('server.remove', { id: server.id })
    return { json: { ok: true }, lines: [tools.say.removed(server.name)], exit: exitCodes.done }
  },
}

/** What `--host-key` names. Throws `wrong-usage` for what is no fingerprint. */
export function hostKeyOf(given: Given): string | null {
  const hostKey = given.text('host-key') ?? null
  if (hostKey !== null && !fingerprintSchema.safeParse(hostKey).success)
    throw wrongUsage('--host-key takes a fingerprint as ssh-keygen -l prints it: SHA256:…')
  return hostKey
}

export const serverWords = { 'server add': add, 'server list': list, 'server test': test, 'server remove': remove }

function authOf(given: Given, cwd: string): { kind: 'auto' | 'agent' | 'password' } | { kind: 'key'; file: string } {
  const key = given.text('key')
  if (given.among('key', 'agent', 'password').length > 1) throw wrongUsage('Name one of --key, --agent and --password.')
  if (key !== undefined) return { kind: 'key', file: resolve(cwd, key) }
  if (given.flag('agent')) return { kind: 'agent' }
  return { kind: given.flag('password') ? 'password' : 'auto' }
}

function portOf(text: string | undefined): number {
  if (text === undefined) return 22
  if (!/^\d{1,5}$/.test(text) || Number(text) < 1 || Number(text) > 65535) throw wrongUsage('--port takes 1 to 65535.')
  return Number(text)
}

/** What was found, as the command that adds it. */
function foundLines(server: string, found: readonly FoundDatabase[], { say }: Tools): string[] {
  if (found.length === 0) return []
  return [
    '',
    say.found,
    ...found.map((each) => `  lifeboat database add ${words([`${server}/${each.label}`, ...placeOptions(each)])}`),
  ]
}

function placeOptions(found: FoundDatabase): string[] {
  const { place } = found
  const where =
    place.kind === 'compose'
      ? [
          '--compose',
          place.dir,
          ...(place.file ? ['--compose-file', place.file] : []),
          ...(place.project ? ['--compose-project', place.project] : []),
          '--service',
          place.service,
        ]
      : place.kind === 'container'
        ? ['--container', place.container]
        : ['--on-host']
  return [
    ...where,
    '--dbname',
    found.dbname,
    '--dbuser',
    found.dbuser,
    ...(found.backups ? ['--backups', found.backups] : []),
    ...found.env.flatMap((file) => ['--env', file]),
  ]
}

/** Quoted for the shell of the person who will paste it. */
function words(list: readonly string[]): string {
  return list.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ')
}

export function secondsOf(from: string, to: string | null): number {
  return to === null ? 0 : Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000)
}
