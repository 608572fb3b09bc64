import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { LifeboatFailure } from '#shared/failure.ts'
import { connect, type Connection } from '#engine/ssh/connect.ts'
import type { HostTrust, Question, SshAuth, SshTarget, Timeouts } from '#engine/ssh/target.ts'
import { startTcpProxy, type ProxyFaults, type TcpProxy } from '../support/tcp-proxy.ts'
import { rig, rigMissing, type RigSshServer, type RigUser } from './machine/rig.ts'

const missing = rigMissing()
if (missing !== null) console.warn(`not run: the SSH layer against a real sshd: ${missing}`)

const signal = new AbortController().signal
const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

function trust(...servers: RigSshServer[]): HostTrust {
  const files = servers.flatMap((server) =>
    server.hostKeys.map((key) => `[${server.host}]:${server.port} ${key.publicKey}`),
  )
  const folder = mkdtempSync(join(tmpdir(), 'lifeboat-trust-'))
  const file = join(folder, 'known_hosts')
  writeFileSync(file, `${files.join('\n')}\n`)
  open.push({ close: async () => rmSync(folder, { recursive: true }) })
  return { pins: () => [], settle: () => {}, knownHostsFiles: [file] }
}

function targetOf(user: RigUser, auth?: SshAuth): SshTarget {
  const { ssh, keys } = rig()
  const usual: SshAuth = user.login.startsWith('publickey')
    ? { kind: 'key', file: keys.ed25519.path }
    : { kind: 'password' }
  return { label: user.name, host: ssh.host, port: ssh.port, user: user.name, auth: auth ?? usual }
}

async function reach(
  user: RigUser,
  options: { auth?: SshAuth; asked?: Question[]; answer?: string } = {},
): Promise<Connection> {
  const ask = async (question: Question) => {
    options.asked?.push(question)
    const answer = options.answer ?? user.password
    return answer === null ? null : question.questions.map(() => answer)
  }
  const connection = await connect(targetOf(user, options.auth), { signal, trust: trust(rig().ssh), ask })
  open.unshift({ close: () => connection.end() })
  return connection
}

/** The same server behind a line that can be broken; the key is known by a pin of every type. */
async function reachThrough(
  faults: ProxyFaults = {},
  timeouts: Partial<Timeouts> = {},
): Promise<{ connection: Connection; proxy: TcpProxy }> {
  const { ssh, users } = rig()
  const proxy = await startTcpProxy(ssh, faults)
  open.unshift(proxy)
  const pins = ssh.hostKeys.map(({ publicKey }) => ({
    type: publicKey.split(' ')[0] ?? '',
    key: publicKey.split(' ')[1] ?? '',
    way: '',
  }))
  const target = { ...targetOf(users.operator), host: proxy.host, port: proxy.port }
  const connection = await connect(target, {
    signal,
    trust: { pins: () => pins, settle: () => {}, knownHostsFiles: [] },
    ask: async () => null,
    timeouts,
  })
  open.unshift({ close: () => connection.end() })
  return { connection, proxy }
}

const kindOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'done',
    (error: LifeboatFailure) => error.kind ?? error.name,
  )

async function taken(stream: AsyncIterable<Buffer>): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of stream) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { bytes, sha256: hash.digest('hex') }
}

