import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { chooseFolders } from '../../../src/main/cli/places.ts'
import { chooseFolders as windowFolders } from '../../../src/main/shell/places.ts'
import { scratch } from '../../support/copies.ts'

const bare = { named: undefined, env: {}, cwd: '/work', home: '/home/ann', platform: 'linux' } as const

test('the terminal keeps its data where the window keeps it', () => {
  const { dataDir, copiesDir } = chooseFolders(bare)
  const window = windowFolders({
    argv: [],
    env: {},
    cwd: '/work',
    appData: '/home/ann/.config',
    documents: '/home/ann/Documents',
  })
  expect({ dataDir, copiesDir }).toEqual(window)
})

test('a folder that was named holds the copies too, whichever way it was named', () => {
  expect(chooseFolders({ ...bare, named: 'here' })).toEqual({ dataDir: '/work/here', copiesDir: null })
  expect(chooseFolders({ ...bare, env: { LIFEBOAT_DATA_DIR: '/d' } })).toEqual({ dataDir: '/d', copiesDir: null })
  expect(chooseFolders({ ...bare, named: '/a', env: { LIFEBOAT_DATA_DIR: '/d' } }).dataDir).toBe('/a')
})

test.each([
  ['XDG_DOCUMENTS_DIR="$HOME/文档"', '/home/ann/文档/Lifeboat'],
  ['# XDG_DOCUMENTS_DIR="$HOME/No"\nXDG_DOCUMENTS_DIR="/mnt/a \\"b\\""', '/mnt/a "b"/Lifeboat'],
  ['XDG_DOCUMENTS_DIR="relative"', '/home/ann/Documents/Lifeboat'],
  ['', '/home/ann/Documents/Lifeboat'],
])('the documents of a Linux desktop lie where it says: %s', (line, copiesDir) => {
  const config = scratch()
  mkdirSync(config, { recursive: true })
  writeFileSync(join(config, 'user-dirs.dirs'), `${line}\n`)
  expect(chooseFolders({ ...bare, env: { XDG_CONFIG_HOME: config } }).copiesDir).toBe(copiesDir)
})

test.each([
  ['darwin', '/home/ann/Library/Application Support/lifeboat'],
  ['win32', '/home/ann/AppData/Roaming/lifeboat'],
] as const)('on %s it is the folder that Electron names', (platform, dataDir) => {
  expect(chooseFolders({ ...bare, platform }).dataDir).toBe(dataDir)
})
