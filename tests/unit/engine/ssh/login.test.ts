import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { utils, type AuthContext } from 'ssh2'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Question, SshAuth } from '#engine/ssh/target.ts'
import { faultyServer, reach, type FaultyServer } from './faulty-server.ts'

const open: FaultyServer[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

type Outcome = { kind: string; detail?: string; asked: Question[] }

/** Logs in and says how it went and what was asked. `answers` are given in turn; then it is declined. */
async function login(
  authenticate: (context: AuthContext) => void,
  auth: SshAuth,
  answers: (readonly string[] | null)[] = [],
): Promise<Outcome> {
  const server = await faultyServer({ authenticate })
  open.push(server)
  const asked: Question[] = []
  const ask = async (question: Question) => {
    asked.push(question)
    return answers[asked.length - 1] ?? null
  }
  try {
    const connection = await reach({ ...server, target: { ...server.target, auth } }, { ask })
    await connection.end()
    return { kind: 'in', asked }
  } catch (error) {
    if (!(error instanceof LifeboatFailure)) throw error
    return { kind: error.kind, asked, ...(error.detail === undefined ? {} : { detail: error.detail }) }
  }
}

describe('a password', () => {
  const takes = (right: string) => (context: AuthContext) => {
    if (context.method === 'password' && context.password === right) context.accept()
    else context.reject(['password'])
  }
  const wanted: SshAuth = { kind: 'password' }

  test('is asked for and given', async () => {
    const { kind, asked } = await login(takes('right'), wanted, [['right']])
    expect(kind).toBe('in')
    expect(asked).toEqual([
      {
        kind: 'password',
        label: 'faulty',
        subject: 'someone@127.0.0.1',
        keptAs: null,
        account: expect.stringMatching(/^someone@127\.0\.0\.1:\d+$/),
        questions: [{ text: 'Password', echo: false }],
        attempt: 1,
      },
    ])
  })

  test('may be wrong twice', async () => {
    const { kind, asked } = await login(takes('right'), wanted, [['a'], ['b'], ['right']])
    expect(kind).toBe('in')
    expect(asked.map((question) => question.attempt)).toEqual([1, 2, 3])
  })

  test('that is wrong three times is refused, and not asked for a fourth time', async () => {
    const { kind, asked } = await login(takes('right'), wanted, [['a'], ['b'], ['c'], ['right']])
    expect(kind).toBe('login-refused')
    expect(asked).toHaveLength(3)
  })

  test('that is not given ends the attempt', async () => {
    expect((await login(takes('right'), wanted, [null])).kind).toBe('answer-needed')
  })

  test('that has to be changed first is a refusal that ends', async () => {
    const demands = (context: AuthContext) => {
      if (context.method === 'password') context.requestChange('choose a new one', () => {})
      else context.reject(['password'])
    }
    expect((await login(demands, wanted, [['old']])).kind).toBe('login-refused')
  })

  test('is not asked for where the server takes none', async () => {
    const { kind, asked, detail } = await login((context) => context.reject(['publickey']), wanted)
    expect({ kind, asked, detail }).toEqual({ kind: 'login-refused', asked: [], detail: 'it takes: publickey' })
  })
})

describe("the server's own questions", () => {
  test('are passed on as they are, also in several rounds', async () => {
    const { kind, asked } = await login(
      (context) => {
        if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive'])
        context.prompt([{ prompt: 'Password: ', echo: false }], 'PAM', (first) => {
          context.prompt(
            [
              { prompt: 'Code: ', echo: true },
              { prompt: 'Pet: ', echo: true },
            ],
            'PAM',
            (second) => {
              if ([...first, ...second].join() === 'pw,123456,cat') context.accept()
              else context.reject(['keyboard-interactive'])
            },
          )
        })
      },
      { kind: 'auto' },
      [['pw'], ['123456', 'cat']],
    )
    expect(kind).toBe('in')
    expect(asked.map(({ questions }) => questions)).toEqual([
      [{ text: 'Password: ', echo: false }],
      [
        { text: 'Code: ', echo: true },
        { text: 'Pet: ', echo: true },
      ],
    ])
  })

  test('that are not answered end the attempt', async () => {
    const asks = (context: AuthContext) => {
      if (context.method === 'keyboard-interactive') context.prompt([{ prompt: 'Code: ', echo: true }], () => {})
      else context.reject(['keyboard-interactive'])
    }
    expect((await login(asks, { kind: 'password' }, [null])).kind).toBe('answer-needed')
  })
})

describe('a person who takes long', () => {
  test('is waited for beyond the time-out of the connection', async () => {
    const server = await faultyServer()
    open.push(server)
    const ask = async () => {
      await new Promise((resolve) => setTimeout(resolve, 900))
      return ['secret']
    }
    const connection = await reach(server, { ask, timeouts: { connect: 500 } })
    await connection.end()
  })

  test('is told when the server would not wait', async () => {
    const server = await faultyServer()
    open.push(server)
    const ask = () => {
      for (const client of server.clients) client.end()
      return new Promise<never>(() => {})
    }
    await expect(reach(server, { ask })).rejects.toMatchObject({ kind: 'answer-needed' })
  })
})

describe.skipIf(spawnSync('ssh-keygen', ['-?']).error !== undefined)('a key file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lifeboat-keys-'))
  const kinds = ['ed25519', 'ecdsa', 'rsa'] as const
  const formats = ['RFC4716', 'PEM', 'PKCS8'] as const
  const path = (kind: string, format: string, locked: boolean) =>
    join(folder, `${kind}-${format}-${locked ? 'locked' : 'open'}`)

  beforeAll(() => {
    for (const kind of kinds)
      for (const format of formats)
        for (const locked of [false, true])
          execFileSync('ssh-keygen', [
            '-q',
            '-t',
            kind,
            '-m',
            format,
            '-N',
            locked ? 'passphrase' : '',
            '-f',
            path(kind, format, locked),
          ])
  }, 60_000)
  afterAll(() => rmSync(folder, { recursive: true }))

  /** Takes exactly this key, with a valid signature, as sshd does. */
  function takes(file: string, after?: readonly ('keyboard-interactive' | 'password')[]) {
    const parsed = utils.parseKey(readFileSync(`${file}.pub`))
    if (parsed instanceof Error) throw parsed
    const wanted = parsed
    let keySeen = false
    return (context: AuthContext) => {
      if (keySeen && after) return context.method === 'password' ? context.accept() : context.reject([...after])
      if (context.method !== 'publickey' || !wanted.getPublicSSH().equals(context.key.data))
        return context.reject(['publickey'])
      if (!context.signature || !context.blob) return context.accept()
      if (!wanted.verify(context.blob, context.signature, context.hashAlgo)) return context.reject(['publickey'])
      if (!after) return context.accept()
      keySeen = true
      context.reject([...after], true)
    }
  }

  const all = kinds.flatMap((kind) => formats.map((format) => [kind, format] as const))
  test.for(all)('%s in %s logs in', async ([kind, format]) => {
    const file = path(kind, format, false)
    expect(await login(takes(file), { kind: 'key', file })).toEqual({ kind: 'in', asked: [] })
  })

  test.for(all)('%s in %s with a passphrase asks for it, again when it was wrong', async ([kind, format]) => {
    const file = path(kind, format, true)
    const { kind: outcome, asked } = await login(takes(file), { kind: 'key', file }, [['wrong'], ['passphrase']])
    expect(outcome).toBe('in')
    expect(asked.map((question) => [question.kind, question.subject, question.attempt])).toEqual([
      ['key-passphrase', file, 1],
      ['key-passphrase', file, 2],
    ])
  })

  test('asks for no passphrase where the server does not take the key', async () => {
    const { kind, asked } = await login(
      takes(path('rsa', 'PEM', false)),
      { kind: 'key', file: path('ed25519', 'RFC4716', true) },
      [['passphrase']],
    )
    expect({ kind, asked }).toEqual({ kind: 'login-refused', asked: [] })
  })

  test('with a passphrase that is wrong three times is refused', async () => {
    const file = path('ed25519', 'RFC4716', true)
    const { kind, asked } = await login(takes(file), { kind: 'key', file }, [['a'], ['b'], ['c'], ['passphrase']])
    expect({ kind, times: asked.length }).toEqual({ kind: 'login-refused', times: 3 })
  })

  test('whose passphrase is not given ends the attempt', async () => {
    const file = path('ed25519', 'RFC4716', true)
    expect((await login(takes(file), { kind: 'key', file }, [null])).kind).toBe('answer-needed')
  })

  test('followed by a password is a login in two steps', async () => {
    const file = path('ed25519', 'RFC4716', false)
    const { kind, asked } = await login(takes(file, ['password']), { kind: 'key', file }, [['secret']])
    expect(kind).toBe('in')
    expect(asked.map((question) => question.kind)).toEqual(['password'])
  })

  test.for([
    ['is not there', join(folder, 'none'), null],
    ['is a public key', join(folder, 'public'), 'public'],
    ['is something else', join(folder, 'text'), 'text'],
    ['is cut', join(folder, 'cut'), 'cut'],
  ] as const)('that %s is a failure of the key file', async ([, file, content]) => {
    const own = path('rsa', 'RFC4716', false)
    const texts = { public: readFileSync(`${own}.pub`), text: 'hello', cut: readFileSync(own).subarray(0, 500) }
    if (content !== null) writeFileSync(file, texts[content])
    expect((await login(takes(own), { kind: 'key', file })).kind).toBe('key-file')
  })

  test('that is encrypted is opened beside this thread, which goes on', async () => {
    const file = join(folder, 'slow')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-a', '150', '-N', 'passphrase', '-f', file])
    let turns = 0
    const timer = setInterval(() => turns++, 5)
    const delay = monitorEventLoopDelay()
    delay.enable()
    const started = performance.now()
    expect((await login(takes(file), { kind: 'key', file }, [['passphrase']])).kind).toBe('in')
    clearInterval(timer)
    const took = performance.now() - started
    // were it parsed here, the whole time would be one turn
    expect(delay.max / 1e6).toBeLessThan(took / 2)
    expect(turns).toBeGreaterThan(10)
  })

  test('that several servers share is found in the SSH agent, whose key needs no passphrase', async () => {
    const file = path('ed25519', 'RFC4716', true)
    const agent = execFileSync('ssh-agent', ['-s'], { encoding: 'utf8' })
    const socket = /SSH_AUTH_SOCK=([^;]+)/.exec(agent)?.[1] ?? ''
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(agent)?.[1])
    const before = process.env['SSH_AUTH_SOCK']
    try {
      process.env['SSH_AUTH_SOCK'] = socket
      expect((await login(takes(file), { kind: 'agent' })).kind).toBe('login-refused')
      const askpass = join(folder, 'askpass')
      writeFileSync(askpass, '#!/bin/sh\necho passphrase\n', { mode: 0o700 })
      for (const kind of kinds)
        execFileSync('ssh-add', ['-q', path(kind, 'RFC4716', true)], {
          env: { ...process.env, SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force' },
        })
      for (const kind of kinds) {
        const own = path(kind, 'RFC4716', true)
        for (const auth of [{ kind: 'agent' }, { kind: 'auto' }, { kind: 'key', file: own }] as const)
          expect(await login(takes(own), auth), `${kind} by ${auth.kind}`).toEqual({ kind: 'in', asked: [] })
      }
    } finally {
      process.kill(pid)
      if (before === undefined) delete process.env['SSH_AUTH_SOCK']
      else process.env['SSH_AUTH_SOCK'] = before
    }
  })
})
