import { expect, test } from 'vitest'
import { exportText } from '#engine/vault/export.ts'

const file = (name: string, content: string | Buffer) => ({
  name,
  content: Buffer.from(content),
  mode: 0o600,
  modifiedAt: new Date(0),
})
const files = [
  file('.env', 'A=1\n# why\n\n'),
  file('chain.pem', `${'x'.repeat(7001)}\n`),
  file('google.json', '{\n  "key": "k"\n}\n'),
  file('keystore.jks', Buffer.from([0xfe, 0xed, 0, 0])),
  file('latin.env', Buffer.from('A=Größe\n', 'latin1')),
]

test.each([
  ['bitwarden', ['chain.pem', 'keystore.jks', 'latin.env']],
  ['1password', ['chain.pem', 'google.json', 'keystore.jks']],
] as const)('for %s: every file that is not in it as a whole is named', (format, notWhole) => {
  const exported = exportText(format, files, { server: 'shop', label: 'prod' })
  expect(exported.notWhole).toEqual(notWhole)
  expect(exported.text).toContain('Größe')
  expect(exported.text).not.toContain('\uFFFD')
})