describe.skipIf(missing !== null)('at a real sshd', () => {
  describe('the login', () => {
    test('by each kind of key, and by an encrypted one', async () => {
      const { users, keys } = rig()
      for (const key of [keys.ed25519, keys.rsa, keys.ecdsa]) {
        const connection = await reach(users.operator, { auth: { kind: 'key', file: key.path } })
        expect(await connection.run(['id', '-un'], { signal })).toMatchObject({
          code: 0,
          stdout: `${users.operator.name}\n`,
        })
        expect(connection.facts.cipher).toMatch(/gcm/)
        expect(rig().ssh.hostKeys.map((one) => one.fingerprint)).toContain(connection.facts.hostKey.fingerprint)
      }
      const asked: Question[] = []
      await reach(users.operator, {
        auth: { kind: 'key', file: keys.encrypted.path },
        asked,
        answer: keys.encrypted.passphrase ?? '',
      })
      expect(asked.map((question) => question.kind)).toEqual(['key-passphrase'])
    })

    test('by password, by the server’s questions, and in two steps', async () => {
      const { users } = rig()
      const kinds: string[][] = []
      for (const user of [users.password, users.prompts, users.twoSteps]) {
        const asked: Question[] = []
        const connection = await reach(user, { asked })
        expect((await connection.run(['id', '-un'], { signal })).stdout).toBe(`${user.name}\n`)
        kinds.push(asked.map((question) => question.kind))
      }
      expect(kinds).toEqual([['password'], ['keyboard-interactive'], ['keyboard-interactive']])
    })

    test('is refused to a stranger’s key, and to a password that is wrong three times', async () => {
      const { users, keys } = rig()
      expect(await kindOf(reach(users.operator, { auth: { kind: 'key', file: keys.stranger.path } }))).toBe(
        'login-refused',
      )
      const asked: Question[] = []
      expect(await kindOf(reach(users.password, { asked, answer: 'wrong' }))).toBe('login-refused')
      expect(asked).toHaveLength(3)
    })

    test('through a jump host, each key known for itself', async () => {
      const { ssh, inner, users, keys } = rig()
      const jump = targetOf(users.operator)
      const auth: SshAuth = { kind: 'key', file: keys.ed25519.path }
      const target = { label: 'inner', host: inner.host, port: inner.port, user: users.operator.name, auth, jump }
      const ask = async () => null
      const unknown = connect(target, { signal, ask, trust: trust(ssh) })
      await expect(unknown).rejects.toMatchObject({
        kind: 'host-key-unknown',
        presented: { host: inner.host, port: inner.port },
      })
      const connection = await connect(target, { signal, ask, trust: trust(ssh, inner) })
      open.unshift({ close: () => connection.end() })
      const { stdout } = await connection.run(['sh', '-c', 'echo $SSH_CONNECTION'], { signal })
      expect(stdout).toMatch(new RegExp(`${inner.host.replaceAll('.', '\\.')} ${inner.port}$`, 'm'))
    })
  })

  describe('a command', () => {
    test('is not spoiled by what start files print, on either output', async () => {
      const connection = await reach(rig().users.noisy)
      expect(await connection.run(['printf', '%s', '{"a":1}'], { signal })).toEqual({
        code: 0,
        signal: null,
        stdout: '{"a":1}',
        stderr: '',
      })
      const stream = await connection.stream(['head', '-c', '1000000', '/dev/zero'], { signal })
      expect((await taken(stream.stdout)).bytes).toBe(1_000_000)
      expect(await stream.done).toEqual({ code: 0, signal: null, stderr: '' })
    })

    test('says its exit code, its signal and its last words', async () => {
      for (const user of [rig().users.operator, rig().users.dash]) {
        const connection = await reach(user)
        expect(await connection.run(['sh', '-c', 'echo out; echo err >&2; exit 7'], { signal })).toEqual({
          code: 7,
          signal: null,
          stdout: 'out\n',
          stderr: 'err\n',
        })
        expect(await connection.run(['sh', '-c', 'kill -TERM $$'], { signal })).toMatchObject({
          code: null,
          signal: 'SIGTERM',
        })
        expect(await connection.run(['/no/such/program'], { signal })).toMatchObject({ code: 127 })
      }
    })

    test('gets secrets by stdin, and they show in no process list', async () => {
      const connection = await reach(rig().users.operator)
      const secret = randomBytes(12).toString('hex')
      const script = 'read -r x; printf %s "$x" | wc -c; ps -ewwo args'
      const { stdout } = await connection.run(['sh', '-c', script], { signal, input: `${secret}\n` })
      expect(stdout).toMatch(/^\s*24\n/)
      expect(stdout).not.toContain(secret)
    })

    test('whose session is killed on the server is lost, never done', async () => {
      const connection = await reach(rig().users.operator)
      const script = 'echo $$ $PPID; while :; do printf %09000d 0; done'
      const stream = await connection.stream(['sh', '-c', script], { signal })
      const reader = stream.stdout[Symbol.asyncIterator]()
      const first = String((await reader.next()).value)
      const sessionOfSshd = Number(/^\d+ (\d+)/.exec(first)?.[1])
      process.kill(sessionOfSshd, 'SIGKILL')
      const rest = async () => {
        while (!(await reader.next()).done);
      }
      expect(await kindOf(rest())).toBe('connection-lost')
      expect(await kindOf(stream.done)).toBe('connection-lost')
    })

    test('runs beside others on one connection, each with its own output', async () => {
      const connection = await reach(rig().users.operator)
      const results = await Promise.all(
        Array.from({ length: 40 }, (_, i) => connection.run(['sh', '-c', `sleep 0.05; echo ${i}`], { signal })),
      )
      expect(results.map((result) => result.stdout.trim())).toEqual(Array.from({ length: 40 }, (_, i) => String(i)))
    })
  })

  describe('files', () => {
    let folder = ''
    const uidOf = (name: string) => Number(execFileSync('id', ['-u', name], { encoding: 'utf8' }))
    beforeAll(() => {
      folder = mkdtempSync(join(rig().users.operator.home, 'ssh-test-'))
      chownSync(folder, uidOf(rig().users.operator.name), 0)
    })
    afterAll(() => {
      if (folder !== '' && existsSync(folder)) rmSync(folder, { recursive: true })
    })

    test('are listed, 10,000 of them, with sizes and times', async () => {
      const many = join(folder, 'many')
      mkdirSync(many)
      for (let i = 0; i < 10_000; i++) writeFileSync(join(many, `backup_prod_${i}.sql.gz`), 'x'.repeat(i % 7))
      mkdirSync(join(many, "it's a folder\n备份"))
      const sftp = await (await reach(rig().users.operator)).sftp(signal)
      const entries = await sftp.list(many)
      expect(entries).toHaveLength(10_001)
      expect(new Set(entries.map((entry) => entry.name)).size).toBe(10_001)
      const one = statSync(join(many, 'backup_prod_6.sql.gz'))
      expect(entries.find((entry) => entry.name === 'backup_prod_6.sql.gz')).toMatchObject({
        kind: 'file',
        bytes: 6,
        modified: Math.floor(one.mtimeMs / 1000),
      })
      expect(entries.find((entry) => entry.kind === 'folder')?.name).toBe("it's a folder\n备份")
    })

    test('are listed quickly over a line with delay', async () => {
      const { connection } = await reachThrough({ delayMs: 25 })
      const sftp = await connection.sftp(signal)
      expect(await sftp.list(join(folder, 'many'))).toHaveLength(10_001)
    })

    test.for([0, 1, 131_071, 131_072, 131_073, 20_000_003])(
      'of %i bytes are read whole, also from the middle',
      async (bytes) => {
        const path = join(folder, `file-${bytes}`)
        const content = randomBytes(bytes)
        writeFileSync(path, content)
        const sha = (part: Buffer) => createHash('sha256').update(part).digest('hex')
        const sftp = await (await reach(rig().users.operator)).sftp(signal)
        const file = await sftp.open(path)
        expect(file.facts.bytes).toBe(bytes)
        expect(await taken(file.read())).toEqual({ bytes, sha256: sha(content) })
        const start = Math.floor(bytes / 3)
        expect(await taken(file.read({ start }))).toEqual({
          bytes: bytes - start,
          sha256: sha(content.subarray(start)),
        })
        await file.close()
      },
    )

    test('that are not there, not readable, or become shorter are said to be so', async () => {
      const sftp = await (await reach(rig().users.operator)).sftp(signal)
      expect(await sftp.stat('/no/such/file')).toBeNull()
      expect(await kindOf(sftp.open('/no/such/file'))).toBe('backup-vanished')
      expect(await kindOf(sftp.list('/no/such/folder'))).toBe('folder-missing')
      expect(await kindOf(sftp.open('/etc/shadow'))).toBe('remote-command')
      expect(await kindOf(sftp.list('/root'))).toBe('remote-command')
      const path = join(folder, 'shrinks')
      writeFileSync(path, randomBytes(40_000_000))
      const file = await sftp.open(path)
      const stream = file.read()
      const reading = (async () => {
        for await (const chunk of stream as AsyncIterable<Buffer>)
          if (chunk.length > 0 && statSync(path).size > 1000) truncateSync(path, 1000)
      })()
      expect(await kindOf(reading)).toBe('backup-changed')
      expect(await file.stat()).toMatchObject({ bytes: 1000 })
    })

    test('that are read when the line breaks, or when it goes black, end in a failure', async () => {
      const path = join(folder, 'file-20000003')
      for (const fault of ['resetAll', 'goSilent'] as const) {
        const { connection, proxy } = await reachThrough({}, { keepAlive: 300, dead: 2500 })
        proxy.faults.bytesPerSecond = 2_000_000
        const file = await (await connection.sftp(signal)).open(path)
        const reading = taken(file.read())
        await expect.poll(() => proxy.passed.fromServer).toBeGreaterThan(500_000)
        proxy[fault]()
        expect(await kindOf(reading), fault).toBe('connection-lost')
      }
    })

    test('that are small are read in one go, within a limit', async () => {
      const sftp = await (await reach(rig().users.operator)).sftp(signal)
      expect((await sftp.readFile('/etc/hostname', 10_000)).toString()).toBe(readFileSync('/etc/hostname', 'utf8'))
      expect(await kindOf(sftp.readFile(join(folder, 'file-131073'), 1000))).toBe('remote-command')
      expect(await sftp.realPath('.')).toBe(rig().users.operator.home)
    })
  })

  describe('a line that breaks never looks like an end', () => {
    const ways = ['reset', 'end'] as const

    test('at 40 places inside the output, by a reset and by an orderly end of TCP', async () => {
      const size = 2_000_000
      // the server sends `size` bytes at least, so that each of these is before its end, and far behind the handshake
      for (let place = 0; place < 40; place++) {
        const cutAfter = Math.floor((size * (place + 1)) / 41)
        const { connection, proxy } = await reachThrough({ cutAfter, cutBy: ways[place % 2] ?? 'reset' })
        const stream = await connection.stream(['head', '-c', `${size}`, '/dev/zero'], { signal })
        expect(await kindOf(taken(stream.stdout)), `cut after ${cutAfter}`).toBe('connection-lost')
        expect(await kindOf(stream.done), `cut after ${cutAfter}`).toBe('connection-lost')
        expect(proxy.passed.fromServer).toBe(cutAfter)
      }
    })

    /** Takes all the output, and has the line break so many bytes behind it: among the exit status, EOF and CLOSE. */
    async function cutBehindTheOutput(size: number, behind: number, cutBy: (typeof ways)[number]): Promise<string> {
      const { connection, proxy } = await reachThrough({ cutBy })
      const command = ['sh', '-c', `head -c ${size} /dev/zero; read -r go; exit 7`]
      const stream = await connection.stream(command, { signal, openStdin: true })
      let bytes = 0
      const reading = (async () => {
        for await (const chunk of stream.stdout as AsyncIterable<Buffer>) {
          bytes += chunk.length
          if (bytes < size) continue
          proxy.faults.cutAfter = proxy.passed.fromServer + behind
          stream.stdin.end('go\n')
        }
      })()
      const [read, done] = await Promise.all([kindOf(reading), kindOf(stream.done)])
      expect(bytes).toBe(size)
      expect(read, `${behind} bytes behind the output`).toBe(done)
      if (done === 'done') expect(await stream.done).toMatchObject({ code: 7, signal: null })
      return done
    }

    test('at 40 places behind the last byte, among the words that say how it ended', async () => {
      // an exit status and an EOF are 30 bytes of their own, each packed and sealed: no cipher brings both within 40
      const tooEarly = Array.from({ length: 20 }, (_, place) => place * 2)
      for (const [index, behind] of tooEarly.entries())
        expect(await cutBehindTheOutput(100_000, behind, ways[index % 2] ?? 'reset')).toBe('connection-lost')
      for (let place = 0; place < 20; place++) {
        const outcome = await cutBehindTheOutput(100_000, 40 + place * 6, ways[place % 2] ?? 'reset')
        expect(['connection-lost', 'done']).toContain(outcome)
      }
      expect(await cutBehindTheOutput(100_000, Infinity, 'reset')).toBe('done')
    })
  })
})
