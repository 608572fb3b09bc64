import en from '../../../src/renderer/locales/en.json' with { type: 'json' }
import zhCN from '../../../src/renderer/locales/zh-CN.json' with { type: 'json' }

/** What the window says, by language: for tests that walk through it in either. */
export const wordsOf = { en, 'zh-CN': zhCN }
export type Words = (typeof wordsOf)[keyof typeof wordsOf]

/** Both themes and both languages in two passes. */
export const looks = [
  { theme: 'light', lang: 'en' },
  { theme: 'dark', lang: 'zh-CN' },
] as const
