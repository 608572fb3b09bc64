// An engine that does no work: for the faults and moments of the shell's tests that a real one reaches only by luck.
// Nothing is imported but types and Node's own, so that it also runs where its types were only stripped off.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EngineEvents } from '#shared/contract.ts'
import type { Job } from '#shared/job.ts'
import type { Settings } from '#shared/settings.ts'
import type { AskName, FromEngine, StartOptions, ToEngine } from '#shared/wire.ts'

type Call = Extract<ToEngine, { t: 'call' }>
type HostAnswer = Extract<ToEngine, { t: 'answer' }>

// Under Node there is no parentPort, whatever Electron's types say.
const port: Electron.ParentPort | undefined = process.parentPort

function post(message: FromEngine): void {
  if (port) port.postMessage(message)
  else process.send?.(message)
}

function announce<E extends keyof EngineEvents>(name: E, value: EngineEvents[E]): void {
  post({ t: 'event', name, value })
}

const at = '2026-01-05T03:00:00.000Z'
const server = {
  id: 's1',
  name: 'shop',
  host: 'db.example.net',
  port: 22,
  user: 'ops',
  auth: { kind: 'auto' },
  jump: null,
  hostKey: null,
  configHost: null,
  demo: false,
  addedAt: at,
}
const database = {
  id: 'd1',
  server: 's1',
  serverName: 'shop',
  label: 'prod',
  place: { kind: 'host' },
  dbname: 'shop_db',
  dbuser: 'shop',
  backups: null,
  env: [],
  format: 'auto',
  addedAt: at,
}
const firstJob: Job = {
  id: '',
  kind: 'backup',
  state: 'running',
  subject: 'shop/prod',
  serverId: 's1',
  databaseId: 'd1',
  copyIds: [],
  step: 'transfer',
  stepDetail: null,
  bytesDone: 25,
  bytesTotal: 100,
  rows: 0,
  startedAt: at,
  endedAt: null,
  lastTook: null,
  failure: null,
  outcome: null,
}

let options: StartOptions = { dataDir: '.', copiesDir: null, logsDir: '.', version: '0' }
let settings: Settings = {
  language: 'en',
  theme: 'system',
  ageLimitHours: 26,
  copiesDir: null,
  formerCopiesDirs: [],
  sandbox: 'auto',
  keepSandboxMinutes: 15,
  vaultIdleMinutes: 10,
}
const question: EngineEvents['prompt'] = {
  id: 'p1',
  kind: 'secret',
  server: 'shop',
  what: 'key-passphrase',
  subject: '~/.ssh/id_ed25519',
  questions: [],
  again: false,
  canRemember: false,
}
const removed: string[] = []
const jobs = new Map<string, Job>()
const ofAnotherProcess: Job[] = process.env['STAND_IN_OTHERS'] ? [{ ...firstJob, id: 'foreign' }] : []

function changeJob(id: string, change: Partial<Job>): void {
  const row = { ...firstJob, ...jobs.get(id), id, ...change }
  jobs.set(id, row)
  announce('job', row)
}

let asked = 0
const waiting = new Map<number, (answer: HostAnswer) => void>()
function ask(name: AskName, input: unknown): Promise<HostAnswer> {
  return new Promise((resolve) => {
    waiting.set(asked, resolve)
    post({ t: 'ask', n: asked, name, input })
    asked += 1
  })
}

/** Walks through the host's keychain and tells what it answered. */
async function tryKeychain(): Promise<unknown> {
  const reference = 'server:s1:password'
  const seen: unknown[] = []
  const step = async (name: AskName, input: unknown): Promise<void> => {
    const answer = await ask(name, input)
    const detail = JSON.stringify(answer.ok ? answer.value : { refused: answer.failure.kind })
    seen.push({ name, outcome: 'ok', detail, remedy: null })
  }
  await step('keychain.status', {})
  await step('keychain.get', { reference })
  await step('keychain.set', { reference, secret: 'opensesame-4711' })
  await step('keychain.get', { reference })
  await step('keychain.list', {})
  return seen
}

function textOf(input: unknown, key: string): string {
  return typeof input === 'object' && input !== null ? String(Reflect.get(input, key)) : ''
}

function answer({ name, input }: Call): unknown {
  switch (name) {
    case 'server.list':
      return [server]
    case 'database.list':
      return [database]
    case 'job.list':
      return [...jobs.values(), ...ofAnotherProcess]
    case 'job.log':
      return removed.map((text) => ({ at, text }))
    case 'backup.start':
      changeJob(textOf(input, 'databaseId'), {})
      return { jobId: textOf(input, 'databaseId') }
    case 'server.test':
      announce('prompt', question)
      return { jobId: 't1' }
    case 'job.cancel':
      changeJob(textOf(input, 'id'), { state: 'done', outcome: 'proven', endedAt: at })
      return {}
    case 'settings.get':
      return settings
    case 'settings.set':
      settings = Object.assign({ ...settings }, input)
      announce('changed', { words: ['settings'] })
      return settings
    case 'app.facts':
      // The process is of interest here, not the version of SQLite.
      return { ...options, sqlite: String(process.pid), node: process.version, keychain: 'absent', rebuilt: null }
    case 'keychain.list':
      return [{ reference: 'vault:passphrase', subject: 'vault' }]
    case 'server.remove':
    case 'keychain.forget':
      removed.push(`${name} ${JSON.stringify(input)}`)
      return {}
    case 'catalogue.rebuild':
      // Never answered: what becomes of a call whose engine dies?
      return new Promise(() => undefined)
    case 'doctor':
      return tryKeychain()
    default:
      throw new Error(`${name} is not part of the stand-in.`)
  }
}

async function reply(call: Call): Promise<void> {
  const { n } = call
  try {
    post({ t: 'reply', n, ok: true, value: await answer(call) })
  } catch (error) {
    post({ t: 'reply', n, ok: false, failure: { kind: 'bug', message: String(error), remedy: 'None.', retry: 'no' } })
  }
}

function listen(message: ToEngine): void {
  switch (message.t) {
    case 'start':
      options = message.options
      if (process.env['STAND_IN_FAILS']) process.exit(7)
      return post({ t: 'ready', version: options.version })
    case 'call':
      return void reply(message)
    case 'answer':
      return waiting.get(message.n)?.(message)
    case 'wake':
      return announce('changed', { words: ['server'] })
    case 'stop':
      writeFileSync(join(options.dataDir, 'stopped-in-order'), '')
      return process.exit(0)
  }
}

process.on('disconnect', () => process.exit(0))
if (port) port.on('message', (event: { data: ToEngine }) => listen(event.data))
else process.on('message', listen)
