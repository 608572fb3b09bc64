import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import ssh2, { type FileEntryWithStats, type SFTPWrapper } from 'ssh2'
import { startSshServer, type DemoSsh } from '#engine/demo/ssh-server.ts'

let dir: string
let home: string
let server: DemoSsh
let client: ssh2.Client
let sftp: SFTPWrapper

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'lifeboat-sftp-'))
  home = join(dir, 'home')
  mkdirSync(join(home, 'backups'), { recursive: true })
  writeFileSync(join(home, 'backups', 'a.sql'), 'dump')
  writeFileSync(join(dir, 'secret'), 'secret')
  mkdirSync(join(dir, 'home-of-another'))
  writeFileSync(join(dir, 'home-of-another', 'b.sql'), 'secret')
  symlinkSync(join(dir, 'secret'), join(home, 'link'))
  symlinkSync(dir, join(home, 'up'))
  // as on macOS, where /tmp and /var are links
  const linked = join(dir, 'linked-home')
  symlinkSync(home, linked)
  server = await startSshServer({ keyFolder: dir, home: linked, env: {} })
  client = new ssh2.Client()
  await new Promise<void>((resolve, reject) => {
    client.once('ready', resolve).once('error', reject)
    const { port, user: username, keyFile } = server
    client.connect({ host: '127.0.0.1', port, username, privateKey: readFileSync(keyFile) })
  })
  sftp = await new Promise((resolve, reject) =>
    client.sftp((error, opened) => (error ? reject(error) : resolve(opened))),
  )
})
afterAll(async () => {
  client.end()
  await server.stop()
  rmSync(dir, { recursive: true, force: true })
})

const read = (path: string): Promise<string> =>
  new Promise((resolve, reject) =>
    sftp.readFile(path, (error, bytes) => (error ? reject(error) : resolve(bytes.toString()))),
  )
const list = (path: string): Promise<FileEntryWithStats[]> =>
  new Promise((resolve, reject) => sftp.readdir(path, (error, entries) => (error ? reject(error) : resolve(entries))))
const attempt = (work: (done: (error: Error | null | undefined) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => work((error) => (error ? reject(error) : resolve())))

describe('the folder of the demo server', () => {
  it('shows its files, under relative and absolute names, also where a link leads to it', async () => {
    expect(await read('backups/a.sql')).toBe('dump')
    expect(await read(join(home, 'backups', 'a.sql'))).toBe('dump')
    expect(await read(join(dir, 'linked-home', 'backups', 'a.sql'))).toBe('dump')
    expect((await list('.')).map(({ filename }) => filename).sort()).toEqual(['backups', 'link', 'up'])
  })

  it.each([
    '../secret',
    'backups/../../secret',
    '/etc/passwd',
    'link',
    'up/secret',
    // its name begins with the folder's own
    '../home-of-another/b.sql',
  ])('has nothing that lies outside: %s', async (path) => {
    await expect(read(path)).rejects.toThrow('No such file')
  })

  it('lists nothing outside, and says of a link only that it is one', async () => {
    await expect(list('..')).rejects.toThrow('No such file')
    await expect(list('up')).rejects.toThrow('No such file')
    const link = (await list('.')).find(({ filename }) => filename === 'link')
    expect((link?.attrs.mode ?? 0) & 0o170000).toBe(0o120000)
  })

  it('takes nothing', async () => {
    await expect(attempt((done) => sftp.writeFile('new', 'x', done))).rejects.toThrow()
    await expect(attempt((done) => sftp.unlink('backups/a.sql', done))).rejects.toThrow()
    await expect(attempt((done) => sftp.rename('backups/a.sql', 'b', done))).rejects.toThrow()
    expect(await read('backups/a.sql')).toBe('dump')
  })

  it('knows no other user, key or password', async () => {
    const { port, keyFile, user } = server
    const stranger = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }).private
    for (const login of [
      { username: user, password: '' },
      { username: user, privateKey: stranger },
      { username: 'root', privateKey: readFileSync(keyFile) },
    ]) {
      const other = new ssh2.Client()
      const refused = new Promise((resolve, reject) => {
        other.once('ready', () => reject(new Error('was let in'))).once('error', resolve)
      })
      other.connect({ host: '127.0.0.1', port, ...login })
      expect(String(await refused)).toContain('authentication methods failed')
      other.end()
    }
  })
})
