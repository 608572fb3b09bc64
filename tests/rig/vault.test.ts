import { execFileSync } from 'node:child_process'
import { existsSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { failureSchema } from '#shared/failure.ts'
import { driftSchema, openedSealSchema, sealSchema } from '#shared/vault.ts'
import type { Connection } from '#engine/ssh/connection.ts'
import { putBack } from '#engine/vault/put-back.ts'
import { lifeboat, lifeboatOn } from '../support/lifeboat.ts'
import { vaultWorld, type VaultWorld } from '../support/vault.ts'
import { rig } from './machine/rig.ts'
import { over } from './servers-support.ts'

const failed = z.object({ ok: z.literal(false), failure: failureSchema })
const listed = z.object({ ok: z.literal(true), seals: z.array(sealSchema) })
const done = z.object({ ok: z.literal(true) })
const canary = 'rig-canary-81c3'
const prod = `# of the application\nexport TOKEN="${canary}"\nB=2\n`
const typed = { input: 'correct horse 密码\n' }

let dir = ''
let server = ''
let run: ReturnType<typeof lifeboatOn>
const secret = ['--passphrase-fd', '0'] as const
const { ssh, users, keys } = rig()

/** A file on the server, which is this very machine; of the operator's unless told otherwise. */
async function onServer(name: string, text: string, of = users.operator.name, mode = 0o640): Promise<string> {
  const path = join(server, name)
  await writeFile(path, text)
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, of], { encoding: 'utf8' })))
  await chown(path, uid ?? 0, gid ?? 0)
  await chmod(path, mode)
  return path
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lifeboat-vault-'))
  server = join(users.operator.home, `vault-${process.pid}`)
  await mkdir(server)
  execFileSync('chown', [users.operator.name, server])
  run = lifeboatOn(join(dir, 'data'))
  const hostKey = ssh.hostKeys[0]?.fingerprint ?? ''
  const login = ['--host', ssh.host, '--port', String(ssh.port), '--user', users.operator.name]
  await run(done, ['server', 'add', 'shop', ...login, '--key', keys.ed25519.path, '--host-key', hostKey])
  const files = [await onServer('.env.prod', prod), await onServer('.env.test', 'T=1\r\n', undefined, 0o600)]
  const env = files.flatMap((file) => ['--env', file])
  await run(done, ['database', 'add', 'shop/prod', '--on-host', '--dbname', 'd', '--dbuser', 'u', ...env])
})
afterAll(async () => {
  await rm(dir, { recursive: true, force: true })
  await rm(server, { recursive: true, force: true })
})

describe('the vault from the terminal', () => {
  let id = ''

  test('seals the .env files of a database, read over SSH', async () => {
    const { code, json } = await run(
      z.object({ ok: z.literal(true), seal: sealSchema }),
      [...secret, 'vault', 'seal', 'shop/prod'],
      typed,
    )
    expect(code).toBe(0)
    id = json.seal.id
    expect(json.seal).toMatchObject({
      server: 'shop',
      label: 'prod',
      names: ['.env.prod', '.env.test'],
      from: 'server',
    })
    expect(basename(json.seal.file)).toMatch(/^env_backup_\d{8}\.tar\.gz\.gpg$/)
    expect(statSync(json.seal.file).mode & 0o777).toBe(0o600)
    expect((await run(listed, ['vault', 'list'])).json.seals).toEqual([json.seal])
  })

  test('shows its keys and no value', async () => {
    const shown = await lifeboat(['--data-dir', join(dir, 'data'), '--json', ...secret, 'vault', 'show', id], typed)
    const { seal } = z.object({ seal: openedSealSchema }).parse(shown.json)
    const entries = seal.contents.flatMap(({ lines }) =>
      lines.flatMap((line) => (line.kind === 'entry' ? [line.key] : [])),
    )
    expect(entries).toEqual(['TOKEN', 'B', 'T'])
    expect(shown.stdout + shown.stderr).not.toContain(canary)
  })

  test('compares it with what the server has', async () => {
    const compared = z.object({ ok: z.literal(true), drift: driftSchema })
    const comparing = [...secret, 'vault', 'drift', 'shop/prod']
    const same = await run(compared, comparing, typed)
    expect([same.code, same.json.drift.equal]).toEqual([0, true])
    await onServer('.env.prod', `${prod}NEW=1\n`)
    const { code, json } = await run(compared, comparing, typed)
    expect([code, json.drift.equal, json.drift.files[0]?.added]).toEqual([0, false, ['NEW']])
    await onServer('.env.prod', prod)
  })

  test('opens it as it was, and over nothing', async () => {
    const to = join(dir, 'out')
    const opening = [...secret, 'vault', 'open', id, '--to', to]
    expect((await run(done, opening, typed)).code).toBe(0)
    expect(readFileSync(join(to, '.env.prod'), 'utf8')).toBe(prod)
    expect(readdirSync(to).sort()).toEqual(['.env.prod', '.env.test'])
    const again = await run(failed, opening, typed)
    expect([again.code, again.json.failure.kind]).toEqual([1, 'name-taken'])
  })

  test('a wrong passphrase ends with 1, a seal with a changed bit with 4; neither writes anything', async () => {
    const to = join(dir, 'not-there')
    const opening = [...secret, 'vault', 'open', id, '--to', to]
    const wrong = await run(failed, opening, { input: 'correct horse\n' })
    expect([wrong.code, wrong.json.failure.kind]).toEqual([1, 'passphrase-wrong'])
    const [seal] = (await run(listed, ['vault', 'list'])).json.seals
    if (!seal) throw new Error('no seal')
    const whole = readFileSync(seal.file)
    const bytes = Buffer.from(whole)
    bytes[bytes.length - 40] = (bytes[bytes.length - 40] ?? 0) ^ 4
    writeFileSync(seal.file, bytes)
    const outcome = z.object({ ok: z.literal(true), outcome: z.literal('damaged') })
    expect((await run(outcome, opening, typed)).code).toBe(4)
    writeFileSync(seal.file, whole)
    expect(existsSync(to)).toBe(false)
  })

  test.each([
    ['missing', 'env-missing', async () => join(server, '.env.gone')],
    ['not to be read by this user', 'env-unreadable', () => onServer('.env.root', 'R=1\n', 'root', 0o600)],
  ] as const)('seals nothing when one file is %s, and names it', async (_what, kind, make) => {
    const path = await make()
    const before = (await run(listed, ['vault', 'list'])).json.seals.length
    const sealing = [...secret, 'vault', 'seal', 'shop/prod', join(server, '.env.prod'), path]
    const { code, json } = await run(failed, sealing, typed)
    expect([code, json.failure.kind]).toEqual([1, kind])
    expect(json.failure.message).toContain(path)
    expect((await run(listed, ['vault', 'list'])).json.seals).toHaveLength(before)
  })

  test('seals nothing of a file that somebody writes to', async () => {
    // large enough that one reading takes longer than from one writing to the next, on a busy computer too
    const rest = `REST=${'x'.repeat(400_000)}\n`
    const path = await onServer('.env.busy', `N=0\n${rest}`)
    let n = 0
    const writing = setInterval(() => writeFileSync(path, `N=${(n += 1)}\n${rest}`), 1)
    try {
      const { code, json } = await run(failed, [...secret, 'vault', 'seal', 'shop/prod', path], typed)
      expect([code, json.failure.kind]).toEqual([1, 'env-changed'])
    } finally {
      clearInterval(writing)
    }
  })
})

