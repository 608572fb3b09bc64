import { describe, expect, test } from 'vitest'
import { chooseFolders, placesIn } from '../../../src/main/shell/places.ts'

const around = { argv: ['electron', '.'], env: {}, cwd: '/home/ann', appData: '/home/ann/.config', documents: '/docs' }

describe('the folders of a run', () => {
  test('are the own places of the user when nothing is named', () => {
    expect(chooseFolders(around)).toEqual({ dataDir: '/home/ann/.config/lifeboat', copiesDir: '/docs/Lifeboat' })
  })

  test.each([
    ['--data-dir DIR', { argv: ['electron', '.', '--data-dir', '/x'] }],
    ['--data-dir=DIR', { argv: ['electron', '--inspect', '--data-dir=/x', '.'] }],
    ['a relative folder', { argv: ['electron', '--data-dir', 'x'], cwd: '/' }],
    ['the environment', { env: { LIFEBOAT_DATA_DIR: '/x' } }],
    ['the option before the environment', { argv: ['--data-dir', '/x'], env: { LIFEBOAT_DATA_DIR: '/y' } }],
  ])('are all in one: %s', (_what, change) => {
    expect(chooseFolders({ ...around, ...change })).toEqual({ dataDir: '/x', copiesDir: null })
  })

  test('an empty variable names nothing', () => {
    expect(chooseFolders({ ...around, env: { LIFEBOAT_DATA_DIR: '' } }).copiesDir).toBe('/docs/Lifeboat')
  })

  test.each([[['--data-dir']], [['--data-dir=']], [['--data-dir', '--inspect']]])(
    '%j is refused and never falls back to the real data',
    (argv) => {
      expect(() => chooseFolders({ ...around, argv })).toThrow(/needs a folder/)
    },
  )
})

test('everything of the shell lies in the data folder', () => {
  const { dataDir, copiesDir, ...own } = placesIn({ dataDir: '/x', copiesDir: '/docs/Lifeboat' })
  expect(copiesDir).toBe('/docs/Lifeboat')
  for (const path of Object.values(own)) expect(path.startsWith(`${dataDir}/`)).toBe(true)
})
