import { execFileSync } from 'node:child_process'
import { closeSync, constants, fstatSync, openSync, readSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { firstLineOf, secretOf } from '../../../src/main/cli/secret-input.ts'
import { scratch } from '../../support/copies.ts'

function descriptor(content: string): number {
  const file = join(scratch(), 'secret')
  writeFileSync(file, content)
  return openSync(file, 'r')
}

test.each([
  ['hunter2\nand more\n', 'hunter2'],
  ['no end', 'no end'],
  ['口令\r\n', '口令'],
  ['\n', ''],
])('the first line of %j is read, and the descriptor closed', (content, line) => {
  const fd = descriptor(content)
  expect(firstLineOf(fd)).toBe(line)
  expect(() => fstatSync(fd)).toThrow('EBADF')
})

test('a line that is no UTF-8 is refused, and not read as another secret', () => {
  const file = join(scratch(), 'latin1')
  writeFileSync(file, Buffer.from('Schl\xfcssel\n', 'latin1'))
  const fd = openSync(file, 'r')
  expect(() => firstLineOf(fd)).toThrow(/no UTF-8/)
  expect(() => fstatSync(fd)).toThrow('EBADF')
})

test('nothing is taken for an empty line', () => {
  const fd = descriptor('')
  onTestFinished(() => closeSync(fd))
  expect(() => firstLineOf(fd)).toThrow(`Nothing can be read from descriptor ${fd}.`)
})

test('one that stays silent is given up, and left open for whom it belongs to', () => {
  const fifo = join(scratch(), 'fifo')
  execFileSync('mkfifo', [fifo])
  const fd = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK)
  onTestFinished(() => closeSync(fd))
  expect(() => firstLineOf(fd, 60)).toThrow(expect.objectContaining({ kind: 'answer-needed' }))
  expect(() => readSync(fd, Buffer.alloc(1))).toThrow('EAGAIN')
})

test('what is wrong with a descriptor is told when its line is needed, and not before', () => {
  const secret = secretOf(9999)
  expect(secret).toThrow('Nothing can be read from descriptor 9999.')
})