describe('a server and its newest seal', () => {
  let world: VaultWorld
  const databaseOf = async (files: string[]): Promise<string> => {
    const hostKey = ssh.hostKeys[0]?.fingerprint ?? null
    const auth = { kind: 'key' as const, file: keys.ed25519.path }
    const { host, port } = ssh
    const name = `shop-${files.length}-${basename(files[0] ?? '')}`
    const { id } = await world.engine.call('server.add', { name, host, port, user: users.operator.name, auth, hostKey })
    const database = {
      server: id,
      label: 'prod',
      place: { kind: 'host' as const },
      dbname: 'd',
      dbuser: 'u',
      env: files,
    }
    return (await world.engine.call('database.add', database)).id
  }
  /** One file that is sealed, as `vault.put` is told of it. */
  const sealedFile = async (path: string): Promise<{ id: string; databaseId: string; file: string }> => {
    const databaseId = await databaseOf([path])
    const sealed = await world.result(await world.engine.call('vault.seal', { databaseId }))
    if (sealed.kind !== 'sealed') throw new Error(sealed.kind)
    return { id: sealed.sealId, databaseId, file: basename(path) }
  }
  beforeAll(async () => {
    const dataDir = join(dir, 'world')
    world = await vaultWorld({ dataDir, now: () => new Date(), endsWith: 'file' })
  })
  afterAll(() => world.engine.stop())

  test('differ by keys that were added, removed and changed, and by files that are gone', async () => {
    const files = [await onServer('drift.env', 'A=1\nB=2\nC=3\n'), await onServer('gone.env', 'X=1\n')]
    const databaseId = await databaseOf(files)
    await world.result(await world.engine.call('vault.seal', { databaseId }))
    const same = await world.result(await world.engine.call('vault.drift', { databaseId }))
    expect(same).toMatchObject({ kind: 'drift', drift: { equal: true, missing: [] } })
    await onServer('drift.env', `A=1\nB=${canary}\nD=4\n`)
    await rm(files[1] ?? '')
    const drift = await world.result(await world.engine.call('vault.drift', { databaseId }))
    expect(drift).toMatchObject({
      drift: {
        equal: false,
        missing: ['gone.env'],
        files: [
          { name: 'drift.env', added: ['D'], removed: ['C'], changed: ['B'], same: 1 },
          { name: 'gone.env', in: 'left' },
        ],
      },
    })
    expect(JSON.stringify(drift)).not.toContain(canary)
  })

  test('a file goes back: the old one is sealed first, the owner stays, nobody else may read it', async () => {
    const path = await onServer('back.env', 'A=old\n')
    const put = await sealedFile(path)
    await onServer('back.env', 'A=newer\n', undefined, 0o644)
    const { uid } = statSync(path)
    const result = await world.result(await world.engine.call('vault.put', put))
    expect(readFileSync(path, 'utf8')).toBe('A=old\n')
    expect([statSync(path).uid, statSync(path).mode & 0o777]).toEqual([uid, 0o600])
    if (result.kind !== 'put' || result.sealId === null) throw new Error('the old one was not sealed')
    expect(await world.engine.call('vault.reveal', { id: result.sealId, file: 'back.env', line: 1 })).toEqual({
      key: 'A',
      value: 'newer',
    })
    expect(readdirSync(server).filter((name) => name.startsWith('.lifeboat'))).toEqual([])
  })

  test('a file goes back to a server that has none, and there is nothing to seal first', async () => {
    const path = await onServer('rebuilt.env', `A=${canary}\n`, undefined, 0o644)
    const { uid } = statSync(path)
    const put = await sealedFile(path)
    await rm(path)
    const seals = await world.engine.call('vault.list', {})
    const result = await world.result(await world.engine.call('vault.put', put))
    expect(result).toEqual({ kind: 'put', path, sealId: null })
    expect(readFileSync(path, 'utf8')).toBe(`A=${canary}\n`)
    expect([statSync(path).uid, statSync(path).mode & 0o777]).toEqual([uid, 0o600])
    expect(await world.engine.call('vault.list', {})).toEqual(seals)
    expect(readdirSync(server).filter((name) => name.startsWith('.lifeboat'))).toEqual([])
  })

  test('no file goes back where its folder is not: the folder is named, and nothing is left', async () => {
    const folder = join(server, 'app')
    await mkdir(folder)
    const put = await sealedFile(await onServer('app/.env', 'A=old\n'))
    await rm(folder, { recursive: true })
    const before = [readdirSync(server), await world.engine.call('vault.list', {})]
    const refused = {
      kind: 'env-missing',
      message: expect.stringContaining(`There is no folder ${folder} on `) as string,
    }
    await expect(world.result(await world.engine.call('vault.put', put))).rejects.toMatchObject(refused)
    expect([readdirSync(server), await world.engine.call('vault.list', {})]).toEqual(before)
    await onServer('app', 'a file')
    await expect(world.result(await world.engine.call('vault.put', put))).rejects.toMatchObject(refused)
    expect(readFileSync(folder, 'utf8')).toBe('a file')
  })

  test('a folder that takes no file is told of, without a word about a file that was never there', async () => {
    const path = await onServer('closed.env', 'A=old\n')
    const put = await sealedFile(path)
    const folder = join(server, 'of-root')
    await mkdir(folder)
    const to = { ...put, path: join(folder, '.env') }
    await expect(world.result(await world.engine.call('vault.put', to))).rejects.toMatchObject({
      kind: 'remote-command',
      message: expect.stringMatching(/of-root\/\.env on .* could not be written\. It was not there before/) as string,
    })
    expect(readdirSync(folder)).toEqual([])
  })

  test('a link stays a link, and the file that it leads to is replaced', async () => {
    const path = await onServer('real.env', 'A=old\n')
    const link = join(server, 'link.env')
    symlinkSync(path, link)
    const put = await sealedFile(link)
    await onServer('real.env', 'A=newer\n')
    await world.result(await world.engine.call('vault.put', put))
    expect([lstatSync(link).isSymbolicLink(), readFileSync(path, 'utf8')]).toEqual([true, 'A=old\n'])
  })

  test.each([
    ['before the first byte', 0],
    ['in the middle', 5],
  ])('a line that breaks off %s changes nothing, and leaves nothing', async (_, sent) => {
    const path = await onServer('cut.env', 'A=old\n')
    const content = Buffer.from('A=a new value\n')
    await over(users.operator, async (connection) => {
      const { signal } = new AbortController()
      const cut: Pick<Connection, 'run'> = {
        run: (command, options) => connection.run(command, { ...options, input: content.subarray(0, sent) }),
      }
      const sftp = await connection.sftp(signal)
      const replaces = await sftp.stat(path)
      const at = { sftp, sudo: false, path, replaces, server: 'rig', signal }
      await expect(putBack({ ...at, connection: cut, content })).rejects.toMatchObject({ kind: 'remote-command' })
    })
    expect(readFileSync(path, 'utf8')).toBe('A=old\n')
    expect(readdirSync(server).filter((name) => name.startsWith('.lifeboat'))).toEqual([])
  })

  test('nothing is changed where the owner could not be kept', async () => {
    const path = await onServer('owned.env', 'A=old\n')
    const put = await sealedFile(path)
    await onServer('owned.env', 'A=of root\n', 'root', 0o644)
    await expect(world.result(await world.engine.call('vault.put', put))).rejects.toMatchObject({
      kind: 'remote-command',
    })
    expect([readFileSync(path, 'utf8'), statSync(path).uid]).toEqual(['A=of root\n', 0])
    expect(readdirSync(server).filter((name) => name.startsWith('.lifeboat'))).toEqual([])
  })
})
