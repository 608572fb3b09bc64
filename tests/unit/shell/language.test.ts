import { expect, test } from 'vitest'
import { chooseLanguage } from '../../../src/main/shell/language.ts'

test.each([
  ['system', ['zh-CN', 'en'], 'zh-CN'],
  ['system', ['zh-Hans-CN'], 'zh-CN'],
  ['system', ['de-DE', 'zh-TW', 'en'], 'zh-CN'],
  ['system', ['en-GB', 'zh-CN'], 'en'],
  ['system', ['fr'], 'en'],
  ['system', [], 'en'],
  ['en', ['zh-CN'], 'en'],
  ['zh-CN', ['en'], 'zh-CN'],
] as const)('%s on a desktop in %j speaks %s', (setting, preferred, language) => {
  expect(chooseLanguage(setting, preferred)).toBe(language)
})
