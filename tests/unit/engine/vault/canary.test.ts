import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { campaign } from '../../../support/faults.ts'
import { scratch } from '../../../support/copies.ts'
import { envFiles, filesBelow, memoryKeychain, vaultWorld } from '../../../support/vault.ts'

const canary = 'CANARY-4f9a7be1-value'
const typed = 'PASSPHRASE-c02d-typed'
const text = [
  `# OLD_SECRET=${canary}`,
  `TOKEN=${canary}`,
  `URL="postgres://user:${canary}@db/app"`,
  `${canary} stands in a line that is no assignment`,
  `KEY='-----BEGIN PRIVATE KEY-----\n${canary}\n-----END PRIVATE KEY-----'`,
  '',
].join('\n')

/** As a file could hold it: in clear, in either byte order of UTF-16, in base64 at any of three places. */
const shapes = [canary, typed].flatMap((word) => [
  Buffer.from(word),
  Buffer.from(word, 'utf16le'),
  ...[0, 1, 2].map((shift) => {
    const base64 = Buffer.from('x'.repeat(shift) + word).toString('base64')
    return Buffer.from(base64.slice(4, -6))
  }),
])
const holds = (bytes: Uint8Array | string): boolean => shapes.some((shape) => Buffer.from(bytes).includes(shape))

afterEach(() => void vi.unstubAllEnvs())

test('the search finds what it is to find', () => {
  for (const shape of shapes) expect(holds(Buffer.concat([Buffer.from('..'), shape, Buffer.from('..')]))).toBe(true)
  expect(holds(Buffer.from(`ab${canary}`).toString('base64'))).toBe(true)
  expect(holds('nothing of it')).toBe(false)
})

test('a value is nowhere but in its file, in the seal, and in the answer that reveals it', async () => {
  const { came } = campaign('canary: places searched', { full: 1, sample: 1 })
  const [temp, outside] = [scratch(), scratch()]
  vi.stubEnv('TMPDIR', temp)
  const { keychain, held } = memoryKeychain()
  const world = await vaultWorld({ dataDir: join(outside, 'data'), keychain, types: [typed] })
  const { engine, databaseId } = world
  const files = envFiles({ '.env': text, other: `A=${canary}\n` }, join(outside, 'files'))
  const id = await world.seal(files)
  const second = await world.seal(envFiles({ '.env': `TOKEN=${canary}-2\n` }, join(outside, 'others')))

  const answers: unknown[] = [
    await engine.call('vault.show', { id }),
    await engine.call('vault.diff', { left: id, right: second }),
    await engine.call('vault.list', {}),
    await engine.call('vault.unlock', {}),
    await engine.call('vault.recoverySheet', { language: 'en' }),
    await engine.call('vault.recipients', {}),
  ]
  // faults tell what went wrong, and of what: never the content
  const failing = [
    engine.call('vault.open', { id, to: '/dev/null/nowhere' }),
    engine.call('vault.open', { id, to: scratch(), files: ['none'] }),
    engine.call('vault.reveal', { id, file: '.env', line: 1000 }),
    world.result(await engine.call('vault.drift', { databaseId })),
    world.seal([...files, join(scratch(), 'gone')]),
  ]
  for (const outcome of await Promise.allSettled(failing)) {
    expect(outcome.status).toBe('rejected')
    if (outcome.status === 'rejected') answers.push(String(outcome.reason), JSON.stringify(outcome.reason))
  }
  const jobs = await engine.call('job.list', {})
  answers.push(jobs, ...(await Promise.all(jobs.map((job) => engine.call('job.log', { id: job.id })))))
  await engine.call('vault.lock', {})

  for (const answer of [...answers, ...world.events]) {
    expect(holds(JSON.stringify(answer))).toBe(false)
    came('message without it')
  }
  for (const path of [...filesBelow(world.dataDir), ...filesBelow(temp)]) {
    expect([path, holds(readFileSync(path))]).toEqual([path, false])
    came('file without it')
  }
  expect(holds(JSON.stringify([...held]))).toBe(false)
  const own = `/proc/${process.pid}`
  for (const name of ['cmdline', 'environ']) expect(holds(readFileSync(join(own, name)))).toBe(false)
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('lifeboat-open'))).toEqual([])
  expect(await engine.call('vault.reveal', { id, file: '.env', line: 2 })).toEqual({ key: 'TOKEN', value: canary })
})

test('neither the passphrase nor a value is on the command line or in the environment of what is started', async () => {
  const { came } = campaign('canary: /proc of every process started', { full: 1, sample: 1 })
  const home = scratch()
  vi.stubEnv('GNUPGHOME', home)
  spawnSync('chmod', ['700', home])
  const key = [
    '--batch',
    '--passphrase',
    '',
    '--quick-gen-key',
    'ann@example.org',
    'future-default',
    'default',
    'never',
  ]
  spawnSync('gpg', key)
  const world = await vaultWorld({ types: [typed], now: () => new Date() })
  const id = await world.seal(envFiles({ '.env': text }), { kind: 'keys', recipients: ['ann@example.org'] })
  const other = await vaultWorld({ dataDir: world.dataDir, now: () => new Date() })
  let over = false
  const opened = other.engine.call('vault.show', { id }).finally(() => (over = true))
  let seen = 0
  while (!over) {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      if (!isOurs(pid)) continue
      for (const name of ['cmdline', 'environ']) expect(holds(readProc(`/proc/${pid}/${name}`))).toBe(false)
      seen += 1
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  await opened
  spawnSync('gpgconf', ['--homedir', home, '--kill', 'all'])
  expect(seen).toBeGreaterThan(0)
  came('searched')
})

function isOurs(pid: string): boolean {
  try {
    return statSync(`/proc/${pid}`).uid === process.getuid?.()
  } catch {
    return false
  }
}

/** A process may be gone by now. */
function readProc(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch {
    return Buffer.alloc(0)
  }
}
