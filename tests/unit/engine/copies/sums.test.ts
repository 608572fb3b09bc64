import { createHash } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseSums, sumsText } from '#engine/copies/sums.ts'
import { scratch } from '../../../support/copies.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const everything = (): boolean => true

test('sha256sum itself finds every file, whatever its name is', () => {
  const dir = scratch()
  const names = [
    'plain.sql.gz',
    'a b',
    '生产.sql',
    ' leading',
    'back\\slash',
    'line\nbreak',
    'cr\rhere',
    '\\n',
    '-rf',
    '*star',
    'quote\'"',
  ]
  for (const name of names) writeFileSync(join(dir, name), name)
  writeFileSync(
    join(dir, 'SHA256SUMS'),
    sumsText(
      names.map((name) => ({ name, sha256: sha256(name) })),
      '',
      everything,
    ),
  )
  const { status, stdout } = spawnSync('sha256sum', ['-c', '--strict', 'SHA256SUMS'], { cwd: dir, encoding: 'utf8' })
  expect(status, stdout).toBe(0)
  expect(stdout.match(/OK/g)).toHaveLength(names.length)
  writeFileSync(join(dir, 'line\nbreak'), 'changed')
  expect(spawnSync('sha256sum', ['-c', '--strict', 'SHA256SUMS'], { cwd: dir }).status).toBe(1)
})

test('what is written is read as the same names', () => {
  const name = fc.string({ unit: fc.constantFrom('a', '\\', '\n', '\r', 'n', ' ', '文'), minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(fc.uniqueArray(name), (names) => {
      const sums = names.map((each) => ({ name: each, sha256: sha256(each) }))
      const read = parseSums(sumsText(sums, '', everything))
      expect(new Set(read.map((sum) => sum.name))).toEqual(new Set(names))
    }),
  )
})

test('lines of others stay while their files are there; ours are replaced, rubbish goes', () => {
  const theirs = `${sha256('x')}  env_backup.tar.gz.gpg\n`
  const gone = `${sha256('y')}  gone.sql.gz\n`
  const stale = `${sha256('old')}  mine.sql.gz\n`
  const text = sumsText(
    [{ name: 'mine.sql.gz', sha256: sha256('new') }],
    `rubbish\n${stale}${gone}${theirs}${sha256('z')}  ../outside\n`,
    (name) => name !== 'gone.sql.gz',
  )
  expect(text).toBe(`${theirs}${sha256('new')}  mine.sql.gz\n`)
})
