import type { Language } from './language.ts'
import { en, type Words } from './words-en.ts'
import { zh } from './words-zh.ts'

export type { Words } from './words-en.ts'

/** The shell's own words: menu, tray, notices, dialogs. The window has its own. */
export function wordsOf(language: Language): Words {
  return language === 'zh-CN' ? zh : en
}
