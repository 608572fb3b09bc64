import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { listSshHosts, resolveHost, withConfig } from '#engine/ssh/ssh-config.ts'
import type { SshTarget } from '#engine/ssh/target.ts'

const folder = mkdtempSync(join(tmpdir(), 'lifeboat-config-'))
const file = join(folder, 'config')
mkdirSync(join(folder, 'more'))
writeFileSync(
  file,
  `# what a person may have
Include ${folder}/more/*e.conf ${folder}/more/two.conf
Host web web-alias
  HostName web.example.org
  Port 2222
  User deploy
  IdentityFile ~/.ssh/id_web
  IdentityFile "~/.ssh/with space"
  IdentitiesOnly yes
  HostKeyAlias the-web

Include ${folder}/more/only-for-web.conf

Host db
  HostName=10.0.0.7
  ProxyJump web,ops@bastion.example.org:2200

Host behind
  ProxyJump db

Host circle-a
  ProxyJump circle-b
Host circle-b
  ProxyJump circle-a

Host command
  ProxyCommand nc %h %p

Host v6
  HostName 2001:db8::7
  ProxyJump ops@[2001:db8::1]:2200

Host *.internal !public.internal
  User internal
Host ?
  Port 1

Match all
  ServerAliveInterval 5
Host *
  User everyone
`,
)
writeFileSync(join(folder, 'more', 'one.conf'), 'Host included\n  HostName included.example.org\n')
writeFileSync(join(folder, 'more', 'two.conf'), 'Host -oProxyCommand=evil\n  User x\n')
writeFileSync(
  join(folder, 'more', 'only-for-web.conf'),
  'Host db\n  Port 7777\nHost web*\n  Port 8888\n  ServerAliveInterval 9\n',
)
afterAll(() => rmSync(folder, { recursive: true }))

const path = process.env['PATH']
afterEach(() => {
  process.env['PATH'] = path
})
const signal = new AbortController().signal
const hasSsh = spawnSync('ssh', ['-V']).error === undefined

/** Both ways of reading it have to agree. */
const ways = [
  { way: 'by ssh itself', use: () => {}, there: hasSsh },
  { way: 'where there is no ssh', use: () => void (process.env['PATH'] = '/nonexistent'), there: true },
]

describe.for(ways)('a configuration, read $way', ({ use, there }) => {
  test.skipIf(!there)('gives host, port, user, keys and jump of each name', async () => {
    use()
    expect(await resolveHost('web', { file })).toMatchObject({
      host: 'web.example.org',
      port: 2222,
      user: 'deploy',
      identitiesOnly: true,
      hostKeyAlias: 'the-web',
      jump: null,
      proxyCommand: null,
    })
    expect((await resolveHost('web-alias', { file })).identityFiles).toEqual(['~/.ssh/id_web', '~/.ssh/with space'])
    expect(await resolveHost('db', { file })).toMatchObject({
      host: '10.0.0.7',
      port: 22,
      user: 'everyone',
      jump: 'web,ops@bastion.example.org:2200',
    })
    expect(await resolveHost('included', { file })).toMatchObject({ host: 'included.example.org', port: 22 })
    expect(await resolveHost('a.internal', { file })).toMatchObject({ host: 'a.internal', user: 'internal' })
    expect(await resolveHost('public.internal', { file })).toMatchObject({ user: 'everyone' })
    expect(await resolveHost('x', { file })).toMatchObject({ port: 1 })
    expect((await resolveHost('command', { file })).proxyCommand).toMatch(/^nc/)
  })

  const target = (configHost: string): SshTarget => ({
    label: configHost,
    host: configHost,
    port: 22,
    user: '',
    auth: { kind: 'auto' },
    configHost,
  })

  test.skipIf(!there)('becomes a target with its jump hosts, each resolved for itself', async () => {
    use()
    expect(await withConfig(target('behind'), signal, file)).toMatchObject({
      host: 'behind',
      user: 'everyone',
      jump: {
        host: '10.0.0.7',
        user: 'everyone',
        jump: {
          host: 'bastion.example.org',
          port: 2200,
          user: 'ops',
          jump: { host: 'web.example.org', port: 2222, user: 'deploy', hostKeyAlias: 'the-web' },
        },
      },
    })
    expect(await withConfig(target('v6'), signal, file)).toMatchObject({
      host: '2001:db8::7',
      jump: { host: '2001:db8::1', port: 2200, user: 'ops' },
    })
  })

  test.skipIf(!there)('does not overrule what the target says itself', async () => {
    use()
    const own = { ...target('web'), host: '192.0.2.1', port: 2022, user: 'me' }
    expect(await withConfig(own, signal, file)).toMatchObject({
      host: '192.0.2.1',
      port: 2022,
      user: 'me',
      hostKeyAlias: 'the-web',
    })
  })

  test.skipIf(!there)('that can not be followed is refused with its reason', async () => {
    use()
    await expect(withConfig(target('circle-a'), signal, file)).rejects.toMatchObject({
      kind: 'invalid-input',
    })
    await expect(withConfig(target('command'), signal, file)).rejects.toMatchObject({
      kind: 'invalid-input',
    })
  })

  test.skipIf(!there)('never takes a name for an option', async () => {
    use()
    for (const alias of ['-oProxyCommand=touch /tmp/x', '-V', '', 'two words', '\n'])
      await expect(resolveHost(alias, { file })).rejects.toMatchObject({ kind: 'invalid-input' })
  })
})

test('the hosts that a person named are listed, patterns and tricks are not', async () => {
  const hosts = await listSshHosts({ file })
  expect(hosts.map((host) => host.alias)).toEqual([
    'included',
    'web',
    'web-alias',
    'db',
    'behind',
    'circle-a',
    'circle-b',
    'command',
    'v6',
  ])
  expect(hosts[1]).toEqual({ alias: 'web', host: 'web.example.org', port: 2222, user: 'deploy', jump: null })
})

test('a configuration that includes itself, which ssh refuses, still shows its hosts', async () => {
  const loop = join(folder, 'loop')
  writeFileSync(loop, `Host round\n  HostName round.example.org\nInclude ${loop}\n`)
  expect(await listSshHosts({ file: loop })).toMatchObject([{ alias: 'round', host: 'round.example.org' }])
  await expect(resolveHost('round', { file: loop })).rejects.toMatchObject({ kind: 'invalid-input' })
})

test('without a configuration there are no hosts, and an empty user is the own one', async () => {
  expect(await listSshHosts({ file: join(folder, 'none') })).toEqual([])
  const target: SshTarget = { label: 'x', host: 'example.org', port: 22, user: '', auth: { kind: 'auto' } }
  expect(await withConfig(target, signal)).toMatchObject({ user: userInfo().username, host: 'example.org' })
})
