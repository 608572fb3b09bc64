import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { newMarker, remoteCommand, shellLine, type CommandOptions } from '#engine/ssh/command.ts'
import { skipToMarker } from '#engine/ssh/marker.ts'

const folder = mkdtempSync(join(tmpdir(), 'lifeboat-command-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Login shells of real servers; those that this machine lacks are named, not silently passed over. */
const shells = ['sh', 'dash', 'bash', 'zsh', 'ksh', 'bsd-csh', 'tcsh', 'fish'].map((name) => {
  const path = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim()
  // it takes no word of more than a kilobyte: there only short commands work
  const isOldCsh = name === 'bsd-csh'
  return {
    name,
    path,
    ...(isOldCsh ? { runs: 60, batch: 1, longest: 80 } : { runs: 10_000, batch: 250, longest: Infinity }),
  }
})

/** What sshd does with the line: hands it to the account's shell by -c. */
function throughShell(shell: string, argv: readonly string[], options?: CommandOptions): Buffer {
  const marker = newMarker()
  const out = execFileSync(shell, ['-c', shellLine(remoteCommand(argv, options), marker)], {
    maxBuffer: 64 * 1024 * 1024,
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return skipToMarker(marker).pass(out)
}

const word = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({
      unit: fc.constantFrom(
        "'",
        '"',
        '\\',
        '$',
        '`',
        '!',
        '\n',
        '\t',
        ' ',
        '*',
        '~',
        '%',
        '&',
        ';',
        '0',
        '|',
        '\r',
        'é',
        '档',
        '😀',
      ),
      maxLength: 30,
    }),
    fc.constantFrom(
      '',
      '-n',
      '--',
      '!!',
      "'",
      '\\',
      "\\'",
      '$(id)',
      '`id`',
      '${HOME}',
      '~',
      '*',
      '\n',
      'a\n',
      '\\0101',
      '%s',
      '\\c',
      '#',
      '\u{202e}x',
    ),
  )
  // neither a process nor UTF-8 can carry these
  .map((text) => text.replaceAll('\0', '').toWellFormed())

describe.for(shells)('a command through $name', ({ path, name, runs, batch: size, longest }) => {
  test.skipIf(path === '')(`arrives with exactly its arguments, for ${runs} random strings`, () => {
    const words = fc
      .sample(word, { numRuns: runs, seed: 20_250_109 })
      .filter((text) => Buffer.byteLength(text) <= longest)
    for (let at = 0; at < words.length; at += size) {
      const batch = words.slice(at, at + size)
      const printed = throughShell(path, ['printf', '%s\\0', ...batch]).toString('utf8')
      expect(printed.split('\0').slice(0, -1), `${name}, from word ${at}`).toEqual(batch)
    }
  })

  test.skipIf(path === '')('brings environment and folder along', () => {
    const odd = `it's a "folder" $HOME\\!\n档`
    mkdirSync(join(folder, odd), { recursive: true })
    mkdirSync(join(folder, '-'), { recursive: true })
    const script = 'printf "%s|%s" "$ODD" "$PWD"'
    const shown = throughShell(path, ['sh', '-c', script], { env: { ODD: odd }, cwd: odd }).toString()
    expect(shown).toBe(`${odd}|${join(folder, odd)}`)
    expect(throughShell(path, ['pwd'], { cwd: '-' }).toString()).toBe(`${join(folder, '-')}\n`)
  })
})

test('a folder that is not there stops the command', () => {
  const line = shellLine(remoteCommand(['echo', 'ran'], { cwd: '/no/such/folder' }), newMarker())
  const result = spawnSync('sh', ['-c', line], { encoding: 'utf8' })
  expect(result.status).not.toBe(0)
  expect(result.stdout).not.toContain('ran')
})

test('sudo gets the environment behind it and never asks', () => {
  expect(remoteCommand(['ls', '/root'], { sudo: true, env: { LANG: 'C' } }).script).toBe(
    'exec sudo -n -- env LANG=C ls /root',
  )
  expect(remoteCommand(['ls'], { sudo: 'postgres' }).script).toBe('exec sudo -n -u postgres -- ls')
})

test.for([[[]], [['']], [['-rf']], [['ls', 'a\0b']]])('refuses what no process can be given: %j', ([argv]) => {
  expect(() => remoteCommand(argv ?? [])).toThrow(TypeError)
})

test('refuses a variable whose name is a script', () => {
  expect(() => remoteCommand(['ls'], { env: { 'A; rm -rf /': 'x' } })).toThrow(TypeError)
})

describe('the marker', () => {
  test('is found wherever the chunks are cut, and nothing behind it is lost', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 80 }),
        fc.uint8Array({ maxLength: 80 }),
        fc.array(fc.nat(200), { maxLength: 8 }),
        (noise, own, cuts) => {
          const marker = newMarker()
          const whole = Buffer.concat([noise, Buffer.from(`${marker}\n`), own])
          const skip = skipToMarker(marker)
          const places = [0, ...cuts.map((cut) => Math.min(cut, whole.length)).toSorted((a, b) => a - b), whole.length]
          const passed = places.slice(1).map((end, index) => skip.pass(whole.subarray(places[index], end)))
          expect(Buffer.concat(passed).equals(own)).toBe(true)
          expect(skip.found).toBe(true)
        },
      ),
    )
  })

  test('is not waited for without end', () => {
    const skip = skipToMarker(newMarker())
    expect(() => {
      for (let i = 0; i < 100; i++) skip.pass(Buffer.alloc(64 * 1024, 'x'))
    }).toThrow(RangeError)
  })
})
