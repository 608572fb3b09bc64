import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { hostKnowledge } from '#engine/ssh/host-key.ts'
import { keyType, knownName, namesMatch, parseKnownHosts } from '#engine/ssh/known-hosts.ts'
import { newHostKey, publicOf } from './faulty-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'lifeboat-known-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ed = publicOf(newHostKey('ed25519'))
const rsa = publicOf(newHostKey('rsa'))
const hasKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined

describe('a name in known_hosts', () => {
  test.for<[names: string, host: string, port: number, matches: boolean]>([
    ['example.org', 'example.org', 22, true],
    ['Example.ORG', 'example.org', 22, true],
    ['example.org', 'EXAMPLE.org', 22, true],
    ['example.org', 'example.org', 2222, false],
    ['[example.org]:2222', 'example.org', 2222, true],
    ['[example.org]:2222', 'example.org', 22, false],
    ['other.org,example.org,10.0.0.1', '10.0.0.1', 22, true],
    ['*.example.org', 'db.example.org', 22, true],
    ['*.example.org', 'example.org', 22, false],
    ['db?.example.org', 'db1.example.org', 22, true],
    ['db?.example.org', 'db12.example.org', 22, false],
    ['*.example.org,!bad.example.org', 'bad.example.org', 22, false],
    ['!bad.example.org', 'good.example.org', 22, false],
    ['*', 'anything', 22, true],
    ['[*.example.org]:22??', 'a.example.org', 2299, true],
    ['a*b*c*d', 'axxbxxcxxd', 22, true],
    ['a.c', 'abc', 22, false],
    ['2001:db8::1', '2001:db8::1', 22, true],
    ['|1|broken', 'example.org', 22, false],
    ['|2|c2FsdA==|aGFzaA==', 'example.org', 22, false],
  ])('%s for %s:%i is a match: %s', ([names, host, port, matches]) => {
    expect(namesMatch(names, knownName(host, port))).toBe(matches)
  })

  test.skipIf(!hasKeygen)('is recognised as ssh-keygen hashes it', () => {
    const file = join(folder, 'hashed')
    const hosts = ['example.org', '[example.org]:2222', '10.0.0.1', '[2001:db8::1]:22022']
    writeFileSync(file, hosts.map((host) => `${host} ${ed.type} ${ed.key}\n`).join(''))
    execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' })
    const entries = parseKnownHosts(execFileSync('cat', [file], { encoding: 'utf8' }))
    expect(entries.map((entry) => entry.names.slice(0, 3))).toEqual(['|1|', '|1|', '|1|', '|1|'])
    const found = hosts.map((host) => entries.findIndex((entry) => namesMatch(entry.names, host)))
    expect(found).toEqual([0, 1, 2, 3])
  })

  test('of hostile length does not take long', () => {
    const pattern = `${'*a'.repeat(200)}b`
    expect(namesMatch(pattern, 'a'.repeat(5000))).toBe(false)
  })
})

describe('the lines of known_hosts', () => {
  test('are read with their marks; what is no key line is left out', () => {
    const text = [
      '# a comment',
      '',
      `example.org ${ed.type} ${ed.key} a comment`,
      `\texample.org\t${rsa.type}\t${rsa.key}\r`,
      `@revoked * ${ed.type} ${ed.key}`,
      `@cert-authority *.org ${ed.type} ${ed.key}`,
      `@unknown-mark example.org ${ed.type} ${ed.key}`,
      'example.org ssh-ed25519 not*base64',
      `example.org ssh-rsa ${ed.key}`,
      'example.org ssh-ed25519',
      'example.org 1024 35 123456789',
    ].join('\n')
    expect(parseKnownHosts(text).map(({ mark, type }) => `${mark} ${type}`)).toEqual([
      'known ssh-ed25519',
      'known ssh-rsa',
      'revoked ssh-ed25519',
      'authority ssh-ed25519',
    ])
  })

  test('a blob that is no key has no type', () => {
    for (const key of ['', 'AAAA', 'AAAAAAAAAAAA', '/////wAAAAAAAAA=']) expect(keyType(key)).toBeNull()
  })

  test('of several files are put together; a file that is not there holds none', async () => {
    const first = join(folder, 'first')
    const second = join(folder, 'second')
    writeFileSync(first, `[example.org]:2222 ${ed.type} ${ed.key}\nexample.org ${rsa.type} ${rsa.key}\n`)
    writeFileSync(second, `@revoked [example.org]:2222 ${rsa.type} ${rsa.key}\n`)
    const target = { label: 'x', host: 'example.org', port: 2222, user: 'x', auth: { kind: 'auto' } } as const
    const found = await hostKnowledge(target, {
      pins: () => [],
      settle: () => {},
      knownHostsFiles: [first, join(folder, 'none'), second],
    })
    expect(found).toMatchObject({ known: [ed], knownWithoutPort: [rsa], revoked: [rsa] })
    const alias = await hostKnowledge(
      { ...target, hostKeyAlias: 'example.org' },
      { pins: () => [], settle: () => {}, knownHostsFiles: [first] },
    )
    expect(alias).toMatchObject({ known: [rsa], knownWithoutPort: [] })
  })
})
