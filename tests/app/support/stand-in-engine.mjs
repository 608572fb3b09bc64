// An engine that does no work: for the faults and moments of the shell's tests that a real one reaches only by luck.
// Plain JavaScript without imports, so that every Node runs it as it stands.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

const { parentPort } = process
const post = (message) => (parentPort ? parentPort.postMessage(message) : process.send(message))
const event = (name, value) => post({ t: 'event', name, value })
const listen = (listener) =>
  parentPort ? parentPort.on('message', ({ data }) => listener(data)) : process.on('message', listener)
process.on('disconnect', () => process.exit(0))

const at = '2026-01-05T03:00:00.000Z'
const server = { id: 's1', name: 'shop', host: 'db.example.net', port: 22, user: 'ops', auth: { kind: 'auto' } }
Object.assign(server, { jump: null, hostKey: null, configHost: null, demo: false, addedAt: at })
const database = { id: 'd1', server: 's1', serverName: 'shop', label: 'prod', place: { kind: 'host' }, addedAt: at }
Object.assign(database, { dbname: 'shop_db', dbuser: 'shop', backups: null, env: [], format: 'auto' })
const pin = { host: server.host, port: 22, type: 'ssh-ed25519', key: 'AAAA', addedAt: at }
pin.fingerprint = `SHA256:${'a'.repeat(43)}`

let options
let settings = { language: 'en', theme: 'system', ageLimitHours: 26, copiesDir: null, formerCopiesDirs: [] }
settings.sandbox = 'auto'
const removed = []
const jobs = new Map()

function job(id, change) {
  const row = {
    id,
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
    ...jobs.get(id),
    ...change,
  }
  jobs.set(id, row)
  event('job', row)
  return row
}

let asked = 0
const waiting = new Map()
const ask = (name, input) =>
  new Promise((resolve) => {
    waiting.set(asked, resolve)
    post({ t: 'ask', n: asked++, name, input })
  })

/** Walks through the host's keychain and tells what it answered. */
async function tryKeychain() {
  const reference = 'server:s1:password'
  const steps = [
    ['keychain.status', {}],
    ['keychain.set', { reference, secret: 'opensesame-4711' }],
    ['keychain.get', { reference }],
    ['keychain.list', {}],
  ]
  const seen = []
  for (const [name, input] of steps) {
    const answer = await ask(name, input)
    seen.push({ name, outcome: 'ok', detail: JSON.stringify(answer.ok ? answer.value : answer.failure), remedy: null })
  }
  return seen
}

const answers = {
  'server.list': () => [server],
  'database.list': () => [database],
  'pin.list': () => [pin],
  'job.list': () => [...jobs.values()],
  'settings.get': () => settings,
  'settings.set': (change) => {
    settings = { ...settings, ...change }
    event('changed', { words: ['settings'] })
    return settings
  },
  'backup.start': ({ databaseId }) => ({ jobId: job(databaseId).id }),
  'job.cancel': ({ id }) => {
    job(id, { state: 'done', outcome: 'proven', endedAt: at })
    return {}
  },
  'job.log': () => removed.map((text) => ({ at, text })),
  'app.facts': () => ({
    version: options.version,
    dataDir: options.dataDir,
    copiesDir: String(options.copiesDir),
    sqlite: String(process.pid),
    node: process.version,
    keychain: 'absent',
    rebuilt: null,
  }),
  // never answered: what becomes of a call whose engine dies?
  'catalogue.rebuild': () => new Promise(() => {}),
  doctor: tryKeychain,
  'server.sshHosts': () => {
    throw new Error('sshHosts')
  },
}
for (const name of ['server.remove', 'database.remove', 'pin.remove', 'demo.remove'])
  answers[name] = (input) => {
    removed.push(`${name} ${JSON.stringify(input)}`)
    return {}
  }

async function reply({ n, name, input }) {
  try {
    post({ t: 'reply', n, ok: true, value: await answers[name](input) })
  } catch (error) {
    const failure = { kind: 'not-found', message: String(error), remedy: 'None.', retry: 'no' }
    post({ t: 'reply', n, ok: false, failure })
  }
}

listen((message) => {
  switch (message.t) {
    case 'start':
      options = message.options
      if (process.env.STAND_IN_FAILS) process.exit(7)
      return post({ t: 'ready', version: options.version })
    case 'call':
      return void reply(message)
    case 'answer':
      return waiting.get(message.n)?.(message)
    case 'wake':
      return event('changed', { words: ['server'] })
    case 'stop':
      writeFileSync(join(options.dataDir, 'stopped-in-order'), '')
      return process.exit(0)
  }
})
