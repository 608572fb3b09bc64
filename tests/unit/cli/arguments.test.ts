import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LifeboatFailure } from '#shared/failure.ts'
import { readCommon, readWord, type WordShape } from '../../../src/main/cli/arguments.ts'

const shape: WordShape = {
  usage: 'database add X',
  operands: [1, 1],
  options: { dbname: { type: 'string' }, env: { type: 'string', multiple: true }, 'on-host': { type: 'boolean' } },
}

describe('the command line', () => {
  it('finds the word wherever the common options stand', () => {
    const { common, words } = readCommon(['--data-dir', '/d', 'copy', '--json', 'list', 'shop/prod'])
    expect(common).toMatchObject({ dataDir: '/d', json: true })
    expect(words).toEqual(['copy', 'list', 'shop/prod'])
  })

  it('reads options of the word, repeated ones too', () => {
    const given = readWord(['database', 'add', 's/l', '--env', 'a', '--env=b', '--on-host', '--json'], 2, shape)
    expect(given.operands).toEqual(['s/l'])
    expect(given.texts('env')).toEqual(['a', 'b'])
    expect(given.flag('on-host')).toBe(true)
    expect(given.text('dbname')).toBeUndefined()
  })

  it.each([
    [['database', 'add', 's/l', '--nonsense']],
    [['database', 'add']],
    [['database', 'add', 'a', 'b']],
    [['database', 'add', 's/l', '--dbname']],
  ])('refuses %j as wrong usage', (argv) => {
    expect(() => readWord(argv, 2, shape)).toThrow(expect.objectContaining({ kind: 'wrong-usage' }))
  })

  it.each([[['--lang', 'fr']], [['--passphrase-fd', 'x']], [['--passphrase-fd', '-1']]])('refuses %j', (argv) => {
    expect(() => readCommon(argv)).toThrow(LifeboatFailure)
  })

  it('never fails with anything but wrong usage, whatever is typed', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (argv) => {
        try {
          readCommon(argv)
          readWord(argv, 0, shape)
        } catch (error) {
          expect(error).toMatchObject({ kind: 'wrong-usage' })
        }
      }),
    )
  })
})
