import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { pack } from 'tar-stream'
import type { TarFile } from '#engine/tar/file.ts'
import { readTar, TarRefusal } from '#engine/tar/read.ts'
import { writeTar } from '#engine/tar/write.ts'
import { campaign, seededRandom } from '../../../support/faults.ts'

type Head = Parameters<ReturnType<typeof pack>['entry']>[0]

const limits = { files: 100, fileBytes: 100_000 }
const at = new Date('2026-01-05T03:04:05.000Z')
const file = (name: string, text = 'A=1\n', mode = 0o640): TarFile => ({
  name,
  mode,
  modifiedAt: at,
  content: Buffer.from(text),
})

async function archive(...headers: Head[]): Promise<Buffer> {
  const tar = pack()
  for (const header of headers) {
    if (header.type === undefined) tar.entry(header, 'A=1\n')
    else tar.entry(header)
  }
  tar.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of tar) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'lifeboat-tar-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

describe('what was written is read', () => {
  test('names, rights, times and bytes stay', async () => {
    const files = [file('.env'), file('密钥.env', ''), file(`${'long'.repeat(40)}.env`, 'x'.repeat(5000), 0o600)]
    expect(readTar(await writeTar(files), limits)).toEqual(
      files.map((each) => ({ ...each, content: Buffer.from(each.content) })),
    )
  })

  test('by tar itself too', async () => {
    const dir = folder()
    writeFileSync(join(dir, 'a.tar'), await writeTar([file('.env.prod', 'B=2\n')]))
    expect(execFileSync('tar', ['xOf', join(dir, 'a.tar')], { encoding: 'utf8' })).toBe('B=2\n')
    expect(execFileSync('tar', ['tvf', join(dir, 'a.tar')], { encoding: 'utf8' })).toMatch(/^-rw-r-----/)
  })

  test.each(['gnu', 'pax', 'ustar', 'v7', 'oldgnu'])('what tar wrote in its %s format', (format) => {
    const dir = folder()
    const name = format === 'v7' || format === 'ustar' ? '.env.prod' : `.env.${'long'.repeat(30)}`
    writeFileSync(join(dir, name), 'A=1\n')
    const bytes = execFileSync('tar', [`--format=${format}`, '-C', dir, '-cf', '-', `./${name}`])
    expect(readTar(bytes, limits).map((each) => [each.name, each.content.toString()])).toEqual([[name, 'A=1\n']])
  })
})

const plain = { mtime: at, mode: 0o600, size: 4 }
describe('an archive is refused with all that is in it', () => {
  test.each<[string, Head[]]>([
    ['a way out', [{ ...plain, name: '../.env' }]],
    ['a way out in the middle', [{ ...plain, name: 'a/../../.env' }]],
    ['an absolute path', [{ ...plain, name: '/etc/cron.d/x' }]],
    ['a path', [{ ...plain, name: 'a/.env' }]],
    ["Windows' way out", [{ ...plain, name: '..\\.env' }]],
    ['a drive', [{ ...plain, name: 'C:evil' }]],
    ['a device of Windows', [{ ...plain, name: 'con.env' }]],
    ['a control character', [{ ...plain, name: '.env\n' }]],
    ['a name that turns around', [{ ...plain, name: '.env\u202Ecod' }]],
    ['a dot', [{ ...plain, name: '.' }]],
    ['a link', [{ name: 'l', type: 'symlink', linkname: '/etc/passwd' }]],
    ['a hard link', [{ name: 'l', type: 'link', linkname: '.env' }]],
    ['a folder', [{ name: 'd', type: 'directory' }]],
    ['a character device', [{ name: 'c', type: 'character-device' }]],
    ['a block device', [{ name: 'b', type: 'block-device' }]],
    ['a pipe', [{ name: 'p', type: 'fifo' }]],
    [
      'the same name twice',
      [
        { ...plain, name: '.env' },
        { ...plain, name: '.env' },
      ],
    ],
    [
      'the same name in capitals',
      [
        { ...plain, name: '.env' },
        { ...plain, name: '.ENV' },
      ],
    ],
    [
      'the same name in another spelling',
      [
        { ...plain, name: 'é' },
        { ...plain, name: 'e\u0301' },
      ],
    ],
    ['a pax header that leads out', [{ ...plain, name: 'x', pax: { path: '../../x' } }]],
    ['a sparse file', [{ ...plain, name: 'x', pax: { 'GNU.sparse.major': '1' } }]],
    ['a name without end', [{ ...plain, name: 'n'.repeat(300) }]],
  ])('for %s', async (_what, headers) => {
    const bytes = await archive({ ...plain, name: 'first.env' }, ...headers)
    expect(() => readTar(bytes, limits)).toThrow(TarRefusal)
  })

  test('for a link that tar itself wrote', () => {
    const dir = folder()
    symlinkSync('/etc/passwd', join(dir, '.env'))
    const bytes = execFileSync('tar', ['-C', dir, '-cf', '-', '.env'])
    expect(() => readTar(bytes, limits)).toThrow(/link/)
  })

  test('for a size that no file can have', async () => {
    const bytes = await archive({ ...plain, name: 'x', pax: { size: '999999999999' } })
    expect(() => readTar(bytes, limits)).toThrow(TarRefusal)
  })

  test('for more entries than a vault has, at the first one too many', async () => {
    const one = (await archive({ ...plain, name: 'x', size: 4 })).subarray(0, 1024)
    const bytes = Buffer.concat(Array.from({ length: 10_000 }, () => one))
    expect(() => readTar(bytes, limits)).toThrow(/two files/)
    const many = await archive(...Array.from({ length: 101 }, (_, n) => ({ ...plain, name: `f${n}` })))
    expect(() => readTar(many, limits)).toThrow(/more than 100 files/)
  })

  test('for a file that is too large', async () => {
    expect(() => readTar(Buffer.from([]), limits)).toThrow(/ends/)
    const bytes = await writeTar([file('x', 'y'.repeat(100_001))])
    expect(() => readTar(bytes, limits)).toThrow(/more than 100000 bytes/)
  })

  test('for something behind its end', async () => {
    const bytes = await writeTar([file('.env')])
    expect(() => readTar(Buffer.concat([bytes, Buffer.from('x')]), limits)).toThrow(/behind/)
  })
})

test('whatever it is given, it answers with flat files or a refusal', async () => {
  const { count, came } = campaign('tar reader', { full: 100_000, sample: 2_000 })
  const whole = await writeTar([file('.env'), file('b.env', 'x'.repeat(700))])
  const random = seededRandom(7)
  const change = fc.array(fc.record({ at: fc.nat(whole.length - 1), to: fc.nat(255) }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(change, fc.boolean(), (changes, mend) => {
      const bytes = Buffer.from(whole)
      for (const { at: where, to } of changes) bytes[where] = to
      // with the sum made right again, the reader gets past it
      if (mend) for (let header = 0; header < bytes.length; header += 512) mendSum(bytes.subarray(header, header + 512))
      const cut = random.below(4) === 0 ? bytes.subarray(0, random.below(bytes.length)) : bytes
      try {
        for (const { name } of readTar(cut, limits)) expect(name).not.toMatch(/[/\\\0]|^\.\.?$/)
        came('read')
      } catch (error) {
        expect(error).toBeInstanceOf(TarRefusal)
        came('refused')
      }
    }),
    { numRuns: count },
  )
})

function mendSum(header: Buffer): void {
  if (header.every((byte) => byte === 0)) return
  header.fill(0x20, 148, 156)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
}
