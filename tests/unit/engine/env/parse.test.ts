import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hasReferences, valuesOf } from '#engine/env/keys.ts'
import { parseEnv, printEnv, type EnvEntry } from '#engine/env/parse.ts'
import { campaign } from '../../../support/faults.ts'

const entries = (text: string): EnvEntry[] => parseEnv(text).flatMap((part) => (part.kind === 'entry' ? [part] : []))
const values = (text: string): Record<string, string> =>
  Object.fromEntries([...valuesOf(parseEnv(text))].map(([key, { value }]) => [key, value]))

describe('a value is read as it is written', () => {
  test.each([
    ['A=1', { A: '1' }],
    ['A = 1 ', { A: '1' }],
    ['export A=1', { A: '1' }],
    ['\uFEFFA=1\r\nB=2\r\n', { A: '1', B: '2' }],
    ['A=', { A: '' }],
    ['A=""', { A: '' }],
    ["A='it # is'", { A: 'it # is' }],
    ['A="say \\"hi\\"" # greeting', { A: 'say \\"hi\\"' }],
    ['A=one # two', { A: 'one' }],
    ['A=one#two', { A: 'one#two' }],
    ['A=postgres://u:p@h/d?x=1', { A: 'postgres://u:p@h/d?x=1' }],
    ['A: 1', { A: '1' }],
    ['A.b-c=1', { 'A.b-c': '1' }],
    ['A="one\ntwo\n"\nB=2', { A: 'one\ntwo\n', B: '2' }],
    ['A=`tick`', { A: 'tick' }],
    ['A=${B:-x} and $C', { A: '${B:-x} and $C' }],
    ['A=1\nA=2', { A: '2' }],
    ['A="not closed\nB=2', { A: '"not closed', B: '2' }],
    ['A="x"y', { A: '"x"y' }],
    ['# A=1\n\n=1\n1A=2\nno assignment', {}],
  ])('%j', (text, expected) => {
    expect(values(text)).toEqual(expected)
    expect(printEnv(parseEnv(text))).toBe(text)
  })
})

test('a key that was pasted without quotes is one value: none of its lines becomes the name of a key', () => {
  const text = 'KEY=-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\nabcdef==\n-----END PRIVATE KEY-----\nB=2\n'
  expect([...valuesOf(parseEnv(text)).keys()]).toEqual(['KEY', 'B'])
})

test.each([
  ['alone in its file', 'q7XbT0m4VvYJ2cKdPz8sWfRaLhGnUe1oNiMyBxZtEw=\n', []],
  ['in two lines', 'q7XbT0m4VvYJ2cKdPz8sWfRaLhGnUe1oNiMyBx\nZt8=\n', []],
  ['of 16 bytes', 'q7XbT0m4VvYJ2cKdPz8sWw==', []],
  ['in base32', 'JBSWY3DPEHPK3PXPJBSWY3DP==\n', []],
  ['among others', 'A=1\nq7XbT0m4VvYJ2cKdPz8sWfRaLhGnUe1oNiMyBxZtEw=\n', ['A']],
  ['as a key in PEM', '-----BEGIN KEY-----\nProc-Type: 4,ENCRYPTED\nq7XbT0\nZt8=\n-----END KEY-----\nA=1\n', ['A']],
])('a secret in base64 %s is never the name of a key', (_, text, keys) => {
  expect([...valuesOf(parseEnv(text)).keys()]).toEqual(keys)
  expect(printEnv(parseEnv(text))).toBe(text)
})

test.each(['POSTGRES_PASSWORD', 'AWS_S3_BUCKET_NAME', 'spring.datasource.password2', 'DEBUG', '__NEXT_PRIVATE_ORIGIN'])(
  '%s stays a key where nothing is set',
  (key) => {
    expect(values(`${key}=\n`)).toEqual({ [key]: '' })
  },
)

test('lines are counted over values that span several', () => {
  expect(entries('A="1\n2\r\n3"\nB=\'x\'\n#\nC=3').map(({ key, line, lines }) => [key, line, lines])).toEqual([
    ['A', 1, 3],
    ['B', 4, 1],
    ['C', 6, 1],
  ])
})

test.each([
  ["A='$B'", false],
  ['A="$B"', true],
  ['A=\\$B', false],
  ['A=5$', false],
])('whether %s speaks of another variable: %s', (text, expected) => {
  expect(entries(text).map(hasReferences)).toEqual([expected])
})

const pieces = [
  'A',
  'KEY_1',
  '=',
  ' ',
  '\t',
  '"',
  "'",
  '`',
  '\\',
  '#',
  '\n',
  '\r\n',
  '\r',
  'export ',
  '${X}',
  '$',
  ':',
].concat(['-----BEGIN KEY-----', '-----END KEY-----', '值', '\uFEFF', 'é', 'value', '\u2028', '\0'])

test('whatever it is given, printing gives back the very text, and every line has its number', () => {
  const { count, came } = campaign('.env reader', { full: 100_000, sample: 2_000 })
  const anything = fc.oneof(
    fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 60 }),
  )
  fc.assert(
    fc.property(anything, (text) => {
      const parts = parseEnv(text)
      expect(printEnv(parts)).toBe(text)
      const starts = parts.map(({ line }) => line)
      expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b))
      came('unchanged')
    }),
    { numRuns: count },
  )
})
