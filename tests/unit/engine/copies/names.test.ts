import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fileExtension, fileStem, folderName, stampName } from '#engine/copies/names.ts'

const runs = process.env['LIFEBOAT_FAULTS'] === 'full' ? 10_000 : 2_000

test('names that every system spells in one way stay as they are', () => {
  for (const name of ['prod', 'shop-1', 'my server', 'a.b_c', '生产', '商店 2', '店-prod'])
    expect(folderName(name)).toBe(name)
})

test('capitals get a mark of their own, because macOS and Windows do not tell them apart', () => {
  expect(folderName('Prod')).toMatch(/^Prod~[a-z0-9]{10}$/)
  expect(folderName('Prod').toLowerCase()).not.toBe(folderName('PROD').toLowerCase())
  expect(folderName('Prod').toLowerCase()).not.toBe(folderName('prod').toLowerCase())
})

test('names that a system keeps for itself, or can not hold, are written otherwise and stay readable', () => {
  for (const name of [
    'con',
    'nul',
    'com1',
    'lpt9.txt',
    '..',
    '.',
    '.ssh',
    'prod.',
    'prod ',
    '-rf',
    'a:b',
    'a\\b',
    '',
    '\n',
  ]) {
    expect(folderName(name)).not.toBe(name)
    expect(isSafe(folderName(name)), JSON.stringify(folderName(name))).toBe(true)
  }
  expect(folderName(`über-${'长'.repeat(90)}`)).toMatch(/^über-长+~/)
})

test('a name that looks like a marked one does not take its folder', () => {
  const marked = folderName('Prod')
  expect(folderName(marked)).not.toBe(marked)
})

test('any name gives one safe segment', () => {
  fc.assert(
    fc.property(hostile, (name) => isSafe(folderName(name)) && isSafe(`${fileStem(name)}.sql.gz`)),
    { numRuns: runs },
  )
})

test('two names never share a folder, whatever a file system takes for equal', () => {
  const seen = new Map<string, string>()
  fc.assert(
    fc.property(hostile, (name) => {
      const folder = folded(folderName(name))
      const other = seen.get(folder)
      seen.set(folder, name)
      return other === undefined || other === name
    }),
    { numRuns: runs },
  )
})

test('names that differ only in case or in the spelling of accents are kept apart', () => {
  fc.assert(
    fc.property(hostile, (name) => {
      const variants = new Set([
        name,
        name.toUpperCase(),
        name.toLowerCase(),
        name.normalize('NFD'),
        name.normalize('NFC'),
      ])
      return new Set([...variants].map((each) => folded(folderName(each)))).size === variants.size
    }),
    { numRuns: runs },
  )
})

test('files are named as the script of the server names them', () => {
  expect(fileStem(stampName('prod', '20250109_030000'))).toBe('backup_prod_20250109_030000')
  expect(fileStem(stampName('生产', '20250109_030000'))).toBe('backup_生产_20250109_030000')
  expect(fileExtension('sql.zst')).toBe('sql.zst')
  expect(fileExtension('sql/../../x')).toBe('sql')
})

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc.string({ unit: 'grapheme', maxLength: 120 }),
  fc.string({
    unit: fc.constantFrom('a', 'A', 'é', 'e\u0301', 'ß', 'ı', 'İ', 'が', 'か\u3099', '.', ' ', '~', '-'),
    maxLength: 6,
  }),
  fc.string({
    unit: fc.constantFrom('\ud800', '\u202e', '\0', '/', '\\', '\n', 'ſ', 'K', 'ﬁ', '文', '\u3164'),
    maxLength: 6,
  }),
  fc.constantFrom('con', 'CON', 'aux.txt', 'com¹', '~', 'prod~abcdefghij'),
)

function folded(name: string): string {
  return name
    .normalize('NFKC')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
}

function isSafe(name: string): boolean {
  const device = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i
  return (
    name !== '' &&
    name.isWellFormed() &&
    Buffer.byteLength(name) <= 200 &&
    !/[<>:"/\\|?*\p{Cc}\p{Cf}]/u.test(name) &&
    !/^[. -]|[. ]$/.test(name) &&
    !device.test(name)
  )
}
